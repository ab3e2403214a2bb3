/** @file What subscribers outside are told, and small values of the program's own. */
import { OUTBOX_ROWS } from '../../../shared/limits.ts';
import type { Log, OutboxRow, Store } from '../../engine/ports.ts';
import type { Access } from './access.ts';
import { stored, type TurnRow } from './rows.ts';

export type OutboxPart = Pick<Store, 'outbox' | 'removeFromOutbox' | 'value' | 'setValue'>;

/** Adds the row of an ended turn; called inside that turn's own transaction. */
export type OutboxWriter = { add(turn: TurnRow, endedAt: number): void };

type WordsRow = { user_id: string; character_id: string; user_message: string; ai_response: string };

export function createOutboxPart(access: Access): OutboxPart {
  const { database } = access;
  const first = database.prepare(
    'SELECT id, conversation_id AS conversationId, turn_id AS turnId, payload FROM outbox ORDER BY id LIMIT ?',
  );
  const remove = database.prepare('DELETE FROM outbox WHERE id = ?');
  const value = database.prepare('SELECT value FROM value WHERE key = ?');
  const setValue = database.prepare('INSERT INTO value (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  return {
    outbox: (limit) => access.read(() => (first.all(limit) as OutboxRow[]).map((row) => ({ ...row }))),
    removeFromOutbox: (ids) =>
      access.write(() => {
        for (const id of ids) remove.run(id);
      }),
    value: (key) => access.readKept(`value ${key}`, () => (value.get(key) as { value: string } | undefined)?.value),
    setValue: (key, text, when = 'now') =>
      access[when === 'soon' ? 'writeSoon' : 'write'](() => {
        setValue.run(key, stored(text));
      }),
  };
}

/** Rows beyond `limit` push the oldest out, with one log line in the life of a process. */
export function createOutboxWriter({ database }: Access, log: Log, limit: number = OUTBOX_ROWS): OutboxWriter {
  const words = database.prepare(`SELECT c.user_id, c.character_id, u.text AS user_message, r.text AS ai_response
    FROM conversations c, messages u, messages r WHERE c.id = ? AND u.id = ? AND r.id = ?`);
  const insert = database.prepare('INSERT INTO outbox (conversation_id, turn_id, payload) VALUES (?, ?, ?)');
  const drop = database.prepare('DELETE FROM outbox WHERE id <= ?');
  let overflowed = false;
  return {
    add(turn, endedAt) {
      const row = words.get(turn.conversation_id, turn.user_message_id, turn.reply_id) as WordsRow;
      // The order of the keys is that of wire.md; seconds with a fraction.
      const { user_id, character_id, user_message, ai_response } = row;
      const payload = JSON.stringify({ user_id, character_id, user_message, ai_response, timestamp: endedAt / 1_000 });
      const { lastInsertRowid } = insert.run(turn.conversation_id, turn.id, payload);
      const { changes } = drop.run(Number(lastInsertRowid) - limit);
      if (changes === 0 || overflowed) return;
      overflowed = true;
      log.warn('outbox-overflowed', { limit });
    },
  };
}
