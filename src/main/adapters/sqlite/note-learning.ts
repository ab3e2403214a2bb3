/** @file How far each conversation was learnt from: what waits, and what is written together with the mark. */
import type { SpokenMessage } from '../../engine/memory/draft.ts';
import type { Learner, Learnt, NoteStore, Pair, Unlearnt } from '../../engine/memory/note-store.ts';
import type { Access } from './access.ts';
import { type NoteRow, noteSelect, toMemory } from './note-rows.ts';
import { createNoteWriter } from './notes.ts';
import { stored } from './rows.ts';
import { foldTitle } from './title.ts';

export type LearningPart = Pick<NoteStore, 'unlearnt' | 'unlearntIn' | 'learn' | 'skip' | 'restingOn' | 'learntIn' | 'heldBy'>;

type WaitingRow = { id: string; user_id: string; character_id: string; through: number };
const learners = ['rules', 'notes', 'summary'] as const satisfies readonly Learner[];

export function createLearningPart(access: Access): LearningPart {
  const statements = prepare(access);
  const insert = createNoteWriter(access);
  const unlearnt = (row: WaitingRow | undefined, limit: number): Unlearnt | undefined => {
    if (!row) return undefined;
    const messages = statements.messages.all(row.id, row.through, limit) as SpokenMessage[];
    if (messages.length === 0) return undefined;
    return { userId: row.user_id, characterId: row.character_id, conversationId: row.id, messages };
  };
  const memoryOf = (id: string) => toMemory(statements.find.get(id) as NoteRow);
  const write = (pair: Pair, learnt: Learnt): string[] => {
    for (const note of learnt.notes) insert(pair, note);
    for (const { id, source, quote, confidence } of learnt.joins) {
      statements.cite.run(id, source.messageId, source.conversationId, source.at, stored(quote));
      statements.again.run(source.at, confidence, id);
    }
    const summary = learnt.summary && writeSummary(statements, insert, pair, learnt.conversationId, learnt.summary);
    statements.mark[learnt.learner].run(learnt.conversationId, learnt.through);
    const replaced = learnt.notes.flatMap(({ supersedes }) => supersedes);
    return [...learnt.notes.map(({ id }) => id), ...learnt.joins.map(({ id }) => id), ...replaced, ...(summary ? [summary] : [])];
  };
  return {
    unlearnt: (learner, least, limit) =>
      access.read(() => unlearnt(statements.waiting[learner].get(least) as WaitingRow | undefined, limit)),
    unlearntIn: (id, learner, limit) => access.read(() => unlearnt(statements.waitingIn[learner].get(id) as WaitingRow | undefined, limit)),
    // Together with the mark of how far was read: what a loss of power takes is learnt again.
    learn: (pair, learnt) => access.writeSoon(() => [...new Set(write(pair, learnt))].map(memoryOf)),
    skip: (conversationId) =>
      access.write(() => {
        statements.skip.run(conversationId);
      }),
    restingOn: (messageIds) =>
      access.read(() => (statements.resting.all(JSON.stringify(messageIds)) as { id: string }[]).map(({ id }) => id)),
    heldBy: (characterId) => access.read(() => (statements.held.all(characterId) as { id: string }[]).map(({ id }) => id)),
    learntIn: (conversationId) =>
      access.read(() => (statements.learntIn.all(conversationId, conversationId, conversationId) as { id: string }[]).map(({ id }) => id)),
  };
}

/** One a conversation: a newer one takes the older one's place, unless the person wrote it. */
function writeSummary(
  statements: ReturnType<typeof prepare>,
  insert: ReturnType<typeof createNoteWriter>,
  pair: Pair,
  conversationId: string,
  { id, text, at }: NonNullable<Learnt['summary']>,
): string | undefined {
  const known = statements.summary.get(conversationId) as { id: string; edited: number } | undefined;
  if (known?.edited === 1) return undefined;
  if (known) {
    statements.resum.run(stored(text), foldTitle(stored(text)), at, at, known.id);
    return known.id;
  }
  const note = {
    id,
    kind: 'summary',
    subject: 'summary',
    single: false,
    text,
    origin: 'model',
    confidence: 0.7,
    quote: '',
    at,
    saidAt: at,
  } as const;
  insert(pair, { ...note, source: undefined, pinned: false, edited: false, supersedes: [], supersededBy: undefined }, conversationId);
  return id;
}

function prepare({ database }: Access) {
  const each = <Made>(make: (learner: Learner) => Made) =>
    Object.fromEntries(learners.map((learner) => [learner, make(learner)])) as Record<Learner, Made>;
  const waits = (learner: Learner) => `SELECT c.id, c.user_id, c.character_id, coalesce(l.${learner}, 0) AS through
    FROM conversations c LEFT JOIN learning l ON l.conversation_id = c.id WHERE c.deleted_at IS NULL AND c.remembered = 1`;
  return {
    find: database.prepare(`${noteSelect} WHERE n.id = ?`),
    messages: database.prepare(`SELECT id, number, conversation_id AS conversationId, created_at AS at, text FROM messages
      WHERE conversation_id = ? AND number > ? AND role = 'user' AND untold = 0 ORDER BY number LIMIT ?`),
    waiting: each((learner) =>
      database.prepare(`${waits(learner)} AND (SELECT count(*) FROM (SELECT 1 FROM messages m WHERE m.conversation_id = c.id
        AND m.role = 'user' AND m.untold = 0 AND m.number > coalesce(l.${learner}, 0) LIMIT ?1)) >= ?1 ORDER BY c.updated_at, c.id LIMIT 1`),
    ),
    waitingIn: each((learner) => database.prepare(`${waits(learner)} AND c.id = ?`)),
    mark: each((learner) =>
      database.prepare(`INSERT INTO learning (conversation_id, ${learner}) VALUES (?, ?)
        ON CONFLICT (conversation_id) DO UPDATE SET ${learner} = max(${learner}, excluded.${learner})`),
    ),
    skip: database.prepare(`INSERT INTO learning (conversation_id, rules, notes, summary)
      SELECT ?1, n, n, n FROM (SELECT coalesce(max(number), 0) AS n FROM messages WHERE conversation_id = ?1)
      WHERE true ON CONFLICT (conversation_id) DO UPDATE SET rules = excluded.rules, notes = excluded.notes, summary = excluded.summary`),
    cite: database.prepare(
      'INSERT OR IGNORE INTO note_sources (note_id, message_id, conversation_id, said_at, quote) VALUES (?, ?, ?, ?, ?)',
    ),
    again: database.prepare('UPDATE notes SET said_at = max(said_at, ?), confidence = max(confidence, ?) WHERE id = ?'),
    summary: database.prepare('SELECT id, edited FROM notes WHERE conversation_id = ?'),
    resum: database.prepare('UPDATE notes SET text = ?, folded_text = ?, learned_at = ?, said_at = ? WHERE id = ?'),
    resting: database.prepare(`SELECT DISTINCT note_id AS id FROM note_sources WHERE message_id IN (SELECT value FROM json_each(?1))
      AND NOT EXISTS (SELECT 1 FROM note_sources other WHERE other.note_id = note_sources.note_id
        AND other.message_id NOT IN (SELECT value FROM json_each(?1)))`),
    held: database.prepare('SELECT id FROM notes WHERE character_id = ? AND forgetting_id IS NULL'),
    learntIn: database.prepare(`SELECT id FROM notes WHERE conversation_id = ? AND forgetting_id IS NULL UNION
      SELECT s.note_id FROM note_sources s JOIN notes n ON n.id = s.note_id AND n.forgetting_id IS NULL AND n.edited = 0
      WHERE s.conversation_id = ? AND NOT EXISTS
        (SELECT 1 FROM note_sources other WHERE other.note_id = s.note_id AND other.conversation_id <> ?)`),
  };
}
