/** @file The database's write-ahead log as a file: waiting for the disk without holding up the engine. */
import { close, fdatasync, openSync } from 'node:fs';
import { setImmediate as nextRound } from 'node:timers/promises';
import { promisify } from 'node:util';

export type WriteAheadLog = {
  /** Resolves when the disk has all that was written before; rejects with the system's error. */
  flush(): Promise<void>;
  close(): void;
};

const synchronise = promisify(fdatasync);

/** For a database that lies in memory, where there is nothing to wait for. */
export const noLog: WriteAheadLog = { flush: () => Promise.resolve(), close: () => undefined };

/** `sync` takes the place of fdatasync in tests. The file is opened with the first write: SQLite makes it then and keeps it while it is open. */
export function openWriteAheadLog(databasePath: string, sync: (handle: number) => Promise<void> = synchronise): WriteAheadLog {
  let handle: number | undefined;
  let under = 0;
  let closing = false;
  /** One that has not begun yet takes along whoever asks meanwhile. */
  let next: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const letGo = () => {
    if (!closing || under > 0 || handle === undefined) return;
    close(handle);
    handle = undefined;
  };
  const begin = async (before: Promise<unknown>) => {
    under += 1;
    try {
      // Windows flushes only what may be written.
      handle ??= openSync(`${databasePath}-wal`, 'r+');
      await before;
      // Waking the thread that waits for the disk costs time, which the request to the model may have first.
      await nextRound();
      next = undefined;
      await sync(handle);
    } finally {
      under -= 1;
      letGo();
    }
  };
  return {
    flush() {
      if (next) return next;
      const mine = begin(last);
      next = mine;
      last = mine.catch(() => {
        if (next === mine) next = undefined;
      });
      return mine;
    },
    close() {
      closing = true;
      letGo();
    },
  };
}
