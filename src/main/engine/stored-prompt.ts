/** @file What the store keeps of prompts beside the messages themselves. */

export type Anchor = {
  /** The oldest message that was sent. */
  id: string;
  /** Older ones were not. */
  trimmed: boolean;
  /** What stood above it in their place. */
  summaryId: string | undefined;
};

/** What was said on a path up to and with one message, in short; written by the model. */
export type StoredSummary = { id: string; throughId: string; text: string };

/** A text of a sent prompt that is no message. */
export type PromptText = { hash: string; text: string };
