/** @file The numbers of what a person can set. */

/** A name as it stands in a prompt: the longest that people have, and no essay. */
export const PERSON_NAME_CHARACTERS = 80;
/** A few words about oneself: some 250 tokens, so that the smallest window still has room for a conversation. */
export const PERSON_ABOUT_CHARACTERS = 1_000;
/** Longest origin: the longest host name there can be, with scheme and port. */
export const ORIGIN_CHARACTERS = 270;
/** Pages that may come in: more than anybody develops at once; a list of variables may be longer. */
export const ALLOWED_ORIGINS_MOST = 64;
