/** @file Numbers of thinking before an answer, each with its reason. */

/** A thought is ended after so many tokens and the answer asked for: some minutes on a processor, and three quarters of them are never needed. */
export const THOUGHT_TOKENS = 1_536;
/** The same where a companion is to think shortly: a paragraph. */
export const SHORT_THOUGHT_TOKENS = 256;
/** Of what a reply may take, the most that a thought gets, so that words still have room. */
export const THOUGHT_SHARE = 0.75;
