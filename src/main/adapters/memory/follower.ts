/** @file Follows the conversations on disk: what is said finds its way into recall by itself, what is gone goes. */
import type { DatabaseSync } from 'node:sqlite';
import { RECALL_ROWS } from '../../../shared/memory-limits.ts';
import type { CalendarDay } from '../../engine/memory/dates.ts';
import { FORGOTTEN } from '../../engine/memory/forgotten-text.ts';
import type { Recaller, Scope, Stored } from '../../engine/memory/recaller.ts';

type Conversation = { id: string; user_id: string; character_id: string; head_id: string | null };
type Row = { id: string; parent_id: string | null; role: 'user' | 'assistant'; text: string; status: string; created_at: number };
type FullRow = Row & { number: number; conversation_id: string; turn_id: string | null };

export type FollowerOptions = {
  /** A connection of its own that only reads; it never holds the log for longer than RECALL_ROWS rows. */
  database: DatabaseSync;
  recaller: Recaller;
  calendar(at: number): CalendarDay;
  pause(): Promise<void>;
};

const columns = 'id, user_id, character_id, head_id';
const visible = 'deleted_at IS NULL AND remembered = 1';

function prepare(database: DatabaseSync) {
  return {
    all: database.prepare(`SELECT ${columns} FROM conversations WHERE ${visible} ORDER BY updated_at DESC, id DESC`),
    one: database.prepare(`SELECT ${columns} FROM conversations WHERE id = ? AND ${visible}`),
    rows: database.prepare(
      `SELECT number, id, parent_id, role, text, status, created_at FROM messages WHERE conversation_id = ? AND number > ? ORDER BY number LIMIT ${RECALL_ROWS}`,
    ),
    row: database.prepare('SELECT id, parent_id, role, text, status, created_at FROM messages WHERE id = ?'),
  };
}

/** Where the text of a message is read when it is recalled: as it is on disk at that moment. */
export function createReader(database: DatabaseSync): (id: string) => Stored | undefined {
  const statement = database.prepare('SELECT id, conversation_id, turn_id, role, text, created_at FROM messages WHERE id = ?');
  return (id) => {
    const row = statement.get(id) as FullRow | undefined;
    if (!row) return undefined;
    const speaker = row.role === 'user' ? 'person' : 'companion';
    const source = {
      kind: 'message',
      id,
      conversationId: row.conversation_id,
      messageId: id,
      turnId: row.turn_id ?? undefined,
      speaker,
      at: row.created_at,
    } as const;
    return { text: row.text, source };
  };
}

/** Messages of the active path, oldest first, up to one that is still being written: what comes after it is not there yet. */
function pathOf(rows: ReadonlyMap<string, Row>, head: string | null): Row[] {
  const path: Row[] = [];
  for (let row = rows.get(head ?? ''); row; row = rows.get(row.parent_id ?? '')) path.push(row);
  path.reverse();
  const writing = path.findIndex(({ status }) => status === 'writing');
  return writing < 0 ? path : path.slice(0, writing);
}

export function createFollower({ database, recaller, calendar, pause }: FollowerOptions) {
  const statements = prepare(database);
  const scopeOf = ({ user_id, character_id }: Conversation): Scope => ({ userId: user_id, characterId: character_id });
  const homes = new Map<string, Scope>();

  function addRow(conversation: Conversation, row: Row): void {
    if (row.text.replaceAll(FORGOTTEN, '').trim() === '') return;
    // A greeting begins every conversation: it is the card's, and nothing that was said in this one.
    if (row.role === 'assistant' && row.parent_id === null) return;
    const speaker = row.role === 'user' ? 'person' : 'companion';
    const { id, text, created_at: at } = row;
    recaller.put(scopeOf(conversation), { id, kind: 'message', thread: conversation.id, speaker, text, at, calendar: calendar(at) });
  }

  async function readWhole(conversation: Conversation): Promise<void> {
    const rows = new Map<string, Row>();
    let last = 0;
    for (;;) {
      const page = statements.rows.all(conversation.id, last) as FullRow[];
      for (const row of page) rows.set(row.id, row);
      last = page.at(-1)?.number ?? last;
      if (page.length < RECALL_ROWS) break;
      await pause();
    }
    const index = recaller.scope(scopeOf(conversation));
    let added = 0;
    for (const row of pathOf(rows, conversation.head_id)) {
      if (!index.has(row.id)) addRow(conversation, row);
      if (++added % RECALL_ROWS === 0) await pause();
    }
  }

  /** Reads upwards until what is known, takes back what is not on the path any more, adds what is new. */
  function catchUp(conversation: Conversation): void {
    const index = recaller.scope(scopeOf(conversation));
    homes.set(conversation.id, scopeOf(conversation));
    const fresh: Row[] = [];
    let row = statements.row.get(conversation.head_id ?? '') as Row | undefined;
    while (row && !index.has(row.id)) {
      fresh.push(row);
      row = row.parent_id === null ? undefined : (statements.row.get(row.parent_id) as Row | undefined);
    }
    for (const id of index.after(conversation.id, row?.id)) index.remove(id);
    for (const each of fresh.reverse()) {
      if (each.status === 'writing') break;
      addRow(conversation, each);
    }
  }

  function forget(conversationId: string): void {
    const home = homes.get(conversationId);
    if (!home) return;
    const index = recaller.scope(home);
    for (const id of index.after(conversationId, undefined)) index.remove(id);
  }

  return {
    /** Everything that is remembered, the newest conversations first. */
    async readAll(): Promise<void> {
      for (const conversation of statements.all.all() as Conversation[]) {
        homes.set(conversation.id, scopeOf(conversation));
        await readWhole(conversation);
        await pause();
      }
    },
    /** One conversation anew, whatever became of it. */
    refresh(conversationId: string): void {
      const conversation = statements.one.get(conversationId) as Conversation | undefined;
      if (conversation) catchUp(conversation);
      else forget(conversationId);
    },
  };
}
