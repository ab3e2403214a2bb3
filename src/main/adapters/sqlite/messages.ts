/** @file The tree of messages: pages of the active path, the path a prompt needs, and the choice of a branch. */
import type { Message } from '../../../shared/conversation.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Mood } from '../../../shared/mood.ts';
import type { HistoryMessage, Store, Surroundings } from '../../engine/ports.ts';
import type { Anchor } from '../../engine/stored-prompt.ts';
import type { Access } from './access.ts';
import { inCells } from './cells.ts';
import { createFinder } from './conversations.ts';
import { type MessageRow, messageColumns, toMessage } from './rows.ts';

export type MessagePart = Pick<Store, 'page' | 'message' | 'history' | 'surroundings' | 'pathEnd' | 'pathFacts' | 'chooseMessage'>;

type NearRow = { role: 'user' | 'assistant'; mood: string | null; parent_id: string | null };
type HistoryCells = [id: string, role: HistoryMessage['role'], text: string, context: string];
type AnchorRow = { id: string | null; trimmed: number | null; summary_id: string | null };
export type PlaceRow = { conversation_id: string; parent_id: string | null; role: 'user' | 'assistant' };

export function createMessagePart(access: Access): MessagePart {
  const statements = prepare(access);
  const visible = createFinder(access);
  const find = createMessageFinder(access);
  return {
    message: (id) => access.read(() => find(id)),
    page: (conversationId, limit, before) =>
      access.read(() => {
        const conversation = visible.require(conversationId);
        const newest = before === undefined ? conversation.head_id : placeOf(statements, conversationId, before).parent_id;
        return pageFrom(statements, newest, limit);
      }),
    history: (messageId, enough) => access.read(() => historyOf(statements, messageId, enough)),
    surroundings: (parentId, moods) => access.readKept(`around ${parentId} ${moods}`, () => surroundingsOf(statements, parentId, moods)),
    pathEnd: (conversationId) => access.readKept(`end ${conversationId}`, () => visible.require(conversationId).head_id),
    pathFacts: (messageId) =>
      access.read(() => {
        const row = statements.facts.get(messageId) as { replies: number; first_text: string } | undefined;
        return { replies: row?.replies ?? 0, firstText: row?.first_text ?? '' };
      }),
    chooseMessage: (conversationId, messageId) =>
      access.write(() => {
        visible.require(conversationId);
        placeOf(statements, conversationId, messageId);
        statements.choose.run(messageId, conversationId);
      }),
  };
}

/** Finds one message with its place among its siblings. */
export function createMessageFinder({ database }: Access): (id: string) => Message | undefined {
  const statement = database.prepare(`SELECT ${messageColumns} FROM messages m WHERE m.id = ?`);
  return (id) => {
    const row = statement.get(id) as MessageRow | undefined;
    return row && toMessage(row);
  };
}

function prepare({ database }: Access) {
  return {
    page: database.prepare(`
      WITH RECURSIVE path (number, parent_id, depth) AS (
        SELECT number, parent_id, 1 FROM messages WHERE id = :newest
        UNION ALL
        SELECT up.number, up.parent_id, depth + 1 FROM path JOIN messages up ON up.id = path.parent_id WHERE depth < :limit
      )
      SELECT ${messageColumns} FROM path JOIN messages m ON m.number = path.number ORDER BY path.depth DESC`),
    place: database.prepare('SELECT conversation_id, parent_id, role FROM messages WHERE id = ?'),
    history: inCells(
      database.prepare(`
      WITH RECURSIVE path (number, parent_id) AS (
        SELECT number, parent_id FROM messages WHERE id = ?
        UNION ALL
        SELECT up.number, up.parent_id FROM path JOIN messages up ON up.id = path.parent_id
      )
      SELECT m.id, m.role, m.text, m.context FROM path CROSS JOIN messages m ON m.number = path.number`),
    ),
    near: database.prepare('SELECT role, mood, parent_id FROM messages WHERE id = ?'),
    anchor: database.prepare(
      `SELECT json_extract(report, '$.oldestSentId') AS id, json_extract(report, '$.historyTrimmed') AS trimmed,
        json_extract(report, '$.sent.summaryId') AS summary_id FROM messages WHERE id = ?`,
    ),
    facts: database.prepare(`
      WITH RECURSIVE path (id, parent_id, role) AS (
        SELECT id, parent_id, role FROM messages WHERE id = ?
        UNION ALL
        SELECT up.id, up.parent_id, up.role FROM path JOIN messages up ON up.id = path.parent_id
      )
      SELECT count(*) FILTER (WHERE role = 'assistant') AS replies,
        (SELECT first.text FROM messages first WHERE first.id = (SELECT id FROM path WHERE parent_id IS NULL)) AS first_text
      FROM path`),
    // The newest of all that lies below is the end of the branch that was spoken in last; nothing can lie below it.
    choose: database.prepare(`
      UPDATE conversations SET head_id = (
        WITH RECURSIVE below (id, number) AS (
          SELECT id, number FROM messages WHERE id = ?
          UNION ALL
          SELECT child.id, child.number FROM below JOIN messages child ON child.parent_id = below.id
        )
        SELECT id FROM below ORDER BY number DESC LIMIT 1
      ) WHERE id = ?`),
  };
}

type Statements = ReturnType<typeof prepare>;

const placeOf = (statements: Statements, conversationId: string, messageId: string) =>
  requirePlace(statements.place.get(messageId), conversationId);

/** Where a message stands, as its row says; throws bad-request where it is not in the conversation. */
export function requirePlace(row: unknown, conversationId: string): PlaceRow {
  const place = row as PlaceRow | undefined;
  if (place?.conversation_id === conversationId) return place;
  throw new Fault('bad-request', 'That message is not part of this conversation; nothing was changed; open the conversation again.');
}

function pageFrom(statements: Statements, newest: string | null, limit: number): ReturnType<Store['page']> {
  const rows = newest === null ? [] : (statements.page.all({ newest, limit }) as MessageRow[]);
  const oldest = rows[0];
  return { messages: rows.map(toMessage), before: oldest && oldest.parent_id !== null ? oldest.id : null };
}

/** Walks upwards row by row, the newest first, so that a long conversation costs what is used of it. */
function historyOf(statements: Statements, messageId: string, enough: (message: HistoryMessage) => boolean): HistoryMessage[] {
  const path: HistoryMessage[] = [];
  for (const row of statements.history.iterate(messageId)) {
    const [id, role, text, context] = row as unknown as HistoryCells;
    const message = { id, role, text, context };
    path.push(message);
    if (enough(message)) break;
  }
  return path.reverse();
}

function anchorOf(statements: Statements, replyId: string | null): Anchor | undefined {
  const row = replyId === null ? undefined : (statements.anchor.get(replyId) as AnchorRow | undefined);
  if (!row || row.id === null) return undefined;
  return { id: row.id, trimmed: row.trimmed === 1, summaryId: row.summary_id ?? undefined };
}

const neutral: Mood = { compound: 0, positive: 0, negative: 0, neutral: 0 };

function surroundingsOf(statements: Statements, parentId: string | null, count: number): Surroundings {
  const rowOf = (id: string | null) => (id === null ? undefined : (statements.near.get(id) as NearRow | undefined));
  const moods: Mood[] = [];
  for (let row = rowOf(parentId); row && moods.length < count; row = rowOf(row.parent_id)) {
    if (row.role === 'user') moods.push(row.mood === null ? neutral : (JSON.parse(row.mood) as Mood));
  }
  return { moods, anchor: anchorOf(statements, parentId) };
}
