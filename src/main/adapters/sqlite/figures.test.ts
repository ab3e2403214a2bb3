/** @file How long the store takes over much data; the figures are printed, the verdicts allow ten times as much. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mood, report, say, speak } from '../../../../test/contracts/store-questions.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { databaseFile } from './files.ts';
import { type OpenedStore, openStore } from './open.ts';

const MESSAGES = 10_000;
const CONVERSATIONS = 2_000;
const WORDS = 'Some words of a usual length, as people and models write them, twice over. '.repeat(4);
/** Promised for pages and histories, and for lists, in milliseconds at the median; a verdict allows ten times this. */
const PAGE_MS = 2;
const LIST_MS = 5;
const ROOM = 10;

const folder = mkdtempSync(join(tmpdir(), 'figures-'));
let store: OpenedStore;

beforeAll(() => {
  const open = () => openStore({ folder, log: silentLog, now: () => 0, outbox: true });
  open().close();
  const database = new DatabaseSync(databaseFile(folder));
  fill(database);
  database.close();
  store = open();
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

/** One long conversation and many empty ones, in one transaction: turn by turn it would wait 10,000 times for the disk. */
function fill(database: DatabaseSync): void {
  database.exec('BEGIN');
  database.exec(`INSERT INTO conversations (id, user_id, character_id, title, folded_title, titled, head_id, created_at, updated_at)
    VALUES ('long', 'user', 'sarah', 'Long', 'long', 1, 'm${MESSAGES - 1}', 0, 0)`);
  database
    .prepare(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${MESSAGES - 1})
      INSERT INTO messages (id, conversation_id, parent_id, role, text, status, mood, report, created_at)
      SELECT 'm' || i, 'long', iif(i = 0, NULL, 'm' || (i - 1)), iif(i % 2 = 0, 'user', 'assistant'), ?, 'complete',
        iif(i % 2 = 0, ?, NULL), iif(i % 2 = 1, ?, NULL), i FROM n`)
    .run(WORDS, JSON.stringify(mood), JSON.stringify(report));
  database.exec(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${CONVERSATIONS - 1})
    INSERT INTO conversations (id, user_id, character_id, title, folded_title, titled, head_id, created_at, updated_at)
      SELECT 'c' || i, 'user', 'sarah', 'Talk ' || i || ' of the Sea', 'talk ' || i || ' of the sea', 1, NULL, 0, 10000 + i FROM n`);
  database.exec('COMMIT');
}

/** The median of many runs, in milliseconds. */
function medianOf(action: (run: number) => unknown): number {
  const runs = Array.from({ length: 101 }, (_, run) => {
    const before = performance.now();
    action(run);
    return performance.now() - before;
  });
  return runs.sort((a, b) => a - b)[50] ?? Number.POSITIVE_INFINITY;
}

describe('figures', () => {
  it.each<[string, number, (run: number) => unknown]>([
    ['the newest page', PAGE_MS, () => store.page('long', 50)],
    ['a page in the middle', PAGE_MS, () => store.page('long', 50, `m${MESSAGES / 2}`)],
    ['a history of 50 messages', PAGE_MS, () => store.history(`m${MESSAGES - 1}`, counted(50))],
    ['one message', PAGE_MS, (run) => store.message(`m${run * 90}`)],
    ['the newest conversations', LIST_MS, () => store.listConversations({})],
    ['a deep page of conversations', LIST_MS, () => store.listConversations({ before: '10050_c50' })],
    ['a search that finds nothing', LIST_MS, () => store.listConversations({ query: 'nowhere' })],
    ['a search that finds all', LIST_MS, () => store.listConversations({ query: 'SEA' })],
  ])('[S25] %s of %i ms', (name, promisedMs, action) => {
    const median = medianOf(action);
    console.log(`store: ${name} ${median.toFixed(2)} ms of ${promisedMs} promised`);
    expect(median).toBeLessThan(promisedMs * ROOM);
  });

  it('[S25] a whole turn of three commits', () => {
    const median = medianOf((run) => {
      say(store, 'long', run, WORDS);
      store.appendReply(`turn-${run}`, WORDS, '');
      speak(store, run, { text: WORDS });
    });
    expect(store.message('reply-100')?.text).toBe(WORDS);
    console.log(`store: a whole turn of three commits ${median.toFixed(2)} ms`);
    expect(median).toBeLessThan(1_000);
  });
});

function counted(limit: number): () => boolean {
  let seen = 0;
  return () => {
    seen += 1;
    return seen === limit;
  };
}
