/** @file The ports of memory: what is recalled before a reply, and what can be recalled at all. */

/** Where a memory comes from; `messageId` is the message that it is, or that it was drawn from. */
export type MemorySource = {
  kind: 'message' | 'note' | 'summary';
  id: string;
  conversationId: string | undefined;
  messageId: string | undefined;
  turnId: string | undefined;
  speaker: 'person' | 'companion';
  /** When it was said, in ms since 1970. */
  at: number;
};

/** One past thing worth knowing now, and in words why it was recalled; without a source where another service recalled it. */
export type Snippet = { text: string; reason: string; score?: number; source?: MemorySource };

export type MemoryQuery = {
  userId: string;
  characterId: string;
  /** Undefined where the question belongs to none. */
  conversationId: string | undefined;
  message: string;
  /** The last few messages above it, oldest first: what "there" and "she" may mean. */
  before: readonly { role: 'user' | 'assistant'; text: string }[];
  now: number;
  /** Messages that the prompt still holds as they are. */
  exclude: readonly string[];
  /** What the memories may cost together. */
  tokens: number;
};

/** Never rejects: a failed recall is an empty one with a warning. */
export type Memory = {
  recall(query: MemoryQuery, signal: AbortSignal): Promise<{ snippets: Snippet[]; warnings: string[] }>;
};

/** A sentence of a message that holds no longer; empty: all of the message. */
export type Correction = { messageId: string; quote: string };

/** A note or a summary as recall needs it; a newer one with the same id takes the place of the older. */
export type MemoryItem = {
  kind: 'note' | 'summary';
  id: string;
  userId: string;
  characterId: string;
  /** Undefined for what belongs to no conversation, such as an imported note. */
  conversationId: string | undefined;
  /** The message that it was drawn from, where it was one. */
  messageId: string | undefined;
  text: string;
  /** Where sharing is switched on, the person's other companions know it too. */
  shared?: true;
  /** What it took the place of, where that is told no more in its own words. */
  corrects?: readonly Correction[];
  /** When it was said or was true, in ms since 1970. */
  at: number;
};

export type MemorySearch = {
  userId: string;
  characterId: string;
  text: string;
  kinds: readonly ('message' | 'note' | 'summary')[];
  limit: number;
};

/**
 * Nothing of it lies on the disk: it is made anew from the conversations at each start, so that it cannot lag behind them, and what
 * is gone from them is gone from here. Who keeps notes puts them in at the start and whenever one changes.
 */
export type MemoryIndex = {
  put(items: readonly MemoryItem[]): void;
  /** Takes out notes, summaries and messages by their ids; none of them is found any more once this returns. */
  remove(ids: readonly string[]): void;
  /** Reads a conversation anew: after it was deleted, restored, remembered or not, or continues from another message. */
  refresh(conversationId: string): void;
  /** Reads all of a conversation anew, for what was said in it reads differently now; `back`: messages that may be found again. */
  reread(conversationId: string, back: readonly string[]): void;
  /** What fits the words, the best first, each with its source and with why it was found. */
  search(search: MemorySearch): Promise<Snippet[]>;
};
