/** @file Takes one conversation out of one database, the live one or a copy, a few rows at a time, so that nothing else waits. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as rest } from 'node:timers/promises';
import { PURGE_ROWS, PURGE_ROWS_AT_ONCE, PURGE_STEP_MS } from '../../../shared/removal-limits.ts';
import { hasTable } from './forget-columns.ts';
import { inTransaction } from './transaction.ts';

/** Runs an action in one transaction. */
export type Write = <Result>(action: () => Result) => Result;

/** Earlier than every deletion: from then on it is hidden in this database, whatever becomes of the removal, and never brought back. */
export const REMOVAL_BEGUN = 0;

/**
 * The tables with rows of a conversation and what a row is known by, those first that name rows of others. What was learnt stays,
 * without the sentences it was learnt from.
 */
const TABLES = [
  ['outbox', 'id'],
  ['turns', 'id'],
  ['learning', 'conversation_id'],
  ['note_sources', 'note_id, message_id'],
  ['put_right', 'note_id, message_id'],
  ['prompt_texts', 'conversation_id, hash'],
  ['summaries', 'number'],
  // Answers before what they answer.
  ['messages', 'number', 'ORDER BY number DESC'],
] as const;

/** Removes every row but that of the conversation itself, which names what is to go until all of it is gone. False where the signal ended it. */
export async function removeRows(database: DatabaseSync, id: string, write: Write, signal: AbortSignal | undefined): Promise<boolean> {
  // A copy may be older than some of these tables.
  const statements = TABLES.filter(([table]) => hasTable(database, table)).map(([table, key, order = '']) =>
    database.prepare(`DELETE FROM ${table} WHERE (${key}) IN
      (SELECT ${key} FROM ${table} WHERE conversation_id = ? ${order} LIMIT ${PURGE_ROWS_AT_ONCE})`),
  );
  /** Answers whether nothing is left. All tables are looked at each time: something may still have been written to it. */
  const step = () => {
    const began = performance.now();
    let rows = 0;
    for (const statement of statements) {
      for (;;) {
        const { changes } = statement.run(id);
        if (changes === 0) break;
        rows += Number(changes);
        if (rows > PURGE_ROWS - PURGE_ROWS_AT_ONCE || performance.now() - began >= PURGE_STEP_MS) return false;
      }
    }
    return true;
  };
  for (;;) {
    await rest();
    if (signal?.aborted) return false;
    if (write(step)) return true;
  }
}

/** What is kept of conversations beside their rows. */
export function removeValues(database: DatabaseSync, ids: readonly string[]): void {
  const lore = database.prepare("DELETE FROM value WHERE key = 'lore:' || ?");
  for (const id of ids) lore.run(id);
}

/** They themselves, last of all. */
export function removeNames(database: DatabaseSync, ids: readonly string[]): void {
  const conversation = database.prepare('DELETE FROM conversations WHERE id = ?');
  for (const id of ids) conversation.run(id);
}

/** Out of a copy, which nobody else uses and which was made before they were deleted. */
export async function removeFromCopy(copy: DatabaseSync, ids: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const write: Write = (action) => inTransaction(copy, action);
  const begin = copy.prepare(`UPDATE conversations SET deleted_at = ${REMOVAL_BEGUN} WHERE id = ?`);
  // A copy that takes the place of the database while half of them is gone shows nothing of the rest.
  write(() => ids.map((id) => begin.run(id)));
  for (const id of ids) {
    if (!(await removeRows(copy, id, write, signal))) return;
    write(() => {
      removeValues(copy, [id]);
      removeNames(copy, [id]);
    });
  }
}
