/** @file What was deleted is removed for good once it cannot come back, and again after a while where that failed. */
import { UNDO_DELETE_MS } from '../../shared/limits.ts';
import { PURGE_AGAIN_LONGEST_MS, PURGE_AGAIN_MS, PURGE_AT_CLOSE_MS } from '../../shared/removal-limits.ts';
import type { Clock, Log, Store } from './ports.ts';

type PurgingPorts = {
  store: Pick<Store, 'purgeDeleted'>;
  clock: Clock;
  log: Log;
  /** Words are gone from the disk. */
  forgot(): void;
};

export type Purging = {
  /** Removes after so many ms what cannot come back by then. */
  startIn(ms: number): void;
  /** Gives what runs a moment to be finished, then ends it at its next step: the next start goes on with it. Nothing is begun any more. */
  close(): Promise<void>;
};

export function createPurging({ store, clock, log, forgot }: PurgingPorts): Purging {
  const ending = new AbortController();
  let isClosing = false;
  const timers = new Set<() => void>();
  /** One after the other: two at once would take turns at the same rows. */
  let running = Promise.resolve();
  let failures = 0;
  let stopRetry: (() => void) | undefined;

  const later = (ms: number, action: () => void): (() => void) => {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      action();
    });
    timers.add(cancel);
    return () => {
      timers.delete(cancel);
      cancel();
    };
  };
  const failed = (cause: unknown) => {
    // Hidden they are all the time, and the next start tries again as well.
    if (isClosing) return log.error('purge-failed', { cause });
    const againInMs = Math.min(PURGE_AGAIN_MS * 2 ** failures, PURGE_AGAIN_LONGEST_MS);
    failures += 1;
    log.error('purge-failed', { cause, againInMs });
    // However many removals fail, one is tried again, and that takes all there is.
    stopRetry?.();
    stopRetry = later(againInMs, start);
  };
  const purge = async () => {
    try {
      const removed = await store.purgeDeleted(clock.now() - UNDO_DELETE_MS, ending.signal);
      failures = 0;
      stopRetry?.();
      stopRetry = undefined;
      if (removed === 0) return;
      forgot();
      log.info('conversations-purged', { removed });
    } catch (error) {
      failed(error);
    }
  };
  const start = () => {
    running = running.then(purge);
  };
  return {
    startIn: (ms) => void later(ms, start),
    async close() {
      isClosing = true;
      for (const cancel of timers) cancel();
      const cancel = clock.after(PURGE_AT_CLOSE_MS, () => ending.abort());
      await running;
      cancel();
    },
  };
}
