import { afterEach, expect, it, vi } from 'vitest';
import type { Conversation } from '../../shared/conversation.ts';
import { UNDO_DELETE_MS } from '../../shared/limits.ts';
import { UNDO_FORGET_MS } from '../../shared/notes-limits.ts';
import type { Client } from '../client.ts';
import { createNotices } from '../state/notices.ts';
import { createWindowStore } from '../state/store.ts';
import type { Ground } from './ground.ts';
import { createRemembering } from './remembering.ts';
import { createShelf } from './shelf.ts';

afterEach(() => vi.useRealTimers());

it('[W85] forgetting and deleting can be taken back as long as the program keeps it, though its clock is an hour behind', async () => {
  vi.useFakeTimers();
  const notices = createNotices();
  const now = () => Date.now();
  const undoUntil = now() - 3_600_000;
  const answers: Record<string, unknown> = {
    'forget-memory': { type: 'memory-forgotten', forgettingId: 'f', memoryIds: ['a'], messageIds: [], undoUntil },
    'delete-conversation': { type: 'conversation-deleted', conversationId: 'c', undoUntil },
  };
  const client = { ask: async ({ type }: { type: string }) => answers[type] } as unknown as Client;
  const store = createWindowStore({ now, next: () => () => undefined }, () => undefined);
  const keepsakes = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  const ground: Ground = { store, client, notices, keepsakes, now };
  const shown = () => notices.api.getState().map(({ text }) => text);

  await createRemembering(ground).forget({ id: 'a' }, false);
  createShelf(ground).remove({ id: 'c', title: 'Boats' } as Conversation, 'keep');
  await vi.advanceTimersByTimeAsync(UNDO_FORGET_MS - 1);
  expect(shown()).toEqual(['Forgotten.', '“Boats” is deleted.']);
  await vi.advanceTimersByTimeAsync(1);
  expect(shown()).toEqual(['“Boats” is deleted.']);
  await vi.advanceTimersByTimeAsync(UNDO_DELETE_MS);
  expect(shown()).toEqual([]);
});
