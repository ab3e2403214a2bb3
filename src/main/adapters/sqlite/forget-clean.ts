/** @file Takes every trace of forgotten words out of what one database says elsewhere, row by row, so that nobody waits for all of them. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { FORGET_ROWS } from '../../../shared/notes-limits.ts';
import { forgottenWords, traces, withoutRetellings, withoutTraces } from '../../engine/memory/forgotten-text.ts';
import { inCells } from './cells.ts';
import { keyOf, type TextColumn, textColumns } from './forget-columns.ts';
import { mayHold } from './forget-find.ts';

/** One more row was looked at; whoever runs it may make a transaction of any number of steps. */
export type Steps<Result = void> = Generator<undefined, Result>;
type Clean = (text: string) => string;
type Values = SQLInputValue[];

/** `messageIds`: what is forgotten itself, which its caller removes last; `conversations`: those that it was said in. */
export type Cleaning = {
  noteTexts: readonly string[];
  messageTexts: readonly string[];
  messageIds: readonly string[];
  conversations: readonly string[];
  /** Of messages, those after this number are looked at. */
  after: number;
};

const isReport = ({ column }: TextColumn) => column === 'report';
const ofMessages = ({ table, of }: TextColumn) => table === 'messages' && of === 'derived';

/** Everything but what was made for messages: of these there are many, and where it stands was found before. */
export function* cleanElsewhere(database: DatabaseSync, { noteTexts, messageTexts, messageIds, conversations, after }: Cleaning): Steps {
  const derived = createCleaner([...noteTexts, ...messageTexts], true);
  const said = createCleaner(messageTexts, false);
  const columns = textColumns(database).filter((column) => !ofMessages(column));
  const summaries = columns.filter(({ table, column }) => table === 'notes' && column.endsWith('text'));
  for (const [name, some] of Map.groupBy(columns, ({ table, of }) => `${of} ${table}`)) {
    // Messages of other conversations are other things that were said.
    if (name === 'said messages') yield* cleanSaid(openTable(database, some), { conversations, messageIds, after }, said);
    else if (name.startsWith('derived')) yield* cleanAll(openTable(database, some), '', derived);
    else if (name.startsWith('said') && messageTexts.length > 0) yield* cleanAll(openTable(database, some), '', said);
    yield;
  }
  if (summaries.length > 0) yield* cleanAll(openTable(database, summaries), "kind = 'summary'", derived);
}

/** What was made for these messages: their reports, or all else. */
export function* cleanMessages(database: DatabaseSync, cleaner: Clean, numbers: readonly number[], what: 'reports' | 'all else'): Steps {
  const columns = textColumns(database).filter((column) => ofMessages(column) && isReport(column) === (what === 'reports'));
  if (columns.length > 0) yield* cleanEach(openTable(database, columns), numbers, cleaner);
}

type Table = {
  page(condition: string): StatementSync;
  /** Columns of a row's key, first in every row. */
  keys: number;
  /** A row as it was read, maybe some steps ago. */
  clean(row: Values, cleaner: Clean): void;
};

function openTable(database: DatabaseSync, columns: readonly TextColumn[]): Table {
  const table = columns[0]?.table ?? '';
  const key = keyOf(database, table).map((column) => `"${column}"`);
  const cells = [...key, ...columns.map(({ column }) => `"${column}"`)].join(', ');
  const marks = key.map(() => '?').join(', ');
  const isRow = `(${key.join(', ')}) = (${marks})`;
  const current = inCells(database.prepare(`SELECT ${cells} FROM "${table}" WHERE ${isRow}`));
  // A value that may be there once alone stays as it is where its cleaned form is there already.
  const change = columns.map(({ column }) => database.prepare(`UPDATE OR IGNORE "${table}" SET "${column}" = ? WHERE ${isRow}`));
  const changed = (text: unknown, cleaner: Clean) => {
    const cleaned = typeof text === 'string' ? cleaner(text) : text;
    return typeof cleaned === 'string' && cleaned !== text ? cleaned : undefined;
  };
  return {
    keys: key.length,
    page: (condition) =>
      inCells(
        database.prepare(`SELECT ${cells} FROM "${table}" WHERE ${condition.replace('$after', `(${key.join(', ')}) > (${marks})`)}
          ORDER BY ${key.join(', ')} LIMIT ${FORGET_ROWS}`),
      ),
    clean(row, cleaner) {
      const itsKey = row.slice(0, key.length);
      for (const [at, statement] of change.entries()) {
        const place = key.length + at;
        if (changed(row[place], cleaner) === undefined) continue;
        const now = rowsOf(current, itsKey)[0]?.[place];
        const cleaned = changed(now, cleaner);
        if (cleaned !== undefined) statement.run(cleaned, ...itsKey);
      }
    },
  };
}

const rowsOf = (statement: StatementSync, values: Values) => statement.all(...values) as unknown as Values[];

function* cleanEach({ page, clean }: Table, numbers: readonly number[], cleaner: Clean): Steps {
  const one = page('number = ?');
  for (const number of numbers) {
    for (const row of rowsOf(one, [number])) clean(row, cleaner);
    yield;
  }
}

function* cleanAll({ page, keys, clean }: Table, condition: string, cleaner: Clean): Steps {
  const also = condition === '' ? '' : ` AND ${condition}`;
  const [first, next] = [page(`true${also}`), page(`$after${also}`)];
  for (let rows = rowsOf(first, []); rows.length > 0; rows = rowsOf(next, rows.at(-1)?.slice(0, keys) ?? [])) {
    for (const row of rows) {
      clean(row, cleaner);
      yield;
    }
  }
}

function* cleanSaid(
  { page, clean }: Table,
  { conversations, messageIds, after }: Pick<Cleaning, 'conversations' | 'messageIds' | 'after'>,
  cleaner: Clean,
): Steps {
  const next = page('conversation_id = ? AND id NOT IN (SELECT value FROM json_each(?)) AND number > ?');
  for (const conversation of conversations) {
    const from = (number: unknown) => rowsOf(next, [conversation, JSON.stringify(messageIds), Number(number)]);
    for (let rows = from(after); rows.length > 0; rows = from(rows.at(-1)?.[0])) {
      for (const row of rows) {
        clean(row, cleaner);
        yield;
      }
    }
  }
}

/** Text as it is, or JSON, whose strings are cleaned one by one. */
export function createCleaner(texts: readonly string[], alsoRetellings: boolean): Clean {
  const found = traces(texts);
  const words = alsoRetellings ? forgottenWords(texts) : [];
  const mayBe = mayHold(texts);
  const plain: Clean = (text) => {
    if (!mayBe(text)) return text;
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
    if (!mayBe(text)) return text;
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
