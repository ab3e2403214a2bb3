/** @file The numbers of recall, each with its reason. */

/**
 * A memory is told where it is at least this likely to be what was meant. Chosen on made-up conversations (docs/memory.md, seed 11):
 * of questions without an answer 20 % are told something, where it was 30 % at 0.5; of the others 1 % lose their answer.
 */
export const RECALL_LIKELIHOOD = 0.55;
/** Where a message asks about one of the two, what the other one said is that much less likely to answer it, in logits; from the same. */
export const RECALL_OTHER_SPEAKER = 3;
/** The best of these are looked at for being told; the rest is never needed. */
export const RECALL_LOOKED_AT = 24;
/** Share of words that two memories have in common from which they are one. */
export const SAME_WORDS_SHARE = 0.8;
/** A memory longer than this is cut at a sentence, in characters: a few sentences, so that others have room too. */
export const RECALLED_CHARACTERS = 600;
/** A turn waits this long for own recall, measured at 100,000 messages to take 10 ms; and while it is still being made at the start. */
export const RECALL_MS = 500;
export const RECALL_STARTING_MS = 1_500;
/** Rows read in one step: a few milliseconds, so that questions come between and the log can be cut meanwhile. */
export const RECALL_ROWS = 1_000;
/** Its thread is started again so often at most; after that memory is off until the next start, and says so. */
export const RECALL_STARTS = 3;
/** Results of a search by hand. */
export const MEMORY_SEARCH_RESULTS = 100;
