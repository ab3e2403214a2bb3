/** @file Takes what is forgotten out of one database, the live one or a copy: its rows, and every trace of its words elsewhere. */
import type { DatabaseSync } from 'node:sqlite';
import { FORGET_WRITE_MS } from '../../../shared/notes-limits.ts';
import { FORGOTTEN, forgottenWords, traces, withoutRetellings, withoutTraces } from '../../engine/memory/forgotten-text.ts';
import { toThey } from '../../engine/memory/person.ts';
import { cleanElsewhere, cleanMessages, createCleaner, type Steps } from './forget-clean.ts';
import { hasColumn, hasTable } from './forget-columns.ts';
import { findRows, findRowsSince, mayHold, type Rest, type Seen } from './forget-find.ts';
import { besideRecalled, blankRecalled, recalledTexts } from './forget-recalled.ts';
import type { Write } from './remove-conversation.ts';
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
export type Found = Forgotten & { named: number[]; touched: number[]; last: Seen };

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
 * All of it, in transactions of a few rows, and what is written meanwhile where it is `strict`. It stands where it was said itself until
 * the last of them, so that a start after a crash knows what is to go. Answers the conversations that read differently now.
 */
export async function scrub(
  database: DatabaseSync,
  found: Found,
  { steps, last, strict }: { steps: Write; last: Write; strict: boolean },
  rest: Rest,
): Promise<string[]> {
  const run = async (work: Steps) => {
    for (let isOver = false; !isOver; await rest()) isOver = steps(() => runFor(work, FORGET_WRITE_MS));
  };
  const changes = database.prepare('SELECT total_changes() AS changes');
  const count = () => changes.get()?.['changes'];
  let { last: seen } = found;
  let isQuiet = false;
  await run(scrubTold(database, found, 0));
  for (let pass = 0; pass < PASSES && !isQuiet; pass += 1) {
    const since = findRowsSince(database, seen);
    if (!since) return scrub(database, await find(database, found, rest), { steps, last, strict }, rest);
    const before = count();
    await run(scrubTold(database, { ...found, touched: since.numbers, named: since.numbers }, found.last.number));
    seen = since.last;
    isQuiet = count() === before || !strict;
  }
  return last(() => {
    if (isQuiet) return scrubItself(database, found);
    // Somebody writes all the time: nothing comes between this look and the removal.
    const touched = findRowsSince(database, seen)?.numbers ?? [];
    runFor(scrubTold(database, { ...found, touched, named: touched }, found.last.number), Number.POSITIVE_INFINITY);
    return scrubItself(database, found);
  });
}

/** Times that all is looked at once more because somebody wrote meanwhile. */
const PASSES = 4;

/** Answers whether that was all of it. */
function runFor(work: Steps, ms: number): boolean {
  const began = performance.now();
  do if (work.next().done) return true;
  while (performance.now() - began < ms);
  return false;
}

/**
 * What was made of it, and what tells it elsewhere. What was recalled as it goes last: it may be all that knows a wording of it.
 * `after`: messages up to this number say nothing new of their own.
 */
function* scrubTold(database: DatabaseSync, { noteIds, messageIds, noteTexts, messageTexts, named, touched }: Found, after: number): Steps {
  const texts = [...noteTexts, ...messageTexts];
  const conversations = conversationsOf(database, messageIds);
  if (texts.length === 0) return;
  const ids = [...noteIds, ...messageIds];
  const derived = createCleaner(texts, true);
  cleanTitles(database, conversations, messageTexts);
  yield* cleanElsewhere(database, { noteTexts, messageTexts, messageIds, conversations, after });
  yield* cleanMessages(database, derived, touched, 'all else');
  yield* cleanMessages(database, besideRecalled(ids, derived), touched, 'reports');
  for (const number of named) {
    blankRecalled(database, ids, [number]);
    yield;
  }
}

function scrubItself(database: DatabaseSync, found: Found): string[] {
  const conversations = conversationsOf(database, found.messageIds);
  removeNotes(database, found);
  blankMessages(database, found.messageIds);
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
