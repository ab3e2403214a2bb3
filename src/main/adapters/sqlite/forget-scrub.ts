/** @file Takes what is forgotten out of one database, the live one or a copy: its rows, and every trace of its words elsewhere. */
import type { DatabaseSync } from 'node:sqlite';
import { FORGOTTEN, forgottenWords, traces, withoutRetellings, withoutTraces } from '../../engine/memory/forgotten-text.ts';
import { toThey } from '../../engine/memory/person.ts';
import { hasColumn, hasTable, type TextColumn, textColumns } from './forget-columns.ts';
import { findRows, findRowsSince, marksOf, mayHold, type Rest } from './forget-find.ts';
import { blankRecalled, recalledTexts } from './forget-recalled.ts';
import { deriveTitle, foldTitle } from './title.ts';

/** The texts are wordings that this database may not know any more or not yet, such as those of the live one for a copy. */
export type Forgotten = {
  noteIds: readonly string[];
  messageIds: readonly string[];
  noteTexts: readonly string[];
  messageTexts: readonly string[];
};

const all = (ids: readonly string[]) => JSON.stringify(ids);
const IN = 'IN (SELECT value FROM json_each(?))';

/** The messages of one database that hold something of it. */
export type Found = Forgotten & { named: number[]; touched: number[]; last: number };

/** What this database says under these ids, in every wording that it has; `named` are the messages whose reports name them. */
export function textsOf(
  database: DatabaseSync,
  { noteIds, messageIds }: Pick<Forgotten, 'noteIds' | 'messageIds'>,
  named: readonly number[],
) {
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
      ...recalledTexts(database, [...noteIds, ...messageIds], named),
    ],
    messageTexts: [
      ...texts(`SELECT text FROM messages WHERE id ${IN} AND text <> '${FORGOTTEN}'`, messageIds),
      ...(withNotes ? texts(`SELECT quote AS text FROM note_sources WHERE message_id ${IN}`, messageIds) : []),
    ],
  };
}

const once = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])];

/** Whether a text reads otherwise without these. */
function holds(texts: readonly string[]): (text: string) => boolean {
  const mayBe = mayHold(texts);
  const cleaned = createCleaner(texts, true);
  return (text) => mayBe(text) && cleaned(text) !== text;
}

/** Looks through all messages, for reports that name it and for what says it; once more, where they have wordings of their own. Changes nothing. */
export async function find(database: DatabaseSync, forgotten: Forgotten, rest: Rest): Promise<Found> {
  const ids = [...forgotten.noteIds, ...forgotten.messageIds].map((id) => `"${id}"`);
  const named = new Set<number>();
  const known = textsOf(database, forgotten, []);
  const noteTexts = once(forgotten.noteTexts, known.noteTexts);
  const messageTexts = once(forgotten.messageTexts, known.messageTexts);
  const texts = [...noteTexts, ...messageTexts];
  const isHeld = holds(texts);
  await rest();
  const look = (text: string, number: number) => {
    if (ids.some((id) => text.includes(id))) named.add(number);
    return isHeld(text);
  };
  const { numbers: touched, last } = await findRows(database, look, rest);
  const more = textsOf(database, forgotten, [...named]).noteTexts.filter((text) => !texts.includes(text));
  if (more.length > 0) touched.push(...(await findRows(database, holds(more), rest)).numbers);
  return { ...forgotten, noteTexts: [...noteTexts, ...more], messageTexts, named: [...named], touched: [...new Set(touched)], last };
}

/**
 * Within a transaction of the caller, after `find`: what was made of it, and what tells it elsewhere. It stands where it was said itself,
 * so that a start after a crash knows what is to go.
 */
export function scrubTold(database: DatabaseSync, { noteTexts, messageTexts, messageIds, touched }: Found): void {
  const conversations = conversationsOf(database, messageIds);
  cleanTitles(database, conversations, messageTexts);
  clean(database, { noteTexts, messageTexts, messageIds, conversations, touched });
}

/** Within the next one: what is forgotten itself, and what was written since. Answers the conversations that read differently now. */
export function scrub(database: DatabaseSync, found: Found): string[] {
  const { noteTexts, messageTexts, messageIds, named } = found;
  const since = findRowsSince(database, found.last);
  const conversations = conversationsOf(database, messageIds);
  removeNotes(database, found);
  blankRecalled(database, [...found.noteIds, ...messageIds], [...named, ...since]);
  blankMessages(database, messageIds);
  if (since.length > 0) clean(database, { noteTexts, messageTexts, messageIds, conversations, touched: since });
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

/** Words that a row must hold before it is looked at closely; few enough for one statement. */
const MARKS = 24;
/** Rows that one statement names. */
const NAMED = 1_000;

function fewMarks(texts: readonly string[]): string[] | undefined {
  const marks = marksOf(texts)?.marks ?? [];
  return marks.length > 0 && marks.length <= MARKS ? marks : undefined;
}

const inPieces = (numbers: readonly number[]): number[][] =>
  Array.from({ length: Math.ceil(numbers.length / NAMED) }, (_, at) => numbers.slice(at * NAMED, (at + 1) * NAMED));

type Cleaning = Pick<Forgotten, 'noteTexts' | 'messageTexts' | 'messageIds'> & { conversations: string[]; touched: readonly number[] };

function clean(database: DatabaseSync, { noteTexts, messageTexts, messageIds, conversations, touched }: Cleaning): void {
  const texts = [...noteTexts, ...messageTexts];
  if (texts.length === 0) return;
  const derived = createCleaner(texts, true);
  const said = createCleaner(messageTexts, false);
  database.function('forget_derived', { deterministic: true }, (text) => derived(String(text)));
  database.function('forget_said', { deterministic: true }, (text) => said(String(text)));
  const marks = fewMarks(texts);
  for (const place of textColumns(database)) {
    // Of messages there are many: where it stands was found before.
    if (place.of === 'derived' && place.table === 'messages')
      for (const numbers of inPieces(touched)) update(database, place, 'forget_derived', undefined, `number IN (${numbers.join(', ')})`);
    else if (place.of === 'derived') update(database, place, 'forget_derived', marks, '');
    else if (place.of === 'said' && messageTexts.length > 0)
      update(database, place, 'forget_said', fewMarks(messageTexts), within(place, conversations, messageIds));
  }
  if (hasTable(database, 'notes')) {
    const summaries = { table: 'notes', column: 'text', of: 'derived' } as const;
    for (const column of ['text', 'folded_text']) update(database, { ...summaries, column }, 'forget_derived', marks, "kind = 'summary'");
  }
}

const quoted = (ids: readonly string[]): string => ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ');

/** Messages of other conversations are other things that were said, and what is forgotten itself goes last; all else is looked through. */
function within({ table }: TextColumn, conversations: readonly string[], messageIds: readonly string[]): string {
  return table === 'messages' ? `conversation_id IN (${quoted(conversations)}) AND id NOT IN (${quoted(messageIds)})` : '';
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
