/** @file Notes and summaries: listed, found, written by hand, changed, carried in and out. */

import { setImmediate as rest } from 'node:timers/promises';
import { Fault } from '../../../shared/faults.ts';
import type { CarriedMemory, Memory, MemorySource } from '../../../shared/memories.ts';
import { USES_AT_ONCE, USES_LOOKED_THROUGH } from '../../../shared/notes-limits.ts';
import type { NewNote, NoteStore, Pair } from '../../engine/memory/note-store.ts';
import type { Correction } from '../../engine/memory-port.ts';
import type { Access } from './access.ts';
import { createNoteList } from './note-list.ts';
import { type NoteRow, noteSelect, toMemory, toStoredMemory } from './note-rows.ts';
import { stored } from './rows.ts';
import { foldTitle } from './title.ts';

export type NotePart = Pick<
  NoteStore,
  | 'list'
  | 'find'
  | 'history'
  | 'sources'
  | 'corrected'
  | 'usedAt'
  | 'pinned'
  | 'recallable'
  | 'add'
  | 'change'
  | 'bringIn'
  | 'carried'
  | 'summaryOf'
  | 'untoldIn'
>;

export function createNotePart(access: Access): NotePart {
  const statements = prepare(access);
  const insert = createNoteWriter(access);
  const list = createNoteList(access);
  const putRight = (id: string, said: NewNote['corrects']) => {
    if (said) statements.putRight.run(id, said.messageId, said.conversationId);
  };
  const memory = (id: string): Memory => toMemory(requireNote(statements, id));
  return {
    list: (userId, filter, limit, before) => access.read(() => list(userId, filter, limit, before)),
    find: (id) =>
      access.read(() => {
        const row = statements.find.get(id) as NoteRow | undefined;
        return row && toStoredMemory(row);
      }),
    history: (id) => access.read(() => (statements.history.all(id) as NoteRow[]).map(toMemory)),
    sources: (id) => access.read(() => statements.sources.all(id) as MemorySource[]),
    corrected: (id) => access.read(() => (statements.corrected.all(id) as Correction[]).map((row) => ({ ...row }))),
    async usedAt(id, limit) {
      const found: number[] = [];
      const newest = access.read(() => Number(statements.newest.get()?.['number'] ?? 0));
      for (let to = newest; to > newest - USES_LOOKED_THROUGH && found.length < limit; to -= USES_AT_ONCE) {
        const rows = access.read(() => statements.used.all(`"${id}"`, to - USES_AT_ONCE, to, limit - found.length) as { at: number }[]);
        found.push(...rows.map(({ at }) => at));
        await rest();
      }
      return found;
    },
    pinned: ({ userId, characterId }, shared) =>
      access.readKept(`pinned ${userId} ${characterId} ${shared}`, () =>
        (statements.pinned.all(userId, characterId, shared ? 1 : 0) as NoteRow[]).map(toMemory),
      ),
    recallable: (after, limit) =>
      access.read(() => {
        const rows = statements.recallable.all(after, limit) as NoteRow[];
        const next = rows.length === limit ? rows.at(-1)?.number : undefined;
        return { memories: rows.map((row) => ({ ...toStoredMemory(row), messageId: row.source_message ?? undefined })), next };
      }),
    add: (pair, note) =>
      access.write(() => {
        insert(pair, note);
        putRight(note.id, note.corrects);
        return memory(note.id);
      }),
    change: (id, { text, pinned, shared, kind, corrects, at }) =>
      access.write(() => {
        requireNote(statements, id);
        if (text !== undefined) statements.reword.run(stored(text), foldTitle(stored(text)), at, id);
        if (pinned !== undefined) statements.pin.run(pinned ? 1 : 0, id);
        if (shared !== undefined) statements.share.run(shared ? 1 : 0, id);
        if (kind !== undefined) statements.sort.run(kind, id);
        putRight(id, corrects);
        return memory(id);
      }),
    bringIn: (pair, memories) =>
      access.write(() => {
        for (const each of memories) insert(pair, { ...each, ...importedAs(each), source: undefined });
        for (const { id, supersededAt, shared } of memories) {
          if (supersededAt !== undefined) statements.outdate.run(supersededAt, id);
          if (shared) statements.share.run(1, id);
        }
      }),
    carried: (userId, characterId, limit, before) =>
      access.read(() => {
        const rows = statements.carried.all(
          userId,
          characterId,
          before === undefined ? Number.MAX_SAFE_INTEGER : Number(before),
          limit,
        ) as NoteRow[];
        const last = rows.at(-1);
        return { memories: rows.map(toCarried), ...(rows.length === limit && last ? { before: String(last.number) } : {}) };
      }),
    untoldIn: (conversationId) => access.read(() => (statements.untold.all(conversationId) as { text: string }[]).map(({ text }) => text)),
    summaryOf: (conversationId) =>
      access.read(() => {
        const row = statements.summary.get(conversationId) as NoteRow | undefined;
        return row && toMemory(row);
      }),
  };
}

const importedAs = ({ learnedAt }: CarriedMemory) => ({ origin: 'import', at: learnedAt, quote: '' }) as const;

function toCarried(row: NoteRow): CarriedMemory {
  return {
    kind: row.kind,
    text: row.text,
    confidence: row.confidence,
    pinned: row.pinned === 1,
    edited: row.edited === 1,
    ...(row.shared === 1 ? { shared: true } : {}),
    learnedAt: row.learned_at,
    saidAt: row.said_at,
    ...(row.source_quote ? { quote: row.source_quote } : {}),
    ...(row.superseded_at === null ? {} : { supersededAt: row.superseded_at }),
  };
}

/** Writes one note with its source, and marks what it takes the place of; within a transaction of the caller. */
export function createNoteWriter({ database }: Access): (pair: Pair, note: NewNote, conversationId?: string) => void {
  const insert =
    database.prepare(`INSERT INTO notes (id, user_id, character_id, kind, subject, single, text, folded_text, origin, confidence,
    pinned, edited, learned_at, said_at, conversation_id, superseded_by, superseded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const cite = database.prepare(
    'INSERT OR IGNORE INTO note_sources (note_id, message_id, conversation_id, said_at, quote) VALUES (?, ?, ?, ?, ?)',
  );
  const supersede = database.prepare('UPDATE notes SET superseded_by = ?, superseded_at = ? WHERE id = ? AND superseded_by IS NULL');
  return ({ userId, characterId }, note, conversationId) => {
    const text = stored(note.text);
    insert.run(
      note.id,
      userId,
      characterId,
      note.kind,
      note.subject,
      note.single ? 1 : 0,
      text,
      foldTitle(text),
      note.origin,
      note.confidence,
      note.pinned ? 1 : 0,
      note.edited ? 1 : 0,
      note.at,
      note.saidAt,
      conversationId ?? null,
      note.supersededBy ?? null,
      note.supersededBy === undefined ? null : note.at,
    );
    const { source } = note;
    if (source) cite.run(note.id, source.messageId, source.conversationId, source.at, stored(note.quote));
    for (const id of note.supersedes) supersede.run(note.id, note.at, id);
  };
}

function prepare({ database }: Access) {
  const shown = 'n.forgetting_id IS NULL';
  const holds = `${shown} AND n.superseded_by IS NULL AND n.superseded_at IS NULL`;
  const older = `WITH RECURSIVE older (id) AS (
        SELECT id FROM notes WHERE superseded_by = ?1 UNION SELECT notes.id FROM older JOIN notes ON notes.superseded_by = older.id)`;
  return {
    find: database.prepare(`${noteSelect} WHERE n.id = ? AND ${shown}`),
    history: database.prepare(`${older}
      ${noteSelect} WHERE n.id IN older AND ${shown} ORDER BY n.said_at DESC, n.number DESC LIMIT 50`),
    sources:
      database.prepare(`SELECT s.conversation_id AS conversationId, c.title AS title, s.message_id AS messageId, s.said_at AS at, s.quote AS quote
      FROM note_sources s JOIN conversations c ON c.id = s.conversation_id AND c.deleted_at IS NULL
      WHERE s.note_id = ? ORDER BY s.said_at DESC LIMIT 50`),
    // Not a sentence that says the newer one as well; of a note in the person's own wording the words it was drawn from.
    corrected: database.prepare(`${older}
      SELECT s.message_id AS messageId, s.quote AS quote FROM older JOIN note_sources s ON s.note_id = older.id WHERE NOT EXISTS (
        SELECT 1 FROM note_sources own WHERE own.note_id = ?1 AND own.message_id = s.message_id AND own.quote = s.quote)
      UNION SELECT s.message_id, s.quote FROM note_sources s JOIN notes n ON n.id = s.note_id WHERE n.id = ?1 AND n.edited = 1
      UNION SELECT message_id, '' FROM put_right WHERE note_id = ?1`),
    putRight: database.prepare('INSERT OR IGNORE INTO put_right (note_id, message_id, conversation_id) VALUES (?, ?, ?)'),
    untold: database.prepare('SELECT text FROM messages WHERE conversation_id = ? AND untold > 0'),
    newest: database.prepare('SELECT max(number) AS number FROM messages'),
    used: database.prepare(`SELECT created_at AS at FROM messages WHERE report IS NOT NULL AND instr(report, ?1) > 0
      AND number > ?2 AND number <= ?3 ORDER BY number DESC LIMIT ?4`),
    pinned:
      database.prepare(`${noteSelect} WHERE n.user_id = ? AND (n.character_id = ? OR (? AND n.kind <> 'summary')) AND n.pinned = 1 AND ${holds}
      ORDER BY n.learned_at, n.number LIMIT 50`),
    recallable: database.prepare(`${noteSelect} WHERE n.number > ? AND ${holds} ORDER BY n.number LIMIT ?`),
    carried: database.prepare(`${noteSelect} WHERE n.user_id = ? AND n.character_id = ? AND n.number < ? AND ${shown}
      ORDER BY n.number DESC LIMIT ?`),
    summary: database.prepare(`${noteSelect} WHERE n.conversation_id = ? AND ${shown}`),
    reword: database.prepare(
      'UPDATE notes SET text = ?, folded_text = ?, edited = 1, confidence = 1, learned_at = max(learned_at, ?) WHERE id = ?',
    ),
    pin: database.prepare('UPDATE notes SET pinned = ? WHERE id = ?'),
    share: database.prepare("UPDATE notes SET shared = ? WHERE id = ? AND kind <> 'summary'"),
    sort: database.prepare("UPDATE notes SET kind = ? WHERE id = ? AND kind <> 'summary'"),
    outdate: database.prepare('UPDATE notes SET superseded_at = ? WHERE id = ?'),
  };
}

type Statements = ReturnType<typeof prepare>;

function requireNote({ find }: Statements, id: string): NoteRow {
  const row = find.get(id) as NoteRow | undefined;
  if (row) return row;
  throw new Fault('not-found', 'This is not remembered any more; nothing was changed.');
}
