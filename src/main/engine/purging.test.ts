/** @file A removal that fails is tried again by itself, calmly, and stops with the program. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../test/kit/fake-clock.ts';
import { beginConversation } from '../../../test/kit/house.ts';
import { UNDO_DELETE_MS } from '../../shared/limits.ts';
import { PURGE_AGAIN_LONGEST_MS, PURGE_AGAIN_MS, PURGE_AT_CLOSE_MS } from '../../shared/removal-limits.ts';
import { createPurging } from './purging.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const failure = new Error('the disk says no');

let clock: FakeClock;
let logged: [string, Record<string, unknown> | undefined][] = [];
let calls = 0;
let works = false;

beforeEach(() => {
  clock = createFakeClock();
  [logged, calls, works] = [[], 0, false];
});

function purging(purgeDeleted?: (before: number, signal?: AbortSignal) => Promise<number>) {
  const tell = (event: string, fields?: Record<string, unknown>) => void logged.push([event, fields]);
  const log = { debug: tell, info: tell, warn: tell, error: tell };
  const usual = () => {
    calls += 1;
    return works ? Promise.resolve(1) : Promise.reject(failure);
  };
  return createPurging({ store: { purgeDeleted: purgeDeleted ?? usual }, clock, log, forgot: () => {} });
}

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

describe('a removal that fails', () => {
  it('[S39] is tried again after a minute until it works, and is told of once each time', async () => {
    const { startIn, close } = purging();
    startIn(0);
    await pass(0);
    expect(logged).toEqual([['purge-failed', { cause: failure, againInMs: PURGE_AGAIN_MS }]]);
    await pass(PURGE_AGAIN_MS - 1);
    expect(calls).toBe(1);
    await pass(1);
    expect([calls, logged.length]).toEqual([2, 2]);
    works = true;
    await pass(2 * PURGE_AGAIN_MS);
    expect([calls, logged.at(-1)]).toEqual([3, ['conversations-purged', { removed: 1 }]]);
    await pass(10 * PURGE_AGAIN_LONGEST_MS);
    expect([calls, clock.timers()]).toEqual([3, 0]);
    // The next failure is a first one again.
    works = false;
    startIn(0);
    await pass(0);
    expect(logged.at(-1)).toEqual(['purge-failed', { cause: failure, againInMs: PURGE_AGAIN_MS }]);
    await close();
  });

  it('[S39] waits twice as long after each failure, an hour at most, and once however many there are', async () => {
    const { startIn, close } = purging();
    for (let n = 0; n < 5; n += 1) startIn(n);
    await pass(5);
    await settle();
    expect([calls, clock.timers()]).toEqual([5, 1]);
    for (let n = 0; n < 20; n += 1) await pass(PURGE_AGAIN_LONGEST_MS);
    expect([calls, clock.timers()]).toEqual([25, 1]);
    expect(logged.map(([, fields]) => Number(fields?.['againInMs']) / PURGE_AGAIN_MS).slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await close();
    expect(clock.timers()).toBe(0);
    await pass(PURGE_AGAIN_LONGEST_MS);
    expect(calls).toBe(25);
  });

  it('[S39] is removed by the program itself, while the conversation stays out of sight', async () => {
    let fails = 2;
    const {
      engine,
      store,
      id,
      logged: lines,
    } = await beginConversation({
      change: (opened) => ({
        ...opened,
        purgeDeleted: (before, signal) => (fails-- > 0 ? Promise.reject(failure) : opened.purgeDeleted(before, signal)),
      }),
    }).then((house) => {
      clock = house.clock;
      return house;
    });
    engine.deleteConversation(id);
    await pass(UNDO_DELETE_MS + 1);
    expect(store.conversation(id)).toBeUndefined();
    for (let n = 0; n < 4; n += 1) await pass(PURGE_AGAIN_MS);
    expect(lines.filter(({ event }) => event === 'purge-failed')).toHaveLength(2);
    await expect.poll(() => lines.filter(({ event }) => event === 'conversations-purged')).toHaveLength(1);
    await engine.close();
  });
});

describe('a removal that runs while the program ends', () => {
  it('[S39] has a moment to be finished, then is ended at its next step, and nothing is begun any more', async () => {
    let told: AbortSignal | undefined;
    const over = Promise.withResolvers<number>();
    const { startIn, close } = purging((_, signal) => {
      calls += 1;
      told = signal;
      signal?.addEventListener('abort', () => over.resolve(0));
      return over.promise;
    });
    startIn(0);
    startIn(10);
    await pass(0);
    const closed = close();
    await pass(PURGE_AT_CLOSE_MS - 1);
    expect(told?.aborted).toBe(false);
    await pass(1);
    await closed;
    expect([told?.aborted, calls, clock.timers()]).toEqual([true, 1, 0]);
  });
});
