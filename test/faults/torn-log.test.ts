/** @file The write-ahead log cut at any byte, as after a loss of power: whole, and exactly what the bytes that are there say. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { type OpenedStore, openStore } from '../../src/main/adapters/sqlite/open.ts';
import { conversation, say, speak } from '../contracts/store-questions.ts';
import { createRandom } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';
import { replyPieces, replyWords, userWords } from '../kit/store-words.ts';

const CUTS = process.env['TEST_LONG'] ? 200 : 20;
const SEED = 20_260_902;
const TURNS = 30;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torn-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string): OpenedStore => openStore({ folder: path, log: silentLog, now: () => 0, outbox: true });

/** Everything a person could see, as one text; a reply that was being written is interrupted after any start. */
const seen = (store: OpenedStore): string =>
  JSON.stringify([store.page('c', 1_000).messages, store.outbox(1_000), store.value('step')]).replaceAll('"writing"', '"interrupted"');

/** Writes turns step by step; returns what was there after each step and how long the log was then. */
function writeSteps(store: OpenedStore, log: string): { bytes: number; state: string }[] {
  const steps = [{ bytes: 0, state: seen(store) }];
  const step = (action: () => unknown) => {
    action();
    steps.push({ bytes: statSync(log).size, state: seen(store) });
  };
  for (let n = 0; n < TURNS; n += 1) {
    step(() => say(store, 'c', n, userWords(n)));
    for (const piece of replyPieces(n).slice(0, 2)) step(() => store.appendReply(`turn-${n}`, piece, ''));
    step(() => store.setValue('step', String(n)));
    step(() => speak(store, n, { text: replyWords(n) }));
  }
  return steps;
}

function openCut(name: string, database: Buffer, log: Buffer): string {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(databaseFile(place), database);
  writeFileSync(`${databaseFile(place)}-wal`, log);
  const store = open(place);
  const state = seen(store);
  expect(store.notice()).toBeUndefined();
  store.close();
  const checked = new DatabaseSync(databaseFile(place), { readOnly: true });
  expect(checked.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  checked.close();
  return state;
}

it(`[S16] a log cut at ${CUTS} random bytes holds exactly the steps that are whole`, { timeout: 120_000 }, () => {
  const first = open(folder);
  first.createConversation(conversation('c'), undefined);
  first.close();
  const store = open(folder);
  // Whoever reads keeps the log as it is: nothing of it is handed on to the database.
  const reader = new DatabaseSync(databaseFile(folder), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM messages');
  const steps = writeSteps(store, `${databaseFile(folder)}-wal`);
  const database = readFileSync(databaseFile(folder));
  const log = readFileSync(`${databaseFile(folder)}-wal`);
  reader.close();
  store.close();

  const random = createRandom(SEED);
  const states = new Set<string>();
  for (let cut = 0; cut < CUTS; cut += 1) {
    const bytes = random.whole(0, log.length);
    const expected = steps.findLast((step) => step.bytes <= bytes);
    const state = openCut(`cut-${cut}`, database, log.subarray(0, bytes));
    expect(state, `cut at byte ${bytes} of ${log.length}`).toBe(expected?.state);
    states.add(state);
  }
  console.log(
    `torn log: seed ${SEED}, ${CUTS} cuts of ${log.length} bytes, ${steps.length} steps, ${states.size} different states, 0 wrong`,
  );
  expect(states.size).toBeGreaterThan(CUTS / 4);
});
