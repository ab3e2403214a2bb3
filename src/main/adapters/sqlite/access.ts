/** @file How every part of the store reaches the database: whole transactions, and only faults come out. */
import type { DatabaseSync } from 'node:sqlite';
import type { Fault } from '../../../shared/faults.ts';
import { KEPT_READS } from '../../../shared/limits.ts';
import { storeFault } from './store-faults.ts';
import { inTransaction } from './transaction.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

export type Access = {
  database: DatabaseSync;
  read<Result>(action: () => Result): Result;
  /** The same; until something is written, a key has the answer that it had before, which is nobody's to change. */
  readKept<Result>(key: string, action: () => Result): Result;
  /** Runs the action in one transaction; when it returns, the disk has it. */
  write<Result>(action: () => Result): Result;
  /** The same for what can be made anew: no death of the program loses it, and the disk has it with the next write that waits. */
  writeSoon<Result>(action: () => Result): Result;
  /** The same, read by everybody at once, while the disk takes it in the background: `settled` tells when it has it. */
  writeAhead<Result>(action: () => Result): { result: Result; settled: Promise<void> };
  /** Resolves when the disk has all that was written before; rejects with a Fault where it failed. */
  settled(): Promise<void>;
  /** The fault of the latest write, where it failed for the disk's sake; undefined again after one that succeeds. */
  lastFault(): Fault | undefined;
};

/** Some folders, such as many on a network, allow no write-ahead log: there every write waits for the disk (sqlite.org/wal.html). */
export function hasLog(database: DatabaseSync): boolean {
  const mode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  return mode === 'wal' || mode === 'memory';
}

export function createAccess(database: DatabaseSync, log: WriteAheadLog): Access {
  const runsAhead = hasLog(database);
  let last: Fault | undefined;
  const kept = new Map<string, unknown>();
  const failed = (error: unknown): Fault => {
    const fault = storeFault(error);
    if (fault.code === 'store-full' || fault.code === 'store-failed') last = fault;
    return fault;
  };
  const read: Access['read'] = (action) => {
    try {
      return action();
    } catch (error) {
      throw storeFault(error);
    }
  };
  const write: Access['write'] = (action) => {
    try {
      const result = inTransaction(database, action);
      last = undefined;
      return result;
    } catch (error) {
      throw failed(error);
    } finally {
      kept.clear();
    }
  };
  // NORMAL writes the log as FULL does, and does not wait for the disk (sqlite.org/pragma.html#pragma_synchronous).
  const writeSoon: Access['writeSoon'] = (action) => {
    if (!runsAhead) return write(action);
    database.exec('PRAGMA synchronous = NORMAL');
    try {
      return write(action);
    } finally {
      database.exec('PRAGMA synchronous = FULL');
    }
  };
  const settled = async () => {
    try {
      if (runsAhead) await log.flush();
    } catch (error) {
      throw failed(error);
    }
  };
  return {
    database,
    read,
    readKept<Result>(key: string, action: () => Result): Result {
      if (kept.has(key)) return kept.get(key) as Result;
      const result = read(action);
      if (kept.size >= KEPT_READS) kept.clear();
      kept.set(key, result);
      return result;
    },
    write,
    writeSoon,
    writeAhead(action) {
      const result = writeSoon(action);
      return { result, settled: settled() };
    },
    settled,
    lastFault: () => last,
  };
}
