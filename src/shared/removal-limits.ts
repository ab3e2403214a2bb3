/** @file The numbers of removing for good what was deleted. */

/** Rows of a conversation that are removed in one go, and how long that may take, in ms: with their commit and what the log then hands on, the loop is held for less than ten. */
export const PURGE_ROWS = 32;
export const PURGE_STEP_MS = 2;
/** Rows that one statement removes: between two it is looked how long it took so far. */
export const PURGE_ROWS_AT_ONCE = 8;
/** Pages of the log that are handed on to the database in one go meanwhile: SQLite's own thousand held the loop for 9 to 14 ms, these for 2. */
export const PURGE_LOG_PAGES = 64;
/** A removal that failed is tried again after this: a file that another program holds, or a full disk, is seldom free sooner. */
export const PURGE_AGAIN_MS = 60_000;
/** Each failure in a row doubles the wait up to this: a disk that stays broken is asked, and told of in the log, once an hour. */
export const PURGE_AGAIN_LONGEST_MS = 60 * 60_000;
/** How long a removal that runs may still take when the program ends: most are over in a tenth of this, and an orderly stop has four seconds. */
export const PURGE_AT_CLOSE_MS = 1_000;
