/** @file The parts of memory together: what is remembered goes to recall a page at a time, and each use of it is found. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { conversation, report, say, speak } from '../../../../test/contracts/store-questions.ts';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { memoryStore } from '../../../../test/kit/memory-store.ts';
import { noIndex } from '../../../../test/kit/no-memory.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createIds } from '../../adapters/log/system-clock.ts';
import { createHouseMemory } from './house-memory.ts';
import type { BroughtIn } from './note-store.ts';

const NOTES = 450;
const PAGE = 50;

const note = (n: number): BroughtIn => ({
  kind: 'you',
  id: `n${n}`,
  text: `You own boat number ${n}.`,
  subject: `boat-${n}`,
  single: false,
  confidence: 1,
  pinned: false,
  edited: false,
  learnedAt: n,
  saidAt: n,
  supersedes: [],
  supersededBy: undefined,
});

function openHouse() {
  const store = memoryStore();
  store.notes.bringIn(
    { userId: 'default', characterId: 'default' },
    Array.from({ length: NOTES }, (_, n) => note(n)),
  );
  const puts: string[][] = [];
  const clock = createFakeClock();
  const index = { ...noIndex, put: (items: readonly { id: string }[]) => void puts.push(items.map(({ id }) => id)) };
  const none = () => {};
  const more = {
    ids: createIds(),
    log: silentLog,
    send: none,
    enabled: () => false,
    offer: none,
    busy: () => false,
    forgot: none,
    makeWay: none,
  };
  const house = createHouseMemory({ notes: store.notes, store, index, clock, ...more });
  clock.advance(0);
  return { house, puts, store, clock };
}

it('[ME57] memories go to recall page by page, all of them once, and no more after the end', async () => {
  const { house, puts } = openHouse();
  expect(puts.map(({ length }) => length)).toEqual([PAGE]);
  await expect.poll(() => puts.flat().length).toBe(NOTES);
  expect(Math.max(...puts.map(({ length }) => length))).toBe(PAGE);
  expect(new Set(puts.flat()).size).toBe(NOTES);
  await house.close();
  const other = openHouse();
  await other.house.close();
  for (let n = 0; n < 20; n += 1) await turn();
  expect(other.puts).toHaveLength(1);
});

it('[ME57] the latest uses of a memory are found however many replies lie between, a few replies at a time', async () => {
  const store = memoryStore();
  store.createConversation(conversation('c'), undefined);
  const source = { kind: 'note', id: 'n7', speaker: 'person', at: 1 } as const;
  const recalled = [{ text: 'You own a boat.', reason: 'You said it.', tokens: 4, source }];
  const used = [3, 4, 300, 420];
  for (let n = 0; n < 450; n += 1) {
    say(store, 'c', n, 'And?');
    speak(store, n, { text: 'Yes.', report: used.includes(n) ? { ...report, recalled } : report });
  }
  let turns = 0;
  let isOver = false;
  const uses = store.notes.usedAt('n7', 3).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await turn();
    turns += 1;
  }
  expect(await uses).toEqual([420, 300, 4]);
  expect(turns).toBeGreaterThan(3);
  expect(await store.notes.usedAt('n8', 3)).toEqual([]);
});

it('[ME55] of a companion that is deleted meanwhile nothing more is brought in, whether it comes back or not', async () => {
  const { house, store } = openHouse();
  const pair = { userId: 'default', characterId: 'default' };
  const memories = Array.from({ length: 40 }, (_, n) => {
    const { kind, confidence, pinned, edited, learnedAt, saidAt } = note(n);
    return { kind, confidence, pinned, edited, learnedAt, saidAt, text: `You own goat number ${n}.` };
  });
  const brought = [house.memories.importPage(pair, memories), house.memories.importPage(pair, memories)];
  for (let n = 0; n < 4; n += 1) await turn();
  house.companionDeleted('default');
  expect(house.isForgetting()).toBe(true);
  const ends = await Promise.allSettled(brought);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(brought[0]).rejects.toThrow('deleted meanwhile');
  expect(store.notes.heldBy('default')).toEqual([]);
  house.companionRestored('default');
  expect(store.notes.heldBy('default')).toHaveLength(NOTES);
  expect(house.isForgetting()).toBe(false);
  expect(await house.memories.importPage(pair, memories)).toEqual({ added: 40, known: 0 });
  await house.close();
});
