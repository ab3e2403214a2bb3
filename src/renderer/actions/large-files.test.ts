import { expect, it, vi } from 'vitest';
import { CARD_FILE_BYTES } from '../../shared/card-limits.ts';
import { MEMORY_FILE_BYTES } from '../../shared/notes-limits.ts';
import type { Client } from '../client.ts';
import { createNotices } from '../state/notices.ts';
import { createWindowStore } from '../state/store.ts';
import { createCards } from './cards.ts';
import type { Ground } from './ground.ts';
import { createRemembering } from './remembering.ts';

/** A file of that size, which notes when somebody reads it. */
function fileOf(size: number) {
  const [text, arrayBuffer] = [vi.fn(async () => '{}'), vi.fn(async () => new ArrayBuffer(0))];
  const read = () => text.mock.calls.length + arrayBuffer.mock.calls.length;
  return { file: { size, text, arrayBuffer } as unknown as Blob, read };
}

function ground() {
  const asked: string[] = [];
  const fault = { code: 'internal', message: 'No.', retryable: false };
  const client = {
    async ask({ type }: { type: string }) {
      asked.push(type);
      return { type: 'command-failed', fault };
    },
  } as unknown as Client;
  const store = createWindowStore({ now: () => 0, next: () => () => undefined }, () => undefined);
  const keepsakes = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  const made: Ground = { store, client, notices: createNotices(), keepsakes, now: () => 0 };
  return { ...made, asked };
}

it('[W87] a file of memories that is too large is refused before it is read; the largest one is read', async () => {
  const given = ground();
  const shown = () => given.notices.api.getState().map(({ text }) => text);
  const large = fileOf(MEMORY_FILE_BYTES + 1);
  await createRemembering(given).importAll('default', large.file);
  expect([large.read(), given.asked]).toEqual([0, []]);
  expect(shown()).toEqual(['This file is larger than 64 MiB; nothing was changed, so choose one that was exported here.']);
  const largest = fileOf(MEMORY_FILE_BYTES);
  await createRemembering(given).importAll('default', largest.file);
  expect(largest.read()).toBe(1);
});

it('[W87] a card that is too large, or empty, is refused before it is read', async () => {
  const given = ground();
  const cards = createCards(given);
  const refusal = async (file: Blob) => {
    cards.look([{ file, name: 'card.png' }]);
    await vi.waitFor(() => expect(cards.api.getState().importing?.step).toBe('refused'));
    const { importing } = cards.api.getState();
    cards.cancel();
    return importing?.step === 'refused' ? importing.fault.message : undefined;
  };
  const [large, empty, largest] = [fileOf(CARD_FILE_BYTES + 1), fileOf(0), fileOf(CARD_FILE_BYTES)];
  expect(await refusal(large.file)).toBe('This file is larger than 64 MiB; nothing was taken, so choose another one.');
  expect(await refusal(empty.file)).toBe('This file is empty; nothing was taken, so choose another one.');
  expect([large.read(), empty.read(), given.asked]).toEqual([0, 0, []]);
  expect(await refusal(largest.file)).toBe('No.');
  expect(largest.read()).toBe(1);
});
