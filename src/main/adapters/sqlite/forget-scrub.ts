/** @file Takes what is forgotten out of one database, the live one or a copy: its rows, and every trace of its words elsewhere. */
import type { DatabaseSync } from 'node:sqlite';
import { FORGOTTEN, forgottenWords, traces, withoutRetellings, withoutTraces } from '../../engine/memory/forgotten-text.ts';
import { contentStems } from '../../engine/memory/note-words.ts';
import { toThey } from '../../engine/memory/person.ts';
import { hasColumn, hasTable, type TextColumn, textColumns } from './forget-columns.ts';
import { blankRecalled, recalledTexts } from './forget-recalled.ts';
import { deriveTitle, foldTitle } from './title.ts';

/** `texts` are wordings that this database may not know any more or not yet, such as those of the live one for a copy. */
export type Forgotten = {
  noteIds: readonly string[];
  messageIds: readonly string[];
  noteTexts: readonly string[];
  messageTexts: readonly string[];
};

/** Words that a row must hold before it is looked at closely; enough to be quick, few enough for one statement. */
const MARKS = 24;

const all = (ids: readonly string[]) => JSON.stringify(ids);
const IN = 'IN (SELECT value FROM json_each(?))';

/** What this database says under these ids, in every wording that it has. */
export function textsOf(database: DatabaseSync, { noteIds, messageIds }: Pick<Forgotten, 'noteIds' | 'messageIds'>) {
  const texts = (sql: string, ids: readonly string[]) =>
    (database.prepare(sql).all(all(ids)) as { text: string }[]).map(({ text }) => text);
  const withNotes = hasTable(database, 'notes');
  return {
    // A note's subject is made of its words.
    noteTexts: [
      ...(withNotes
        ? [
            // As the page says it, and as the model read it.
            ...texts(`SELECT text FROM notes WHERE id ${IN}`, noteIds).flatMap((text) => [text, toThey(text)]),
            ...texts(`SELECT subject AS text FROM notes WHERE id ${IN}`, noteIds),
          ]
        : []),
      ...recalledTexts(database, [...noteIds, ...messageIds]),
    ],
    messageTexts: [
      ...texts(`SELECT text FROM messages WHERE id ${IN} AND text <> '${FORGOTTEN}'`, messageIds),
      ...(withNotes ? texts(`SELECT quote AS text FROM note_sources WHERE message_id ${IN}`, messageIds) : []),
    ],
  };
}

/** Within a transaction of the caller. Answers the conversations that read differently now. */
export function scrub(database: DatabaseSync, forgotten: Forgotten): string[] {
  const own = textsOf(database, forgotten);
  const noteTexts = [...new Set([...forgotten.noteTexts, ...own.noteTexts])];
  const messageTexts = [...new Set([...forgotten.messageTexts, ...own.messageTexts])];
  const conversations = conversationsOf(database, forgotten.messageIds);
  removeNotes(database, forgotten);
  blankRecalled(database, [...forgotten.noteIds, ...forgotten.messageIds]);
  cleanTitles(database, conversations, messageTexts);
  blankMessages(database, forgotten.messageIds);
  clean(database, { noteTexts, messageTexts, conversations });
  return conversations;
}

function conversationsOf(database: DatabaseSync, messageIds: readonly string[]): string[] {
  const rows = database.prepare(`SELECT DISTINCT conversation_id AS id FROM messages WHERE id ${IN}`).all(all(messageIds));
  return (rows as { id: string }[]).map(({ id }) => id);
}

function removeNotes(database: DatabaseSync, { noteIds, messageIds }: Forgotten): void {
  if (!hasTable(database, 'notes')) return;
  // A copy that is read again one day tells no more than the live database does.
  if (hasColumn(database, 'messages', 'untold'))
    database
      .prepare(`UPDATE messages SET untold = max(untold, 1) WHERE id IN (SELECT message_id FROM note_sources WHERE note_id ${IN})`)
      .run(all(noteIds));
  if (hasTable(database, 'put_right')) database.prepare(`DELETE FROM put_right WHERE note_id ${IN}`).run(all(noteIds));
  database.prepare(`DELETE FROM note_sources WHERE note_id ${IN}`).run(all(noteIds));
  database.prepare(`DELETE FROM note_sources WHERE message_id ${IN}`).run(all(messageIds));
  database.prepare(`UPDATE notes SET superseded_by = NULL WHERE superseded_by ${IN}`).run(all(noteIds));
  database.prepare(`DELETE FROM notes WHERE id ${IN}`).run(all(noteIds));
}

/** A title that was made from what is forgotten goes with it; one that a person wrote loses the exact words only. */
function cleanTitles(database: DatabaseSync, conversations: readonly string[], texts: readonly string[]): void {
  const found = traces(texts);
  const words = forgottenWords(texts);
  const rows = database.prepare(`SELECT id, title, titled FROM conversations WHERE id ${IN}`).all(all(conversations));
  const change = database.prepare('UPDATE conversations SET title = ?, folded_title = ? WHERE id = ?');
  for (const { id, title, titled } of rows as { id: string; title: string; titled: number }[]) {
    const derived = titled === 0 && texts.some((text) => deriveTitle(text) === title);
    const plain = titled === 0 ? withoutRetellings(title, words) : title;
    const cleaned = derived ? FORGOTTEN : withoutTraces(plain, found);
    if (cleaned !== title) change.run(cleaned, foldTitle(cleaned), id);
  }
}

function blankMessages(database: DatabaseSync, messageIds: readonly string[]): void {
  database.prepare(`UPDATE messages SET text = '${FORGOTTEN}', thinking = '' WHERE id ${IN}`).run(all(messageIds));
}

type Cleaning = { noteTexts: string[]; messageTexts: string[]; conversations: string[] };

function clean(database: DatabaseSync, { noteTexts, messageTexts, conversations }: Cleaning): void {
  const texts = [...noteTexts, ...messageTexts];
  if (texts.length === 0) return;
  const derived = createCleaner(texts, true);
  const said = createCleaner(messageTexts, false);
  database.function('forget_derived', { deterministic: true }, (text) => derived(String(text)));
  database.function('forget_said', { deterministic: true }, (text) => said(String(text)));
  for (const place of textColumns(database)) {
    if (place.of === 'derived') update(database, place, 'forget_derived', marksOf(texts), '');
    else if (place.of === 'said' && messageTexts.length > 0)
      update(database, place, 'forget_said', marksOf(messageTexts), within(place, conversations));
  }
  if (hasTable(database, 'notes')) {
    const summaries = { table: 'notes', column: 'text', of: 'derived' } as const;
    for (const column of ['text', 'folded_text'])
      update(database, { ...summaries, column }, 'forget_derived', marksOf(texts), "kind = 'summary'");
  }
}

/** Messages of other conversations are other things that were said; all else is looked through. */
function within({ table }: TextColumn, conversations: readonly string[]): string {
  if (table !== 'messages') return '';
  return `conversation_id IN (${conversations.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')})`;
}

/** Text as it is, or JSON, whose strings are cleaned one by one. */
function createCleaner(texts: readonly string[], alsoRetellings: boolean): (text: string) => string {
  const found = traces(texts);
  const words = alsoRetellings ? forgottenWords(texts) : [];
  const plain = (text: string) => {
    const cleaned = withoutTraces(text, found);
    return words.length === 0 ? cleaned : withoutRetellings(cleaned, words);
  };
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return plain(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each)]));
  };
  return (text) => {
    const json = /^[{[]/u.test(text) ? parsed(text) : undefined;
    if (json === undefined) return plain(text);
    const cleaned = JSON.stringify(deep(json));
    return cleaned === JSON.stringify(json) ? text : cleaned;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The longest words of what is forgotten: a row without any of them holds no trace of it. */
function marksOf(texts: readonly string[]): string[] | undefined {
  const marks = new Set<string>();
  for (const text of texts) for (const stem of contentStems(text)) if (/^[a-z0-9]{3,}$/u.test(stem)) marks.add(stem);
  // Texts in other scripts, or of many words, are looked for without this short cut.
  const plain = texts.every((text) => [...contentStems(text)].some((stem) => marks.has(stem)));
  return plain && marks.size <= MARKS ? [...marks] : undefined;
}

function update(
  database: DatabaseSync,
  { table, column }: TextColumn,
  cleaner: string,
  marks: string[] | undefined,
  condition: string,
): void {
  const place = `"${column}"`;
  const marked = marks?.map((_, index) => `instr(lower(${place}), ?${index + 1}) > 0`).join(' OR ');
  const where = [`${place} IS NOT NULL`, marked && `(${marked})`, condition].filter((part) => part).join(' AND ');
  database
    .prepare(`UPDATE OR IGNORE "${table}" SET ${place} = ${cleaner}(${place}) WHERE ${where} AND ${cleaner}(${place}) <> ${place}`)
    .run(...(marks ?? []));
}
