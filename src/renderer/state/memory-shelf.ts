/** @file What the window knows of what is remembered: the list on show, the memory that is open, and whether the list is out of date. */
import type { Conversation } from '../../shared/conversation.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { Memory, MemoryCounts, MemoryFilter, MemoryHolder } from '../../shared/memories.ts';

type EventOf<Type extends ClientEvent['type']> = Extract<ClientEvent, { type: Type }>;

export type MemoryShelf = {
  filter: MemoryFilter;
  /** Null until the first answer. */
  items: readonly Memory[] | null;
  found: number;
  counts: MemoryCounts;
  /** Who remembers something. */
  holders: readonly MemoryHolder[];
  before: string | undefined;
  /** The list that was asked for last, and whether it goes on below what is shown. */
  asked: { requestId: string; more: boolean } | null;
  /** Something changed that the list may not show: it is asked for anew. */
  stale: boolean;
  /** Counts every change of what is remembered, for whoever shows something that hangs on it. */
  changes: number;
  open: Omit<EventOf<'memory-shown'>, 'type' | 'requestId'> | null;
  /** A conversation that is to be deleted, and how many memories were drawn from it: asked about before it goes. */
  leaving: { conversation: Conversation; learnt: number } | null;
};

export const firstShelf: MemoryShelf = {
  filter: {},
  items: null,
  found: 0,
  counts: { notes: 0, summaries: 0, superseded: 0, pinned: 0 },
  holders: [],
  before: undefined,
  asked: null,
  stale: false,
  changes: 0,
  open: null,
  leaving: null,
};

type MemoryEvent = EventOf<
  'memories-listed' | 'memory-shown' | 'memory-changed' | 'memory-forgotten' | 'memory-kept' | 'memory-gone' | 'memories-changed'
>;

export function takeMemory(shelf: MemoryShelf, event: MemoryEvent): MemoryShelf {
  switch (event.type) {
    case 'memories-listed':
      return takeList(shelf, event);
    case 'memory-shown': {
      const { memory, history, sources, usedAt } = event;
      return { ...shelf, open: { memory, history, sources, usedAt } };
    }
    case 'memory-changed':
      return change(shelf, event.memory);
    case 'memory-forgotten':
    case 'memory-gone':
      return without(shelf, event.memoryIds);
    default:
      return { ...shelf, stale: true, changes: shelf.changes + 1 };
  }
}

function takeList(shelf: MemoryShelf, { requestId, memories, found, counts, holders, before }: EventOf<'memories-listed'>): MemoryShelf {
  const { asked } = shelf;
  if (asked?.requestId !== requestId) return shelf;
  const known = new Set(memories.map(({ id }) => id));
  const above = asked.more ? (shelf.items ?? []).filter(({ id }) => !known.has(id)) : [];
  return { ...shelf, items: [...above, ...memories], found, counts, holders, before, asked: null, stale: false };
}

function change(shelf: MemoryShelf, memory: Memory): MemoryShelf {
  const known = shelf.items?.some(({ id }) => id === memory.id);
  const items = known ? (shelf.items ?? []).map((each) => (each.id === memory.id ? memory : each)) : shelf.items;
  const open = shelf.open?.memory.id === memory.id ? { ...shelf.open, memory } : shelf.open;
  return { ...shelf, items, open, stale: true, changes: shelf.changes + 1 };
}

function without(shelf: MemoryShelf, ids: readonly string[]): MemoryShelf {
  const gone = new Set(ids);
  const items = shelf.items?.filter(({ id }) => !gone.has(id)) ?? null;
  return {
    ...shelf,
    items,
    open: shelf.open && gone.has(shelf.open.memory.id) ? null : shelf.open,
    stale: true,
    changes: shelf.changes + 1,
  };
}
