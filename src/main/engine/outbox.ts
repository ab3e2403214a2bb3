/** @file Hands finished turns to the publisher: from disk, in order, at least once, never in a turn's way. */

import { asFault } from '../../shared/faults.ts';
import { OUTBOX_BATCH, OUTBOX_PAUSE_MS } from '../../shared/limits.ts';
import type { Clock, Log, Publisher, Store } from './ports.ts';

export type Outbox = {
  /** Something was put in; cheap, returns at once. */
  wake(): void;
  close(): void;
};

/** A row leaves the disk only after the publisher has taken it, so that a death in between repeats it and loses none. */
export function createOutbox(ports: {
  store: Pick<Store, 'outbox' | 'removeFromOutbox'>;
  publisher: Publisher;
  clock: Clock;
  log: Log;
}): Outbox {
  const { store, publisher, clock, log } = ports;
  let draining = false;
  let closed = false;
  let cancelPause: (() => void) | undefined;

  const drain = async (): Promise<void> => {
    for (let rows = store.outbox(OUTBOX_BATCH); rows.length > 0 && !closed; rows = store.outbox(OUTBOX_BATCH)) {
      for (const row of rows) {
        await publisher.publish(row.payload);
        store.removeFromOutbox([row.id]);
        if (closed) return;
      }
    }
  };
  const wake = () => {
    if (draining || closed) return;
    draining = true;
    cancelPause?.();
    cancelPause = undefined;
    drain()
      .catch((error: unknown) => {
        log.debug('outbox-waits', { code: asFault(error).code });
        if (!closed) cancelPause = clock.after(OUTBOX_PAUSE_MS, wake);
      })
      .finally(() => {
        draining = false;
      });
  };
  const off = publisher.onReady(wake);
  wake();
  return {
    wake,
    close() {
      closed = true;
      off();
      cancelPause?.();
    },
  };
}
