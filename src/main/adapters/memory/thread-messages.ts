/** @file What goes between the engine and recall's own thread. */
import type { MemoryItem, MemoryQuery, MemorySearch, Snippet } from '../../engine/memory-port.ts';

export type ThreadStart = {
  database: string;
  /** The table of word vectors and its vocabulary; undefined where it could not be read. */
  table: { bytes: ArrayBuffer; vocabulary: string } | undefined;
};

export type ThreadOrder =
  | { type: 'recall'; id: number; query: MemoryQuery; shared: boolean }
  | { type: 'search'; id: number; search: MemorySearch; now: number }
  | { type: 'put'; items: readonly MemoryItem[] }
  | { type: 'remove'; ids: readonly string[] }
  | { type: 'refresh'; conversationId: string }
  | { type: 'reread'; conversationId: string; back: readonly string[] }
  | { type: 'close' };

export type ThreadWord =
  | { type: 'ready'; items: number; ms: number }
  | { type: 'answer'; id: number; snippets: Snippet[]; ms: number }
  | { type: 'failed'; id: number; reason: string };
