/** @file The two ways that are compared: own recall's ranking, and plain FTS5 with bm25 and without stop words. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { calendarDay } from '../../../src/main/engine/memory/dates.ts';
import { createDictionary } from '../../../src/main/engine/memory/dictionary.ts';
import { askOf } from '../../../src/main/engine/memory/question.ts';
import { byLikelihood, type Ranked, ranked as rankedOf, weigh } from '../../../src/main/engine/memory/rank.ts';
import { createScopeIndex, type ScopeIndex } from '../../../src/main/engine/memory/scope-index.ts';
import { readTable, type VectorTable } from '../../../src/main/engine/memory/vectors.ts';
import { isSmall, wordsOf } from '../../../src/main/engine/memory/words.ts';
import type { Query, Turn } from './corpus.ts';

export type Search = { ids(query: Query): Promise<string[]>; close(): void };
export type OwnSearch = Search & { index: ScopeIndex; ranked(query: Query): Promise<(Ranked & { features: Float64Array })[]> };

const day = (at: number) => calendarDay(Math.floor(at / 86_400_000));

export function loadTable() {
  const folder = resolve(import.meta.dirname, '../../../resources/memory');
  const bytes = readFileSync(join(folder, 'vectors.bin'));
  const own = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(own).set(bytes);
  return readTable(own, readFileSync(join(folder, 'pieces.txt'), 'utf8'), () => Promise.resolve());
}

/** Over the turns of one conversation, or of all pooled. */
export function createOwnSearch(turns: readonly Turn[], table: VectorTable | undefined): OwnSearch {
  const dictionary = createDictionary(() => table);
  const index = createScopeIndex(dictionary);
  for (const { id, conversation, session, at, speaker, text } of turns) {
    index.add({ id, kind: 'message', thread: conversation, session, speaker: speaker.toLowerCase(), text, at, calendar: day(at) });
  }
  const newest = Math.max(...turns.map(({ at }) => at));
  const pause = async () => {};
  const ranked = async (query: Query) => {
    const today = day(query.at ?? newest);
    const question = askOf(dictionary, { message: query.question, before: [], today, speakers: index.speakers }, 128);
    const take = (doc: number, features: Float64Array) => ({ ...rankedOf(doc, features), features: features.slice() });
    return (await weigh({ index, question, allowed: () => true, pause, take })).sort(byLikelihood);
  };
  return { index, ranked, ids: async (query) => (await ranked(query)).map(({ doc }) => index.ids[doc] ?? ''), close: () => {} };
}

/** The plain baseline: porter stems, small words left out of the question, bm25. */
export function createPlainSearch(turns: readonly Turn[]): Search {
  const database = new DatabaseSync(':memory:');
  database.exec("CREATE VIRTUAL TABLE f USING fts5(text, tokenize = 'porter unicode61')");
  const insert = database.prepare('INSERT INTO f (rowid, text) VALUES (?, ?)');
  database.exec('BEGIN');
  for (const [at, { text }] of turns.entries()) insert.run(at + 1, text);
  database.exec('COMMIT');
  const find = database.prepare('SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 50');
  return {
    async ids({ question }) {
      const words = [...new Set(wordsOf(question))].filter((word) => !isSmall(word) && /^[a-z0-9]+$/.test(word));
      if (words.length === 0) return [];
      const rows = find.all(words.map((word) => `"${word}"`).join(' OR ')) as { rowid: number }[];
      return rows.map(({ rowid }) => turns[rowid - 1]?.id ?? '');
    },
    close: () => database.close(),
  };
}
