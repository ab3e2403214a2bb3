/** @file The messages in which something of what is forgotten may stand: all are looked through, a few at a time, so that nothing else waits. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { FORGET_ROWS, FORGET_STEP_MS } from '../../../shared/notes-limits.ts';
import { traces } from '../../engine/memory/forgotten-text.ts';
import { contentStems } from '../../engine/memory/note-words.ts';
import { inCells } from './cells.ts';
import { textColumns } from './forget-columns.ts';

/** Lets others have a turn between two steps. */
export type Rest = () => Promise<void>;
/** Whether a text of a message is meant. */
type Fits = (text: string, number: number) => boolean;
/** What was written after the message of this number and id was not looked at. */
export type Seen = { number: number; id: string | undefined };
export type FoundRows = { numbers: number[]; last: Seen };

type Cells = [number: number, ...texts: (string | null)[]];

/** Words that are looked for at most; of more of them every text has some. */
const MARKS = 200;

function openScan(database: DatabaseSync, all: boolean): StatementSync {
  const wanted = textColumns(database).filter(({ table, of }) => table === 'messages' && (all || of === 'derived'));
  const columns = ['number', ...wanted.map(({ column }) => `"${column}"`)].join(', ');
  return inCells(database.prepare(`SELECT ${columns} FROM messages WHERE number > ? ORDER BY number LIMIT ${FORGET_ROWS}`));
}

function* rowsAfter(database: DatabaseSync, last: number, all = false): Generator<Cells> {
  const scan = openScan(database, all);
  for (let after = last; ; ) {
    const page = scan.all(after) as unknown as Cells[];
    yield* page;
    after = page.at(-1)?.[0] ?? after;
    if (page.length < FORGET_ROWS) return;
  }
}

/** All of its texts are looked at: one says the words, another names what is forgotten. */
const isFound = ([number, ...texts]: Cells, fits: Fits) =>
  texts.filter((text) => text !== null && text !== '' && fits(text, number)).length > 0;

/** Looks at each in turn, until `enough`; never for long at a time. */
async function lookThrough(rows: Iterable<Cells>, rest: Rest, look: (row: Cells) => void, enough: () => boolean): Promise<void> {
  let began = performance.now();
  for (const row of rows) {
    look(row);
    if (enough()) return;
    if (performance.now() - began < FORGET_STEP_MS) continue;
    await rest();
    began = performance.now();
  }
}

const never = () => false;

/** In what the program made of what was said: blocks, reports, thoughts. */
export async function findRows(database: DatabaseSync, fits: Fits, rest: Rest): Promise<FoundRows> {
  const numbers: number[] = [];
  let last = 0;
  const look = (row: Cells) => {
    if (isFound(row, fits)) numbers.push(row[0]);
    last = row[0];
  };
  await lookThrough(rowsAfter(database, 0), rest, look, never);
  return { numbers, last: { number: last, id: idAt(database, last) } };
}

const idAt = (database: DatabaseSync, number: number) =>
  database.prepare('SELECT id FROM messages WHERE number = ?').get(number)?.['id'] as string | undefined;

/**
 * The same for what was written since, in one go. Undefined where nobody can tell: the last message that was seen is gone, and SQLite
 * gives its number again.
 */
export function findRowsSince(database: DatabaseSync, last: Seen): { numbers: number[]; last: Seen } | undefined {
  if (idAt(database, last.number) !== last.id) return undefined;
  const numbers = Array.from(rowsAfter(database, last.number), ([number]) => number);
  const newest = numbers.at(-1);
  return { numbers, last: newest === undefined ? last : { number: newest, id: idAt(database, newest) } };
}

/** Those of the probes that stand in no row at all. */
export async function findUnsaid(database: DatabaseSync, probes: readonly Buffer[], rest: Rest): Promise<Buffer[]> {
  const elsewhere = textColumns(database).filter(({ table }) => table !== 'messages');
  const standsElsewhere = (probe: Buffer) =>
    elsewhere.some(
      ({ table, column }) =>
        database.prepare(`SELECT 1 FROM "${table}" WHERE instr(CAST("${column}" AS BLOB), ?) > 0 LIMIT 1`).get(probe) !== undefined,
    );
  // A probe may end within a letter.
  const left = new Map(
    probes.filter((probe) => !standsElsewhere(probe)).map((probe) => [probe, probe.toString('utf8').replace(/\uFFFD+$/u, '')]),
  );
  const look = ([, ...texts]: Cells) => {
    for (const [probe, words] of left) if (texts.some((text) => text?.includes(words))) left.delete(probe);
  };
  await lookThrough(rowsAfter(database, 0, true), rest, look, () => left.size === 0);
  return [...left.keys()];
}

/** Of texts: the longest words, and how many of them stand at least in whatever tells one of them again. */
function marksOf(given: readonly string[]): { marks: string[]; least: number } | undefined {
  // The others, such as "home", are found nowhere: a word alone is anybody's.
  const texts = given.filter((text) => traces([text]).length > 0 || contentStems(text).size > 1);
  const marks = new Set<string>();
  let isPlain = true;
  for (const text of texts) {
    for (const stem of contentStems(text)) {
      if (/^[a-z0-9]{3,}$/u.test(stem)) marks.add(stem);
      else isPlain = false;
    }
  }
  const counts = traces(texts).map((trace) => [...contentStems(trace)].filter((stem) => marks.has(stem)).length);
  const everyText = texts.every((text) => [...contentStems(text)].some((stem) => marks.has(stem)));
  if (!everyText || counts.includes(0) || marks.size > MARKS) return undefined;
  // What retells shares two words with it; a word that is no mark may be one of them.
  return { marks: [...marks], least: isPlain && counts.every((count) => count >= 2) ? 2 : 1 };
}

/** What may hold one of these texts, word for word or told again; quick, so that few are looked at closely. */
export function mayHold(texts: readonly string[]): (text: string) => boolean {
  if (texts.length === 0) return () => false;
  const wanted = marksOf(texts);
  if (!wanted) return () => true;
  const { marks, least } = wanted;
  return (text) => {
    const small = text.toLowerCase();
    let count = 0;
    for (const mark of marks) if (small.includes(mark) && ++count >= least) return true;
    return false;
  };
}
