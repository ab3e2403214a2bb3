/** @file Numbers of steering a conversation, each with its reason. */

/** Longest note for a whole conversation, in characters: a good paragraph, sent with every message of the person. */
export const NOTE_CHARACTERS = 1_000;
/** Words of a reply that are said again where it goes on count as a repetition from this length, in characters: shorter ones may be meant. */
export const REPEATED_CHARACTERS = 12;
