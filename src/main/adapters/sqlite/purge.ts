/** @file Real removal: the text of deleted conversations leaves the database, its log and its backups, in steps that hold nobody up. */
import type { DatabaseSync } from 'node:sqlite';
import { PURGE_LOG_PAGES } from '../../../shared/removal-limits.ts';
import type { Access } from './access.ts';
import { clearPages, emptyLog } from './at-rest.ts';
import type { Backups } from './backups.ts';
import type { LiveFile } from './live-file.ts';
import { REMOVAL_BEGUN, removeNames, removeRows, removeValues } from './remove-conversation.ts';

type Files = { backups: Backups; live: LiveFile };

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
