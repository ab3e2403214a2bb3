/** @file What goes between the engine and recall's own thread. */
import type { MemoryItem, MemoryQuery, MemorySearch, Snippet } from '../../engine/memory-port.ts';

export type ThreadStart = {
  database: string;
  /** The folder with vectors.bin and pieces.txt; without them words are compared, and no meaning. */
  vectors: string;
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
  | { type: 'vectors-missing'; reason: string }
  | { type: 'ready'; items: number; ms: number }
  | { type: 'answer'; id: number; snippets: Snippet[]; ms: number }
  | { type: 'failed'; id: number; reason: string };
