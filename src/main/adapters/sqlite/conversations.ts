/** @file Conversations: made, found, listed, renamed, hidden and shown again. */
import type { Conversation } from '../../../shared/conversation.ts';
import { Fault } from '../../../shared/faults.ts';
import { PAGE_CONVERSATIONS } from '../../../shared/limits.ts';
import type { Store } from '../../engine/ports.ts';
import type { Access } from './access.ts';
import { REMOVAL_BEGUN } from './remove-conversation.ts';
import { type ConversationRow, conversationColumns, stored, toConversation } from './rows.ts';
import { foldTitle } from './title.ts';

export type ConversationPart = Pick<
  Store,
  | 'createConversation'
  | 'conversation'
  | 'latestConversation'
  | 'listConversations'
  | 'talks'
  | 'conversationsWith'
  | 'renameConversation'
  | 'setConversationModel'
  | 'deleteConversation'
  | 'restoreConversation'
  | 'isRemembered'
  | 'setRemembered'
>;

export function createConversationPart(access: Access): ConversationPart {
  const statements = prepare(access);
  const visible = createFinder(access);
  return {
    createConversation: (conversation, greeting) => access.write(() => insert(statements, conversation, greeting)),
    conversation: (id) => access.readKept(`conversation ${id}`, () => visible.find(id)),
    latestConversation: (userId, characterId) =>
      access.readKept(`latest ${userId} ${characterId}`, () => {
        const row = statements.latest.get(userId, characterId) as ConversationRow | undefined;
        return row && toConversation(row);
      }),
    talks: (userId) => access.read(() => statements.talks.all(userId) as ReturnType<Store['talks']>),
    conversationsWith: (characterId) =>
      access.read(() => (statements.withCharacter.all(characterId) as { id: string }[]).map(({ id }) => id)),
    listConversations: (options) => access.read(() => list(statements, options)),
    renameConversation: (id, title, titled, at) =>
      access.write(() => {
        visible.require(id);
        statements.rename.run(stored(title), foldTitle(stored(title)), titled ? 1 : 0, at, id);
        return toConversation(visible.require(id));
      }),
    setConversationModel: (id, model) =>
      access.write(() => {
        visible.require(id);
        statements.model.run(model ?? null, id);
        return toConversation(visible.require(id));
      }),
    deleteConversation: (id, at) =>
      access.write(() => {
        visible.require(id);
        statements.hide.run(at, id);
      }),
    isRemembered: (id) => access.read(() => (statements.remembered.get(id) as { remembered: number } | undefined)?.remembered === 1),
    setRemembered: (id, remembered) =>
      access.write(() => {
        visible.require(id);
        statements.remember.run(remembered ? 1 : 0, id);
      }),
    restoreConversation: (id) =>
      access.write(() => {
        statements.show.run(id);
        return toConversation(visible.require(id));
      }),
  };
}

/** Finds conversations that are not hidden; `require` throws conversation-not-found. */
export function createFinder({ database }: Access) {
  const statement = database.prepare(`SELECT ${conversationColumns} FROM conversations WHERE id = ? AND deleted_at IS NULL`);
  const row = (id: string) => statement.get(id) as ConversationRow | undefined;
  return {
    find(id: string): Conversation | undefined {
      const found = row(id);
      return found && toConversation(found);
    },
    require(id: string): ConversationRow {
      const found = row(id);
      if (found) return found;
      throw new Fault(
        'conversation-not-found',
        'This conversation is not there any more; nothing was changed; choose another one or start a new one.',
      );
    },
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare({ database }: Access) {
  const page = (condition: string) =>
    database.prepare(`SELECT ${conversationColumns} FROM conversations
      WHERE deleted_at IS NULL AND (updated_at, id) < (:time, :id) ${condition}
      ORDER BY updated_at DESC, id DESC LIMIT ${PAGE_CONVERSATIONS + 1}`);
  return {
    insert: database.prepare(`INSERT INTO conversations
      (id, user_id, character_id, title, folded_title, titled, head_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    greet: database.prepare(
      `INSERT INTO messages (id, conversation_id, role, text, status, created_at) VALUES (?, ?, 'assistant', ?, 'complete', ?)`,
    ),
    latest: database.prepare(`SELECT ${conversationColumns} FROM conversations
      WHERE user_id = ? AND character_id = ? AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 1`),
    talks:
      database.prepare(`SELECT character_id AS characterId, count(*) AS conversations, max(updated_at) AS lastTalkedAt FROM conversations
      WHERE user_id = ? AND deleted_at IS NULL GROUP BY character_id`),
    withCharacter: database.prepare('SELECT id FROM conversations WHERE character_id = ? AND deleted_at IS NULL ORDER BY updated_at, id'),
    page: page(''),
    search: page('AND instr(folded_title, :query) > 0'),
    rename: database.prepare('UPDATE conversations SET title = ?, folded_title = ?, titled = ?, updated_at = ? WHERE id = ?'),
    model: database.prepare('UPDATE conversations SET model = ? WHERE id = ?'),
    hide: database.prepare('UPDATE conversations SET deleted_at = ? WHERE id = ?'),
    remembered: database.prepare('SELECT remembered FROM conversations WHERE id = ? AND deleted_at IS NULL'),
    remember: database.prepare('UPDATE conversations SET remembered = ? WHERE id = ?'),
    show: database.prepare(`UPDATE conversations SET deleted_at = NULL WHERE id = ? AND deleted_at > ${REMOVAL_BEGUN}`),
  };
}

function insert(statements: Statements, conversation: Conversation, greeting: { id: string; text: string } | undefined): void {
  const title = stored(conversation.title);
  statements.insert.run(
    conversation.id,
    conversation.userId,
    conversation.characterId,
    title,
    foldTitle(title),
    conversation.titled ? 1 : 0,
    greeting?.id ?? null,
    conversation.createdAt,
    conversation.updatedAt,
  );
  if (greeting) statements.greet.run(greeting.id, conversation.id, stored(greeting.text), conversation.createdAt);
}

function list(statements: Statements, options: { query?: string; before?: string }): ReturnType<Store['listConversations']> {
  const place = options.before === undefined ? { time: Number.MAX_VALUE, id: '' } : placeOf(options.before);
  const query = foldTitle(stored(options.query ?? '')).trim();
  const found = query === '' ? statements.page.all(place) : statements.search.all({ ...place, query });
  const rows = (found as ConversationRow[]).slice(0, PAGE_CONVERSATIONS);
  const last = rows.at(-1);
  const before = found.length > rows.length && last ? `${last.updated_at}_${last.id}` : undefined;
  return { conversations: rows.map(toConversation), before };
}

/** Reads a cursor back: the time and the id of the last conversation that was listed. */
function placeOf(cursor: string): { time: number; id: string } {
  const [, time, id] = /^(-?\d+(?:\.\d+)?)_([A-Za-z0-9-]+)$/.exec(cursor) ?? [];
  if (time !== undefined && id !== undefined) return { time: Number(time), id };
  throw new Fault(
    'bad-request',
    'The place in the list of conversations could not be read; nothing was changed; list them from the start.',
  );
}
