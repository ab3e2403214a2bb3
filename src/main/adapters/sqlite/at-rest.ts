/** @file The open database with nothing in its log: everything is in its file, and the unused parts of its pages can be cleared. */
import { statSync } from 'node:fs';
import { setTimeout as pause, setImmediate as rest } from 'node:timers/promises';
import { Fault } from '../../../shared/faults.ts';
import { STORE_BUSY_MS } from '../../../shared/limits.ts';
import type { Access } from './access.ts';
import { type Cleared, clearSomeLeftovers, roomForPiece } from './leftovers.ts';
import type { LiveFile } from './live-file.ts';
import { inTransaction } from './transaction.ts';

/** How often it is looked whether whoever reads the log has finished. */
const LOG_LOOK_MS = 20;

/** Where pages are written meanwhile, SQLite may lay what one that comes later held into one that was cleared: times that all are looked at, at most. */
const PASSES = 4;

/** Overwrites what is left of rows in pages of the database, some pages at a time. False where the signal ended it. */
export async function clearPages(access: Access, live: LiveFile, signal?: AbortSignal): Promise<boolean> {
  const changes = access.database.prepare('SELECT total_changes() AS changes');
  for (let pass = 0; pass < PASSES; pass += 1) {
    const before = changes.get()?.['changes'];
    if (!(await clearOnce(access, live, signal))) return false;
    if (changes.get()?.['changes'] === before) break;
  }
  return true;
}

async function clearOnce(access: Access, live: LiveFile, signal: AbortSignal | undefined): Promise<boolean> {
  const { database } = access;
  const piece = roomForPiece();
  const logBytes = () => statSync(`${live.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // Who may write can hand pages of the log on as well: there must be none. What was read of these pages would be written again as it was.
  const clearSome = (at: number): Cleared => {
    const done = inTransaction(database, () => (logBytes() === 0 ? clearSomeLeftovers(live, at, piece) : undefined));
    database.exec('PRAGMA shrink_memory');
    return done ?? { next: at, count: 0 };
  };
  let all = 0;
  for (let at: number | undefined = 0; at !== undefined; ) {
    await rest();
    if (signal?.aborted) return false;
    const from: number = at;
    const cleared = await emptyLog(access, () => clearSome(from));
    all += cleared.count;
    at = cleared.next;
  }
  if (all > 0) await live.sync();
  return true;
}

/**
 * Moves everything from the log into the database, cuts it to nothing, and acts before anything else can be written; whoever reads just
 * then is waited for without holding anybody up.
 */
export async function emptyLog<Result>({ database, read }: Access, act: () => Result): Promise<Result> {
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  const isEmpty = () => {
    database.exec('PRAGMA busy_timeout = 0');
    try {
      return checkpoint.get()?.['busy'] === 0;
    } finally {
      database.exec(`PRAGMA busy_timeout = ${STORE_BUSY_MS}`);
    }
  };
  for (let waited = 0; waited <= STORE_BUSY_MS; waited += LOG_LOOK_MS) {
    if (read(isEmpty)) return read(act);
    await pause(LOG_LOOK_MS);
  }
  throw new Fault(
    'store-failed',
    'Words that were deleted are still in the log of the database; nobody is shown them; they are removed later.',
    {
      detail: 'the log is being read',
    },
  );
}
