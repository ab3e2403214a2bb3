/** @file Forgetting down to the pages of the database: words of any length, after a death midway, and beside somebody who reads. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { conversation, say, speak } from '../../../../test/contracts/store-questions.ts';
import { createRandom, type Random } from '../../../../test/kit/random.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createAccess } from './access.ts';
import { clearPages } from './at-rest.ts';
import { connect } from './connection.ts';
import { databaseFile } from './files.ts';
import { openLiveFile } from './live-file.ts';
import { openStore } from './open.ts';
import { noLog } from './write-ahead-log.ts';

const SEED = 20_261_127;
const TURNS = 600;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forget-pages-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes that one pass lets in between. */
const WRITES = 4;

const someId = (random: Random) => String(random.whole(100_000, 999_999));
const open = () => openStore({ folder, log: silentLog, now: () => 1, outbox: false });
/** Too short to be looked for in files. */
const short = (n: number) => `ill-${String(n).padStart(4, '0')}`;

const places = (path: string, words: string) => readFileSync(path, 'latin1').split(words).length - 1;
const filesWith = (words: readonly string[]) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && words.some((word) => places(join(entry.parentPath, entry.name), word) > 0))
    .map((entry) => entry.name);

/** Turns whose rows grow later, so that pages are split; answers those whose words stand in the file more often than in its rows. */
function layTurns(): number[] {
  const random = createRandom(SEED);
  const store = open();
  store.createConversation(conversation('c'), undefined);
  for (let n = 0; n < TURNS; n += 1) {
    say(store, 'c', n, short(n));
    speak(store, n, { text: 'So it is.' });
    store.setContext(`user-${random.whole(0, n)}`, 'A block of some length. '.repeat(random.whole(1, 60)));
  }
  store.close();
  const left = Array.from({ length: TURNS }, (_, n) => n).filter((n) => n > 0 && places(databaseFile(folder), short(n)) > 1);
  process.stdout.write(`forgetting in pages: seed ${SEED}, ${left.length} of ${TURNS} messages lie in unused parts of pages too\n`);
  expect(left.length).toBeGreaterThan(0);
  return left;
}

it('[S44] words too short to be looked for are in no unused part of a page either when they are forgotten', {
  timeout: 120_000,
}, async () => {
  const left = layTurns();
  const store = open();
  store.notes.hide({ id: 'f', userId: 'user', noteIds: [], messageIds: left.map((n) => `user-${n}`), at: 1 });
  await store.notes.remove('f', { finally: true });
  expect(filesWith(left.map(short))).toEqual([]);
  store.close();
  expect(filesWith(left.map(short))).toEqual([]);
});

it('[S44] a forgetting that a death cut short after its rows were clean is finished in the pages by the next start', {
  timeout: 120_000,
}, async () => {
  const left = layTurns();
  const ids = JSON.stringify(left.map((n) => `user-${n}`));
  const dying = new DatabaseSync(databaseFile(folder));
  dying.exec('PRAGMA secure_delete = ON');
  dying.prepare("INSERT INTO forgettings (id, user_id, note_ids, message_ids, at) VALUES ('f', 'user', '[]', ?, 1)").run(ids);
  dying.prepare("UPDATE messages SET text = '[forgotten]' WHERE id IN (SELECT value FROM json_each(?))").run(ids);
  dying.close();
  expect(filesWith(left.map(short))).toContain('conversations.db');
  const store = open();
  await store.notes.remove('f', { finally: true });
  expect(filesWith(left.map(short))).toEqual([]);
  store.close();
});

it('[S44] files set aside lose the words before the database does: a death in between knows what is to go', async () => {
  const words = 'A brass astrolabe lies below the seventh stair.';
  const store = open();
  store.createConversation(conversation('c'), undefined);
  say(store, 'c', 1, words);
  const aside = join(folder, 'damaged', 'then');
  mkdirSync(aside, { recursive: true });
  const damaged = join(aside, 'conversations.db');
  writeFileSync(damaged, `What was here. ${words} What follows.`.repeat(100));
  store.notes.hide({ id: 'f', userId: 'user', noteIds: [], messageIds: ['user-1'], at: 1 });
  let isRemoved = false;
  const removed = store.notes.remove('f', { finally: true }).finally(() => {
    isRemoved = true;
  });
  let wereApart = false;
  while (!isRemoved) {
    await turn();
    const isClean = places(damaged, 'astrolabe') === 0;
    const isSaid = store.message('user-1')?.text === words;
    if (!isClean) expect(isSaid).toBe(true);
    wereApart ||= isClean && isSaid;
  }
  await removed;
  expect(wereApart).toBe(true);
  expect([filesWith(['astrolabe']), places(damaged, 'What follows.')]).toEqual([[], 100]);
  store.close();
});

it('[S47] beside somebody who reads, forgetting waits without holding anybody up; where that never ends it fails, and is finished later', async () => {
  const words = 'A brass astrolabe lies below the seventh stair.';
  const store = open();
  store.createConversation(conversation('c'), undefined);
  say(store, 'c', 1, words);
  const reader = new DatabaseSync(databaseFile(folder), { readOnly: true });
  const read = () => reader.exec('BEGIN; SELECT count(*) FROM messages');
  read();
  store.notes.hide({ id: 'f', userId: 'user', noteIds: [], messageIds: ['user-1'], at: 1 });
  // Nobody else could let go of it if this waited on the spot.
  setTimeout(() => reader.exec('COMMIT'), 200);
  await store.notes.remove('f', { finally: false });
  expect(reader.isTransaction).toBe(false);
  expect(filesWith([words])).toEqual([]);
  say(store, 'c', 2, 'Something else.');
  read();
  say(store, 'c', 3, 'And more.');
  await expect(store.notes.remove('f', { finally: true })).rejects.toMatchObject({ code: 'store-failed' });
  expect(store.notes.hidden()).toHaveLength(1);
  reader.close();
  await store.notes.remove('f', { finally: true });
  expect([store.notes.hidden(), filesWith([words])]).toEqual([[], []]);
  store.close();
});

/** A database in whose pages words lie that no row has. */
function layPages(random: Random): DatabaseSync {
  const database = connect(databaseFile(folder), silentLog);
  database.exec('CREATE TABLE keyed (id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID; BEGIN');
  const add = database.prepare('INSERT OR REPLACE INTO keyed VALUES (?, ?)');
  for (let n = 0; n < 12_000; n += 1)
    add.run(someId(random), random.chance(0.4) ? `GONE-${n}.`.repeat(random.whole(5, 60)) : 'Kept. '.repeat(random.whole(1, 60)));
  database.exec("DELETE FROM keyed WHERE text LIKE 'GONE-%'; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  return database;
}

it.each([5, 6])('[S44] what others write while pages are cleared brings nothing back into those that were (seed %i)', async (seed) => {
  const random = createRandom(seed);
  const database = layPages(random);
  const before = places(databaseFile(folder), 'GONE-');
  const access = createAccess(database, noLog);
  const live = openLiveFile(databaseFile(folder));
  const add = database.prepare('INSERT OR REPLACE INTO keyed VALUES (?, ?)');
  let isCleared = false;
  let writes = 0;
  const cleared = clearPages(access, live).finally(() => {
    isCleared = true;
  });
  // Once between any two pieces, as long as a pass over a few of them takes.
  while (!isCleared) {
    await turn();
    if (writes >= WRITES) continue;
    access.write(() => Array.from({ length: 60 }, () => add.run(someId(random), 'New. '.repeat(random.whole(1, 200)))));
    writes += 1;
  }
  await cleared;
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  process.stdout.write(`clearing beside writes: seed ${seed}, ${before} words lay in pages, ${writes} writes\n`);
  expect(before).toBeGreaterThan(0);
  expect(writes).toBe(WRITES);
  expect(places(databaseFile(folder), 'GONE-')).toBe(0);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
  live.close();
});
