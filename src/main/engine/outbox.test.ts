/** @file The outbox over a real store, a publisher played by hand and a clock that stands still. */
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { memoryStore } from '../../../test/kit/memory-store.ts';
import { silentLog } from '../../../test/kit/silent-log.ts';
import { Fault } from '../../shared/faults.ts';
import { OUTBOX_BATCH, OUTBOX_PAUSE_MS } from '../../shared/limits.ts';
import { createOutbox } from './outbox.ts';
import type { Publisher, Store } from './ports.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const neutral = { compound: 0, positive: 0, negative: 0, neutral: 1 };

/** `takes` decides on each payload: true takes it, false refuses it, undefined leaves the publisher waiting for `settle`. */
function createWorld(takes: (payload: string) => boolean | undefined = () => true) {
  const store = memoryStore({ outbox: true });
  const clock = createFakeClock();
  const counts = { reads: 0, removals: 0 };
  const taken: string[] = [];
  const listeners = new Set<() => void>();
  const waiting: { settle(isTaken: boolean): void }[] = [];
  const disk = { refuses: false };
  const counted: Pick<Store, 'outbox' | 'removeFromOutbox'> = {
    outbox: (limit) => {
      counts.reads += 1;
      return store.outbox(limit);
    },
    removeFromOutbox: (ids) => {
      if (disk.refuses) throw new Fault('store-full', 'The disk is full.');
      counts.removals += 1;
      store.removeFromOutbox(ids);
    },
  };
  const settle = (payload: string, isTaken: boolean): void => {
    if (!isTaken) throw new Fault('publish-failed', 'It was not taken.');
    taken.push(payload);
  };
  const publisher: Publisher = {
    publish: async (payload) => {
      const verdict = takes(payload);
      if (verdict !== undefined) return settle(payload, verdict);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      waiting.push({ settle: resolve });
      return settle(payload, await promise);
    },
    onReady: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => ({ state: 'healthy' }),
    close: async () => undefined,
  };
  store.createConversation(
    { id: 'c', userId: 'user', characterId: 'default', title: '', titled: false, createdAt: 0, updatedAt: 0 },
    undefined,
  );
  let turns = 0;
  /** Puts so many finished turns on disk; their texts are their numbers. */
  const finish = (count: number) => {
    for (let index = 0; index < count; index++) {
      turns += 1;
      const turnId = `turn-${turns}`;
      const user = { id: `user-${turns}`, text: String(turns), mood: neutral };
      store.acceptTurn({ turnId, conversationId: 'c', replyId: `reply-${turns}`, startedAt: turns, user });
      store.finishTurn({ turnId, status: 'complete', text: 'Yes.', thinking: '', report: undefined, fault: undefined, endedAt: turns });
    }
  };
  const ready = () => {
    for (const listener of listeners) listener();
  };
  const outbox = createOutbox({ store: counted, publisher, clock, log: silentLog });
  const heard = () => taken.map((payload) => Number((JSON.parse(payload) as { user_message: string }).user_message));
  /** Lets timers fire and everything that follows happen. */
  const run = async (ms = 0) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, outbox, counts, heard, finish, ready, waiting, disk, run, clock };
}

describe('the outbox', () => {
  it('[NB3] touches neither disk nor publisher while the turn that wakes it is still at work', async () => {
    const { outbox, counts, heard, finish, run } = createWorld();
    await run();
    const before = { ...counts };
    finish(1);
    for (let index = 0; index < 100; index++) outbox.wake();
    expect(counts).toEqual(before);
    await run();
    expect(heard()).toEqual([1]);
    expect(counts.removals - before.removals).toBe(1);
  });

  it('[NB2] hands on what an earlier process left, page after page, in order, and clears the disk a page at a time', async () => {
    const rows = 3 * OUTBOX_BATCH + 1;
    const { store, counts, heard, finish, run } = createWorld();
    finish(rows);
    await run();
    expect(heard()).toEqual(upTo(rows));
    expect(store.outbox(1)).toEqual([]);
    expect(counts.removals).toBe(4);
  });

  it('[NB2] nothing overtakes a turn that was refused; what was taken before it is not said again', async () => {
    let refusals = 2;
    const isThree = (payload: string) => payload.includes('"user_message":"3"');
    const { store, heard, finish, run } = createWorld((payload) => !isThree(payload) || refusals-- <= 0);
    finish(5);
    await run();
    expect(heard()).toEqual([1, 2]);
    expect(store.outbox(1)[0]?.turnId).toBe('turn-3');
    await run(OUTBOX_PAUSE_MS);
    expect(heard()).toEqual([1, 2]);
    await run(OUTBOX_PAUSE_MS);
    expect(heard()).toEqual(upTo(5));
  });

  it('[NB3] rests after a refusal, however often it is woken, until its pause is over or the publisher is back', async () => {
    let isThere = false;
    const { outbox, counts, heard, finish, ready, run } = createWorld(() => isThere);
    finish(1);
    await run();
    const { reads } = counts;
    for (let index = 0; index < 50; index++) {
      finish(1);
      outbox.wake();
      await run();
    }
    expect(counts.reads).toBe(reads);
    isThere = true;
    ready();
    await run();
    expect(heard()).toEqual(upTo(51));
  });

  it.each(upTo(20))('[NB2] a turn that ends %i steps after the last one was taken is not left lying', async (steps) => {
    const { outbox, heard, finish, waiting, run } = createWorld(() => undefined);
    finish(1);
    await run();
    waiting[0]?.settle(true);
    // From taking it to being idle again are a few turns of the microtask queue; in each of them another one may end.
    for (let step = 0; step < steps; step++) await Promise.resolve();
    finish(1);
    outbox.wake();
    await run();
    await run();
    expect(waiting).toHaveLength(2);
    waiting[1]?.settle(true);
    await run();
    expect(heard()).toEqual([1, 2]);
  });

  it('[NB2] a disk that cannot clear what was taken makes it say nothing twice', async () => {
    const { store, heard, finish, disk, run } = createWorld();
    disk.refuses = true;
    finish(2);
    await run();
    expect(heard()).toEqual([1, 2]);
    await run(OUTBOX_PAUSE_MS);
    await run(OUTBOX_PAUSE_MS);
    expect(heard()).toEqual([1, 2]);
    disk.refuses = false;
    finish(1);
    await run(OUTBOX_PAUSE_MS);
    expect(heard()).toEqual([1, 2, 3]);
    expect(store.outbox(1)).toEqual([]);
  });

  it('[NB2] closing waits for what is on its way, begins nothing new and leaves no timer', async () => {
    const { store, outbox, heard, finish, waiting, run, clock } = createWorld(() => undefined);
    finish(2);
    await run();
    const closed = outbox.close();
    waiting[0]?.settle(true);
    await closed;
    expect(heard()).toEqual([1]);
    expect(store.outbox(9).map((row) => row.turnId)).toEqual(['turn-2']);
    outbox.wake();
    await run(OUTBOX_PAUSE_MS);
    expect(waiting).toHaveLength(1);
    expect(clock.timers()).toBe(0);
  });
});
