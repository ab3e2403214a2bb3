/** @file The numbers of the door's own register of who comes in, each with its reason. */

/** What a program asked last is shown this far, in characters: enough to know it again, and not the message. */
export const ASKED_CHARACTERS = 80;
/** A program's own name is shown this far: the longest of common libraries has some 50 characters. */
export const CLIENT_NAME_CHARACTERS = 60;
/** Programs that are remembered: more than anybody runs, and no way to fill the list with made-up names. */
export const CLIENTS_KNOWN = 32;
/** Longest route that is shown; every real one fits. */
export const ROUTE_CHARACTERS = 80;
/** The register is told this often at most: faster than it can be read. */
export const DOOR_TOLD_EVERY_MS = 250;
