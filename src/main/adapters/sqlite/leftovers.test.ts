/** @file What SQLite leaves of rows inside its pages is overwritten, and nothing else is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say, speak } from '../../../../test/contracts/store-questions.ts';
import { layInterleaved, SECRET } from '../../../../test/kit/interleaved.ts';
import { createRandom } from '../../../../test/kit/random.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { type Cleared, clearLeftovers, clearSomeLeftovers, roomForPiece } from './leftovers.ts';
import { openLiveFile } from './live-file.ts';
import { openStore } from './open.ts';

const SEED = 20_261_127;
/** The length at which the removal of this conversation leaves words in pages. */
const PAIRS = 1_500;
const at = 100 * 24 * 60 * 60 * 1_000;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const filesWith = (words: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words))
    .map((entry) => entry.name);

/** Rows come, grow and go in any order, so that pages are split and merged; answers how many of those that went can still be read. */
function churn(path: string, pageBytes: number, rounds: number): number {
  const random = createRandom(SEED + pageBytes);
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA secure_delete = ON;
    CREATE TABLE plain (number INTEGER PRIMARY KEY, id TEXT UNIQUE, text TEXT);
    CREATE TABLE keyed (id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID; BEGIN`);
  const add = database.prepare('INSERT INTO plain (id, text) VALUES (?, ?)');
  const addKeyed = database.prepare('INSERT INTO keyed (id, text) VALUES (?, ?)');
  const grow = database.prepare('UPDATE plain SET text = text || ? WHERE number = ?');
  const gone: string[] = [];
  for (let n = 1; n <= rounds; n += 1) {
    const word = `WORD-${n}-${random.whole(1_000_000, 9_999_999)};`;
    const text = word.repeat(random.chance(0.05) ? 200 : random.whole(1, 6));
    add.run(word, text);
    addKeyed.run(word, text);
    if (random.chance(0.5)) grow.run(' and more'.repeat(random.whole(1, 20)), random.whole(1, n));
    if (random.chance(0.6)) gone.push(word);
  }
  for (const table of ['plain', 'keyed']) {
    const remove = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
    for (const word of gone) remove.run(word);
  }
  database.exec('COMMIT');
  database.close();
  const bytes = readFileSync(path);
  return gone.filter((word) => bytes.includes(word)).length;
}

function contents(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    return ['plain', 'keyed'].map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all());
  } finally {
    database.close();
  }
}

/** As it is done beside SQLite, piece by piece. */
function clearLive(path: string): number {
  const live = openLiveFile(path);
  let all = 0;
  for (let at: number | undefined = 0; at !== undefined; ) {
    const cleared: Cleared = clearSomeLeftovers(live, at, roomForPiece());
    all += cleared.count;
    at = cleared.next;
  }
  live.close();
  return all;
}

describe('leftovers', () => {
  it('[S41] are overwritten in pages of every size, whatever else stands there stays, and a second look finds none', {
    timeout: 300_000,
  }, async () => {
    const rounds = process.env['TEST_LONG'] ? 10_000 : 1_000;
    const counts: string[] = [];
    for (const [which, pageBytes] of [512, 1_024, 4_096, 8_192, 65_536].entries()) {
      const path = join(folder, `${pageBytes}.db`);
      const readable = churn(path, pageBytes, rounds);
      const before = contents(path);
      const clear = which % 2 === 0 ? clearLeftovers : clearLive;
      const cleared = await clear(path);
      expect(contents(path)).toEqual(before);
      expect(await clearLeftovers(path)).toBe(0);
      expect(clearLive(path)).toBe(0);
      counts.push(`${pageBytes}: ${readable} readable before, ${cleared} places`);
    }
    process.stdout.write(`leftovers: seed ${SEED}, ${rounds} rounds; ${counts.join('; ')}\n`);
    expect(counts.join(' ')).not.toMatch(/ 0 places/u);
  });

  it('[S41] are looked for in nothing that is no database of this kind', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, Buffer.alloc(10_000, 0x0d));
    expect([await clearLeftovers(other), clearLive(other)]).toEqual([0, 0]);
    expect(readFileSync(other).every((byte) => byte === 0x0d)).toBe(true);
    const listed = join(folder, 'listed.db');
    const database = new DatabaseSync(listed);
    database.exec('PRAGMA auto_vacuum = FULL');
    database.close();
    churn(listed, 4_096, 300);
    expect(await clearLeftovers(listed)).toBe(0);
  });

  it('[S41] of a removed conversation are in no file when it is gone, and do not come back with what is written after', async () => {
    layInterleaved(folder, PAIRS);
    const store = openStore({ folder, log: silentLog, now: () => at, outbox: true });
    await store.backupIfDue();
    store.deleteConversation('gone', at);
    expect(await store.purgeDeleted(at)).toBe(1);
    expect(filesWith(SECRET)).toEqual([]);
    // Into the pages that were full of it.
    for (let n = 0; n < 200; n += 1) {
      say(store, 'kept', n, `Said after that, ${n}.`);
      speak(store, n, { text: `Answered after that, ${n}.` });
      store.setContext(`user-${n}`, 'A block of some length. '.repeat(n % 40));
    }
    expect(filesWith(SECRET)).toEqual([]);
    store.close();
    expect(filesWith(SECRET)).toEqual([]);
    const database = new DatabaseSync(join(folder, 'conversations.db'));
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });
});
