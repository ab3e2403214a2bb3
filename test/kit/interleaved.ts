/** @file A data folder with two conversations that lie page by page among each other, one of them with a row in every table that has any. */
import { DatabaseSync } from 'node:sqlite';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { conversation } from '../contracts/store-questions.ts';
import { silentLog } from './silent-log.ts';

/** Stands in every text of the conversation "gone". */
export const SECRET = 'SECRET-6f1ed002ab';
export const KEPT_WORDS = 'ORDINARY-words';

/** Every table of a database that names conversations; notes stay when one goes. */
export function tablesOf(database: DatabaseSync): string[] {
  const rows = database
    .prepare(`SELECT m.name AS name FROM sqlite_schema m JOIN pragma_table_info(m.name) p
      WHERE m.type = 'table' AND p.name = 'conversation_id' AND m.name <> 'notes' ORDER BY m.name`)
    .all();
  return rows.map((row) => String(row['name']));
}

/** How many rows each of these tables has of a conversation. */
export function rowsOf(database: DatabaseSync, id: string): Record<string, number> {
  const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table} WHERE conversation_id = ?`).get(id)?.['n'];
  return Object.fromEntries(tablesOf(database).map((table) => [table, Number(count(table))]));
}

/** `pairs` of a message and its reply in "gone", and as many in "kept". Written anew at the end: pages that were split while they filled keep remains that are not the removal's. */
export function layInterleaved(folder: string, pairs: number): void {
  const store = openStore({ folder, log: silentLog, now: () => 1, outbox: true });
  store.createConversation(conversation('kept'), undefined);
  store.createConversation(conversation('gone', { title: `${SECRET} title`, titled: true }), undefined);
  store.setValue('lore:gone', `["${SECRET}"]`);
  store.close();
  const database = new DatabaseSync(databaseFile(folder));
  // As the store itself writes.
  database.exec('PRAGMA secure_delete = ON; BEGIN');
  const write = writer(database);
  for (let n = 0; n < pairs; n += 1) for (const id of ['gone', 'kept']) write(id, n);
  database.exec(`UPDATE conversations SET head_id = id || '-reply-${pairs - 1}';
    UPDATE conversations SET author_note = '${SECRET} note' WHERE id = 'gone';
    INSERT INTO learning (conversation_id, rules) VALUES ('gone', 3);
    COMMIT; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
}

function writer(database: DatabaseSync): (id: string, n: number) => void {
  const message = database.prepare(`INSERT INTO messages (id, conversation_id, parent_id, role, text, context, thinking, status, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'complete', ?)`);
  const turn = database.prepare(
    'INSERT INTO turns (id, conversation_id, user_message_id, reply_id, started_at, ended_at) VALUES (?, ?, ?, ?, 0, 1)',
  );
  const outbox = database.prepare('INSERT INTO outbox (conversation_id, turn_id, payload) VALUES (?, ?, ?)');
  const prompt = database.prepare('INSERT INTO prompt_texts (conversation_id, hash, text) VALUES (?, ?, ?)');
  const summary = database.prepare('INSERT INTO summaries (id, conversation_id, through_id, text, created_at) VALUES (?, ?, ?, ?, 0)');
  const note = database.prepare(`INSERT INTO notes (id, user_id, character_id, kind, subject, single, text, folded_text, origin, confidence,
    pinned, edited, learned_at, said_at) VALUES (?, 'user', 'sarah', 'told', '', 0, 'Learnt', 'learnt', 'words', 1, 0, 0, 0, 0)`);
  const source = database.prepare('INSERT INTO note_sources (note_id, message_id, conversation_id, said_at, quote) VALUES (?, ?, ?, 0, ?)');
  const right = database.prepare('INSERT INTO put_right (note_id, message_id, conversation_id) VALUES (?, ?, ?)');
  return (id, n) => {
    const words = id === 'gone' ? SECRET : KEPT_WORDS;
    // Some lie on pages of their own, most share one.
    const text = `${n} ${words} `.repeat(n % 50 === 0 ? 400 : 1 + (n % 9));
    const [said, reply] = [`${id}-user-${n}`, `${id}-reply-${n}`];
    message.run(said, id, n === 0 ? null : `${id}-reply-${n - 1}`, 'user', text, `${words} block`, '', n);
    message.run(reply, id, said, 'assistant', text, '', `${words} thought`, n);
    turn.run(`${id}-turn-${n}`, id, said, reply);
    outbox.run(id, `${id}-turn-${n}`, words);
    if (n % 10 !== 0) return;
    prompt.run(id, `hash-${n}`, text);
    summary.run(`${id}-summary-${n}`, id, reply, words);
    note.run(`${id}-note-${n}`);
    source.run(`${id}-note-${n}`, said, id, words);
    right.run(`${id}-note-${n}`, said, id);
  };
}
