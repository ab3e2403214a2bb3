/** @file Real removal: the text of deleted conversations leaves the database, its log and its backups, in steps that hold nobody up. */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause, setImmediate as rest } from 'node:timers/promises';
import { Fault } from '../../../shared/faults.ts';
import { STORE_BUSY_MS } from '../../../shared/limits.ts';
import { PURGE_LOG_PAGES } from '../../../shared/removal-limits.ts';
import type { Access } from './access.ts';
import type { Backups } from './backups.ts';
import { type Cleared, clearSomeLeftovers } from './leftovers.ts';
import type { LiveFile } from './live-file.ts';
import { REMOVAL_BEGUN, removeNames, removeRows, removeValues } from './remove-conversation.ts';
import { inTransaction } from './transaction.ts';

type Files = { backups: Backups; live: LiveFile };

/** How often it is looked whether whoever reads the log has finished. */
const LOG_LOOK_MS = 20;

/**
 * Removes conversations that were deleted up to `before`, one after the other, from the copies first. Returns how many. What is left
 * when the signal ends it, or the process dies, is hidden for good, and the next call removes it.
 */
export function purgeDeleted(access: Access, files: Files | undefined, before: number, signal?: AbortSignal): Promise<number> {
  const purge = () => removeAll(access, files, before, signal);
  // Whoever copies the database slowly keeps its log from getting shorter.
  return files ? files.backups.without(purge) : purge();
}

async function removeAll(access: Access, files: Files | undefined, before: number, signal?: AbortSignal): Promise<number> {
  const { database } = access;
  const due = database.prepare('SELECT id FROM conversations WHERE deleted_at <= ?');
  const ids = access.read(() => due.all(before) as { id: string }[]).map(({ id }) => id);
  if (ids.length === 0 || signal?.aborted) return 0;
  const begin = database.prepare(`UPDATE conversations SET deleted_at = ${REMOVAL_BEGUN} WHERE id = ?`);
  access.write(() => ids.map((id) => begin.run(id)));
  // Copies first: if this is cut short, the rows that name what is to go are still there.
  await files?.backups.scrub(ids, signal);
  // Nothing of it waits for the disk: what a crash brings back is hidden, and is removed again.
  const whole = await withShortLog(database, async () => {
    for (const id of ids) if (!(await removeRows(database, id, access.writeSoon, signal))) return false;
    return true;
  });
  if (!whole) return 0;
  const silence = database.prepare("UPDATE conversations SET title = '', folded_title = '', author_note = '' WHERE id = ?");
  access.writeSoon(() => {
    removeValues(database, ids);
    for (const id of ids) silence.run(id);
  });
  await emptyLog(access, () => {});
  if (files && !(await clearPages(access, files.live, signal))) return 0;
  // Last, when no word is in any file: they are how the next start knows that something is left.
  access.write(() => removeNames(database, ids));
  return ids.length;
}

/** What the log hands on to the database in one go is a matter of milliseconds too. */
async function withShortLog<Result>(database: DatabaseSync, action: () => Promise<Result>): Promise<Result> {
  const before = database.prepare('PRAGMA wal_autocheckpoint').get()?.['wal_autocheckpoint'];
  database.exec(`PRAGMA wal_autocheckpoint = ${PURGE_LOG_PAGES}`);
  try {
    return await action();
  } finally {
    // The program may have closed it by now.
    if (database.isOpen) database.exec(`PRAGMA wal_autocheckpoint = ${before}`);
  }
}

/** Overwrites what is left of rows in pages of the database, some pages at a time. False where the signal ended it. */
async function clearPages(access: Access, live: LiveFile, signal: AbortSignal | undefined): Promise<boolean> {
  const { database } = access;
  const logBytes = () => statSync(`${live.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // Who may write can hand pages of the log on as well: there must be none. What was read of these pages would be written again as it was.
  const clearSome = (at: number): Cleared => {
    const done = inTransaction(database, () => (logBytes() === 0 ? clearSomeLeftovers(live, at) : undefined));
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
async function emptyLog<Result>({ database, read }: Access, act: () => Result): Promise<Result> {
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
