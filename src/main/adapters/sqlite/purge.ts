/** @file Real removal: the text of deleted conversations leaves the database, its log and its backups. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as rest } from 'node:timers/promises';
import type { Access } from './access.ts';
import { hasTable } from './forget-columns.ts';

/** Removes conversations that were deleted up to `before`, one after the other; `alsoFrom` removes them from copies first. Returns how many. */
export async function purgeDeleted(
  access: Access,
  before: number,
  alsoFrom: (ids: readonly string[]) => Promise<void> | undefined,
): Promise<number> {
  const { database } = access;
  const ids = access.read(() => deletedIds(database, before));
  if (ids.length === 0) return 0;
  // Copies first: if this is cut short, the rows that name what is to go are still there, and the next call finishes it.
  await alsoFrom(ids);
  let removed = 0;
  for (const id of ids) {
    await rest();
    removed += access.write(() => {
      // One that was brought back in the meantime stays.
      const still = deletedIds(database, before).filter((each) => each === id);
      removeConversations(database, still);
      return still.length;
    });
  }
  await rest();
  access.read(() => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  return removed;
}

/** Deletes every row of these conversations; with secure_delete their pages are overwritten. */
export function removeConversations(database: DatabaseSync, ids: readonly string[]): void {
  // A copy may be older than some of these tables. What was learnt stays, without the sentences it was learnt from.
  const all = ['outbox', 'turns', 'learning', 'note_sources', 'put_right', 'prompt_texts', 'summaries', 'messages'];
  const tables = all.filter((table) => hasTable(database, table));
  const statements = tables.map((table) => database.prepare(`DELETE FROM ${table} WHERE conversation_id = ?`));
  statements.push(database.prepare(`DELETE FROM value WHERE key = 'lore:' || ?`));
  const last = database.prepare('DELETE FROM conversations WHERE id = ?');
  for (const id of ids) for (const statement of [...statements, last]) statement.run(id);
}

function deletedIds(database: DatabaseSync, before: number): string[] {
  const rows = database.prepare('SELECT id FROM conversations WHERE deleted_at <= ?').all(before) as { id: string }[];
  return rows.map((row) => row.id);
}
