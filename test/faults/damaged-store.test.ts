/** @file A damaged database: the program starts all the same, keeps the file, restores what it can, and says so. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listBackups } from '../../src/main/adapters/sqlite/backups.ts';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { type OpenedStore, openStore } from '../../src/main/adapters/sqlite/open.ts';
import { conversation, say, speak } from '../contracts/store-questions.ts';
import { createRandom, type Random } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';
import { replyWords, userWords } from '../kit/store-words.ts';

const CASES = process.env['TEST_LONG'] ? 100 : 10;
const SEED = 20_260_903;
const DAY = 24 * 60 * 60 * 1_000;
/** Ten times the three seconds within which a start is promised. */
const START_MS = 30_000;
/** Turns in the older backup, in the newer one, in the database, and in the database with its log. */
const OLDER = 30;
const NEWER = 60;
const TIDY = 70;
const ALL = 90;

let folder = '';
let template = '';
let copy = '';
const openAt = (place: string, at: number): OpenedStore => openStore({ folder: place, log: silentLog, now: () => at, outbox: false });

function speakTurns(store: OpenedStore, from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    say(store, 'c', n, userWords(n));
    speak(store, n, { text: replyWords(n) });
  }
}

/** A data folder as a crash leaves it on the third day: two backups, a database, and a log with the latest turns. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'damage-'));
  const made = join(folder, 'made');
  mkdirSync(made);
  const first = openAt(made, DAY);
  first.createConversation(conversation('c'), undefined);
  speakTurns(first, 0, OLDER);
  first.close();
  const second = openAt(made, 2 * DAY);
  speakTurns(second, OLDER, NEWER);
  second.close();
  const backups = join(folder, 'backups-then');
  cpSync(join(made, 'backups'), backups, { recursive: true });
  const third = openAt(made, 2 * DAY);
  speakTurns(third, NEWER, TIDY);
  third.close();
  const crashed = openAt(made, 2 * DAY);
  // Whoever reads keeps the log as it is: nothing of it is handed on to the database.
  const reader = new DatabaseSync(databaseFile(made), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM messages');
  speakTurns(crashed, TIDY, ALL);
  template = join(folder, 'template');
  cpSync(made, template, { recursive: true });
  rmSync(join(template, 'backups'), { recursive: true });
  cpSync(backups, join(template, 'backups'), { recursive: true });
  reader.close();
  crashed.close();
});
beforeEach(() => {
  copy = join(folder, 'copy');
  cpSync(template, copy, { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const noise = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.whole(0, 255)));

function overwrite(path: string, from: number, bytes: Buffer): void {
  const content = readFileSync(path);
  bytes.copy(content, from);
  writeFileSync(path, content);
}

const PAGE = 4_096;
const damages: Record<string, (path: string, random: Random) => void> = {
  header: (path, random) => overwrite(path, random.whole(0, 60), noise(random, random.whole(16, 40))),
  page: (path, random) => overwrite(path, random.whole(0, readFileSync(path).length / PAGE - 1) * PAGE, noise(random, PAGE)),
  'zero length': (path) => writeFileSync(path, ''),
  'text file': (path, random) => writeFileSync(path, 'Dear diary, \n'.repeat(random.whole(1, 2_000))),
  'log removed': (path) => rmSync(`${path}-wal`),
  cut: (path, random) => writeFileSync(path, readFileSync(path).subarray(0, random.whole(1, readFileSync(path).length - 1))),
  removed: (path) => rmSync(path),
};

/** How many turns are there, each exactly as it was said. */
function wholeTurns(store: OpenedStore): number {
  if (!store.conversation('c')) return 0;
  const { messages } = store.page('c', 1_000);
  for (const [i, message] of messages.entries()) {
    const n = Math.floor(i / 2);
    expect(message.text).toBe(message.role === 'user' ? userWords(n) : replyWords(n));
  }
  return messages.length / 2;
}

/** The bytes of the one database that was set aside. */
function setAside(place: string): Buffer | undefined {
  const kept = readdirSync(join(place, 'damaged'));
  expect(kept).toHaveLength(1);
  const path = databaseFile(join(place, 'damaged', kept[0] ?? ''));
  return existsSync(path) ? readFileSync(path) : undefined;
}

/** Opens what was damaged; returns how many turns are there and whether the person was told. */
function start(place: string): { turns: number; notice: string | undefined } {
  const found = existsSync(databaseFile(place)) ? readFileSync(databaseFile(place)) : undefined;
  const before = performance.now();
  const store = openAt(place, 3 * DAY);
  expect(performance.now() - before).toBeLessThan(START_MS);
  const notice = store.notice();
  const turns = wholeTurns(store);
  if (notice !== undefined) expect(setAside(place)).toEqual(found);
  store.createConversation(conversation('new'), undefined);
  store.close();
  const again = openAt(place, 3 * DAY);
  expect(again.notice()).toBeUndefined();
  expect(again.conversation('new')).toBeDefined();
  again.close();
  return { turns, notice };
}

describe('a damaged database', () => {
  it(`[S17] ${CASES} damages, each survived with everything or with the newest good backup`, { timeout: 300_000 }, () => {
    const random = createRandom(SEED);
    const told = { restored: 0, older: 0, untouched: 0 };
    for (let i = 0; i < CASES; i += 1) {
      const kinds = Object.keys(damages);
      const kind = kinds[i % kinds.length] ?? '';
      const place = join(folder, `case-${i}`);
      cpSync(template, place, { recursive: true });
      const newestIsBad = i % 4 === 3;
      if (newestIsBad) overwrite(listBackups(place)[0] ?? '', PAGE, noise(random, PAGE));
      damages[kind]?.(databaseFile(place), random);
      const { turns, notice } = start(place);
      const said = `case ${i}, ${kind}: ${turns} turns, ${notice}`;
      if (notice === undefined) expect([TIDY, ALL], said).toContain(turns);
      else expect(turns, said).toBe(newestIsBad ? OLDER : NEWER);
      if (notice === undefined) told.untouched += 1;
      else if (newestIsBad) told.older += 1;
      else told.restored += 1;
      rmSync(place, { recursive: true });
    }
    console.log(`damaged store: seed ${SEED}, ${CASES} cases, ${JSON.stringify(told)}, 0 failed starts`);
    expect(told.restored).toBeGreaterThan(CASES / 5);
    expect(told.older).toBeGreaterThan(0);
    expect(told.untouched).toBeLessThan(CASES / 2);
  });

  it('[S17] without a good backup the list starts empty, the file is kept with its log, and the notice says so', () => {
    rmSync(join(copy, 'backups'), { recursive: true });
    writeFileSync(databaseFile(copy), 'not a database at all');
    const log = readFileSync(`${databaseFile(copy)}-wal`);
    const { turns, notice } = start(copy);
    expect(turns).toBe(0);
    expect(notice).toBe(
      'The file of conversations was damaged and there was no good backup, so the list starts empty; the file that was found is kept in the data folder under "damaged".',
    );
    const [kept = ''] = readdirSync(join(copy, 'damaged'));
    expect(readFileSync(join(copy, 'damaged', kept, 'conversations.db-wal'))).toEqual(log);
  });

  it('[S17] the notice of a restored backup names its time', () => {
    writeFileSync(databaseFile(copy), '');
    expect(start(copy).notice).toBe(
      'The file of conversations was damaged, so the backup of 1970-01-03 00:00 UTC is in its place; the file that was found is kept in the data folder under "damaged"; what was said after it may be missing.',
    );
  });

  it.each([
    ['another program’s', 'CREATE TABLE diary (words TEXT); PRAGMA user_version = 1'],
    ['one with tables and no version', 'CREATE TABLE conversations (id TEXT)'],
  ])('[S17] a database that is not ours is set aside, not written into: %s', (_what, sql) => {
    rmSync(databaseFile(copy));
    rmSync(`${databaseFile(copy)}-wal`);
    const foreign = new DatabaseSync(databaseFile(copy));
    foreign.exec(sql);
    foreign.close();
    expect(start(copy).turns).toBe(NEWER);
  });

  it.each([
    'PRAGMA application_id = 7',
    'PRAGMA user_version = 0',
    'PRAGMA user_version = -3',
    'PRAGMA user_version = 20000',
    'DROP TABLE value',
  ])('[S17] our own database after "%s" is damaged', (sql) => {
    const database = new DatabaseSync(databaseFile(copy));
    database.exec(sql);
    database.close();
    expect(start(copy)).toMatchObject({ turns: NEWER, notice: expect.stringContaining('damaged') });
  });

  it('[S17] what only a look into every page can find is found', () => {
    const database = openAt(copy, 3 * DAY);
    database.close();
    const pages = readFileSync(databaseFile(copy)).length / PAGE;
    // The root pages of the tables lie at the front; this one is reached only by whoever reads that part of a table.
    overwrite(databaseFile(copy), (pages - 3) * PAGE, Buffer.alloc(PAGE, 0xff));
    expect(start(copy).notice).toContain('damaged');
  });
});
