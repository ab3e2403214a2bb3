/** @file The numbers of recall, each with its reason. */

/**
 * A memory is told where it is more likely than not to be what was meant. Looked at on made-up conversations (docs/memory.md, seed 11):
 * of questions without an answer 17 % are told something, of the others 62 % what answers them; at 0.6 it is 12 and 61 %.
 */
export const RECALL_LIKELIHOOD = 0.5;
/**
 * Standing out from the other candidates by more than this, in standard deviations, makes nothing likelier: in a memory of two messages
 * every shared word stands out by ten. On the same conversations, cut to 1 to 64 messages, what was said to be 90 % likely or more was
 * right in 84 to 99 %, and what was said to be 80 to 90 % likely in 57 to 100 %.
 */
export const RECALL_SPREAD = 4.5;
/** Where a message asks about one of the two, what the other one said is that much less likely to answer it, in logits; from the same. */
export const RECALL_OTHER_SPEAKER = 3;
/**
 * Longer than this, in words that tell, makes nothing likelier: what people say to each other is shorter, and a pasted chapter of
 * 6,000 such words was 87 % likely to answer whatever was asked about its day.
 */
export const RECALL_LENGTH = 100;
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
/** Messages added in one step: a millisecond or two, and twice that before the program is warm. */
export const RECALL_ADDED = 50;
/**
 * Up to so many messages at the start recall runs beside the engine: they are looked through in half a millisecond,
 * and the way to a thread and back took 1.3 ms. Reading all of them at once, after an undone deletion, holds it for some 20 ms.
 */
export const RECALL_BESIDE_MESSAGES = 1_000;
/** Its thread is started again so often at most; after that memory is off until the next start, and says so. */
export const RECALL_STARTS = 3;
/** Results of a search by hand. */
export const MEMORY_SEARCH_RESULTS = 100;
