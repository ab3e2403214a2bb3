/** @file What each event makes of the list of memories. */
import { expect, it } from 'vitest';
import type { Memory } from '../../shared/memories.ts';
import { firstShelf, takeMemory } from './memory-shelf.ts';

const memory = (id: string, text = id): Memory => ({
  id,
  characterId: 'default',
  kind: 'you',
  text,
  origin: 'words',
  confidence: 0.95,
  pinned: false,
  edited: false,
  learnedAt: 1,
  saidAt: 1,
  replaced: 0,
});
const counts = { notes: 2, summaries: 0, superseded: 0, pinned: 0 };
const listed = (requestId: string, ...memories: Memory[]) => ({
  type: 'memories-listed' as const,
  requestId,
  memories,
  found: 3,
  counts,
  holders: [],
});

it('[ME16] a list takes the place of the older one, a further page goes below it, an answer to an older question is dropped', () => {
  const asked = { ...firstShelf, asked: { requestId: 'r1', more: false }, stale: true };
  const one = takeMemory(asked, listed('r1', memory('a'), memory('b')));
  expect(one).toMatchObject({ items: [{ id: 'a' }, { id: 'b' }], stale: false, asked: null, found: 3 });
  expect(takeMemory(one, listed('old', memory('x')))).toBe(one);
  const two = takeMemory({ ...one, asked: { requestId: 'r2', more: true } }, listed('r2', memory('b'), memory('c')));
  expect(two.items?.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('[ME16] what changed is shown at once, what was forgotten goes at once, and the list is asked for anew', () => {
  const shelf = { ...firstShelf, items: [memory('a'), memory('b')], open: { memory: memory('b'), history: [], sources: [], usedAt: [] } };
  const changed = takeMemory(shelf, { type: 'memory-changed', memory: memory('b', 'New words') });
  expect(changed).toMatchObject({ items: [{ id: 'a' }, { text: 'New words' }], open: { memory: { text: 'New words' } }, stale: true });
  const gone = takeMemory(changed, { type: 'memory-forgotten', forgettingId: 'f', memoryIds: ['b'], messageIds: [], undoUntil: 5 });
  expect(gone).toMatchObject({ items: [{ id: 'a' }], open: null, stale: true });
  expect(takeMemory(gone, { type: 'memories-changed' }).stale).toBe(true);
});
