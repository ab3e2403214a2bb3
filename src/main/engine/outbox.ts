/** @file Hands finished turns to the publisher: from disk, in order, at least once, never in a turn's way. */
import { asFault } from '../../shared/faults.ts';
import { OUTBOX_BATCH, OUTBOX_PAUSE_MS } from '../../shared/limits.ts';
import type { Clock, Log, Publisher, Store } from './ports.ts';

export type Outbox = {
  /** Something was put in; costs nothing, touches neither disk nor publisher before the caller is done. */
  wake(): void;
  /** Resolves when nothing is on its way any more; close the publisher meanwhile, so that it need not be waited for. */
  close(): Promise<void>;
};

export type OutboxPorts = { store: Pick<Store, 'outbox' | 'removeFromOutbox'>; publisher: Publisher; clock: Clock; log: Log };

/** idle: nothing to do; due: about to look; busy: publishing; resting: refused, and waiting for the publisher or a pause. */
type State = 'idle' | 'due' | 'busy' | 'resting' | 'closed';

/** Rows leave the disk only after the publisher has taken them, so that a death in between repeats some and loses none. */
export function createOutbox({ store, publisher, clock, log }: OutboxPorts): Outbox {
  let state: State = 'idle';
  let wokenWhileBusy = false;
  let cancelTimer = () => {};
  let busy: Promise<void> = Promise.resolve();
  /** Rows that were taken and whose removal the disk refused: they are not published again. */
  let taken: number[] = [];

  const forget = () => {
    if (taken.length > 0) store.removeFromOutbox(taken);
    taken = [];
  };
  /** One after the other: where one is refused, those behind it must not overtake it. */
  const publishPage = async (): Promise<boolean> => {
    forget();
    const rows = store.outbox(OUTBOX_BATCH);
    try {
      for (const row of rows) {
        if (state === 'closed') return false;
        await publisher.publish(row.payload);
        taken.push(row.id);
      }
    } finally {
      forget();
    }
    return rows.length > 0;
  };
  const drain = async (): Promise<void> => {
    while (await publishPage());
  };
  const begin = () => {
    state = 'busy';
    wokenWhileBusy = false;
    busy = drain().then(
      () => {
        if (state === 'busy') state = 'idle';
        // Something may have been put in after the last look at the disk.
        if (wokenWhileBusy) wake();
      },
      (error: unknown) => {
        log.debug('outbox-waits', { code: asFault(error).code });
        if (state === 'busy') rest();
      },
    );
  };
  const beginAfter = (ms: number) => {
    cancelTimer();
    cancelTimer = clock.after(ms, begin);
  };
  const rest = () => {
    state = 'resting';
    beginAfter(OUTBOX_PAUSE_MS);
  };
  const wake = () => {
    if (state === 'busy') wokenWhileBusy = true;
    if (state !== 'idle') return;
    state = 'due';
    beginAfter(0);
  };
  const off = publisher.onReady(() => {
    if (state === 'resting') beginAfter(0);
    else wake();
  });
  wake();
  return {
    wake,
    close() {
      state = 'closed';
      off();
      cancelTimer();
      return busy;
    },
  };
}
