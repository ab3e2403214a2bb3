/** @file Follows the conversations on disk: what is said finds its way into recall by itself, what is gone goes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { RECALL_ADDED, RECALL_ROWS } from '../../../shared/memory-limits.ts';
import type { CalendarDay } from '../../engine/memory/dates.ts';
import { FORGOTTEN } from '../../engine/memory/forgotten-text.ts';
import type { Recaller, Scope, Stored } from '../../engine/memory/recaller.ts';
import type { ScopeIndex } from '../../engine/memory/scope-index.ts';

type Conversation = { id: string; user_id: string; character_id: string; head_id: string | null };
/** As SQLite hands it over, in the order of `cells`: objects cost twice as much, and there are many. */
type Cells = [
  number: number,
  id: string,
  parentId: string | null,
  isPerson: 0 | 1,
  text: string,
  isWriting: 0 | 1,
  untold: number,
  at: number,
];
type Row = {
  number: number;
  id: string;
  parentId: string | null;
  isPerson: boolean;
  text: string;
  isWriting: boolean;
  untold: number;
  at: number;
};
type FullRow = { conversation_id: string; turn_id: string | null; role: 'user' | 'assistant'; text: string; created_at: number };

export type FollowerOptions = {
  /** A connection of its own that only reads; it never holds the log for longer than RECALL_ROWS rows. */
  database: DatabaseSync;
  recaller: Recaller;
  calendar(at: number): CalendarDay;
  pause(): Promise<void>;
};

const columns = 'id, user_id, character_id, head_id';
const visible = 'deleted_at IS NULL AND remembered = 1';

const cells = "number, id, parent_id, role = 'user', text, status = 'writing', untold, created_at";

function inCells(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}

function toRow([number, id, parentId, isPerson, text, isWriting, untold, at]: Cells): Row {
  return { number, id, parentId, isPerson: isPerson === 1, text, isWriting: isWriting === 1, untold, at };
}

function prepare(database: DatabaseSync) {
  return {
    all: database.prepare(`SELECT ${columns} FROM conversations WHERE ${visible} ORDER BY updated_at DESC, id DESC`),
    one: database.prepare(`SELECT ${columns} FROM conversations WHERE id = ? AND ${visible}`),
    rows: inCells(
      database.prepare(`SELECT ${cells} FROM messages WHERE conversation_id = ? AND number > ? ORDER BY number LIMIT ${RECALL_ROWS}`),
    ),
    row: inCells(database.prepare(`SELECT ${cells} FROM messages WHERE id = ?`)),
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

/** Messages of the active path, oldest first; `rows` are all of the conversation, in the order of writing. */
function pathOf(rows: Row[], head: string | null): Row[] {
  const isOnePath = rows.every(({ parentId }, at) => parentId === (rows[at - 1]?.id ?? null));
  if (isOnePath && (rows.at(-1)?.id ?? null) === head) return rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const path: Row[] = [];
  for (let row = byId.get(head ?? ''); row; row = byId.get(row.parentId ?? '')) path.push(row);
  return path.reverse();
}

/** Up to one that is still being written: what comes after it is not there yet. */
function written(path: Row[]): Row[] {
  const writing = path.findIndex(({ isWriting }) => isWriting);
  return writing < 0 ? path : path.slice(0, writing);
}

/** Whether there is something of it to recall. */
const says = (text: string): boolean => /\S/.test(text.includes(FORGOTTEN) ? text.replaceAll(FORGOTTEN, '') : text);

export function createFollower({ database, recaller, calendar, pause }: FollowerOptions) {
  const statements = prepare(database);
  const scopeOf = ({ user_id, character_id }: Conversation): Scope => ({ userId: user_id, characterId: character_id });
  const homes = new Map<string, Scope>();

  function addRow(index: ScopeIndex, thread: string, { id, parentId, isPerson, text, untold, at }: Row): void {
    if (untold > 0 || !says(text)) return;
    // A greeting begins every conversation: it is the card's, and nothing that was said in this one.
    if (!isPerson && parentId === null) return;
    const speaker = isPerson ? 'person' : 'companion';
    recaller.add(index, { id, kind: 'message', thread, speaker, text, at, calendar: calendar(at) });
  }

  async function readWhole(conversation: Conversation): Promise<void> {
    const rows: Row[] = [];
    for (;;) {
      const page = statements.rows.all(conversation.id, rows.at(-1)?.number ?? 0) as unknown as Cells[];
      for (const each of page) rows.push(toRow(each));
      if (page.length < RECALL_ROWS) break;
      await pause();
    }
    const index = recaller.scope(scopeOf(conversation));
    const isNew = index.lastOf(conversation.id) === undefined;
    let added = 0;
    for (const row of written(pathOf(rows, conversation.head_id))) {
      if (isNew || !index.has(row.id)) addRow(index, conversation.id, row);
      if (++added % RECALL_ADDED === 0) await pause();
    }
  }

  const rowOf = (id: string | null): Row | undefined => {
    const found = statements.row.get(id ?? '') as unknown as Cells | undefined;
    return found && toRow(found);
  };

  /** Reads upwards until what is known, takes back what is not on the path any more, adds what is new. */
  function catchUp(conversation: Conversation): void {
    const index = recaller.scope(scopeOf(conversation));
    homes.set(conversation.id, scopeOf(conversation));
    const fresh: Row[] = [];
    let row = rowOf(conversation.head_id);
    while (row && !index.has(row.id)) {
      fresh.push(row);
      row = row.parentId === null ? undefined : rowOf(row.parentId);
    }
    for (const id of index.after(conversation.id, row?.id)) index.remove(id);
    for (const each of written(fresh.reverse())) addRow(index, conversation.id, each);
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
    /** Reads on in one conversation, whatever became of it; `anew`: all of it, for its words changed. */
    refresh(conversationId: string, anew: boolean): void {
      const conversation = statements.one.get(conversationId) as Conversation | undefined;
      if (anew) forget(conversationId);
      if (conversation) catchUp(conversation);
      else forget(conversationId);
    },
  };
}
