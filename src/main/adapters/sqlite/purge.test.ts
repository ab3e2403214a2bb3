/** @file Removing a long conversation: a few rows at a time, hidden all the while, ended and gone on with at any step. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, say } from '../../../../test/contracts/store-questions.ts';
import { KEPT_WORDS, layInterleaved, rowsOf, SECRET, tablesOf } from '../../../../test/kit/interleaved.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { PURGE_ROWS } from '../../../shared/removal-limits.ts';
import { listBackups } from './backups.ts';
import { databaseFile } from './files.ts';
import { openStore } from './open.ts';

const at = 100 * 24 * 60 * 60 * 1_000;
const PAIRS = 600;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'purge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (place = folder) => openStore({ folder: place, log: silentLog, now: () => at, outbox: true });

function filesWith(words: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words))
    .map((entry) => entry.name);
}

/** Looks into a file of the folder over a connection of its own. */
function look<Result>(path: string, action: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
  try {
    return action(database);
  } finally {
    database.close();
  }
}

const live = <Result>(action: (database: DatabaseSync) => Result) => look(databaseFile(folder), action);
const sum = (rows: Record<string, number>) => Object.values(rows).reduce((one, other) => one + other, 0);
const left = (path: string) => look(path, (database) => sum(rowsOf(database, 'gone')));

/** The same store as a person's: with a copy, and the conversation deleted since. */
async function begin() {
  layInterleaved(folder, PAIRS);
  const store = open();
  await store.backupIfDue();
  const [copy = ''] = listBackups(folder);
  store.deleteConversation('gone', at);
  return { store, copy };
}

describe('removal of a long conversation', () => {
  it('[S37] takes a few rows in one go, from the database and from the copies, and leaves nothing of it and all else', async () => {
    const { store, copy } = await begin();
    const before = live((database) => rowsOf(database, 'gone'));
    expect(
      Object.values(before).every((rows) => rows > 0),
      'every table has something to lose',
    ).toBe(true);
    const kept = live((database) => rowsOf(database, 'kept'));
    let steps = 0;
    let most = 0;
    let known = [left(copy), left(databaseFile(folder))];
    let ended = false;
    const removed = store.purgeDeleted(at).finally(() => {
      ended = true;
    });
    while (!ended) {
      await turn();
      const now = [left(copy), left(databaseFile(folder))];
      const taken = known.map((rows, which) => rows - (now[which] ?? 0));
      most = Math.max(most, ...taken);
      if (taken.some((rows) => rows > 0)) steps += 1;
      known = now;
      // A reply of another conversation can come and go between any two steps.
      if (steps === 3) store.setValue('said', 'meanwhile');
      if (!ended)
        expect([codeOf(() => store.restoreConversation('gone')), store.conversation('gone')]).toEqual([
          'conversation-not-found',
          undefined,
        ]);
    }
    expect(await removed).toBe(1);
    expect(most).toBeLessThanOrEqual(PURGE_ROWS);
    expect(steps).toBeGreaterThanOrEqual((2 * sum(before)) / PURGE_ROWS);
    for (const path of [copy, databaseFile(folder)]) {
      look(path, (database) => {
        expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
        expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
        expect(Object.fromEntries(tablesOf(database).map((table) => [table, rowsOf(database, 'kept')[table]]))).toEqual(kept);
        expect(database.prepare("SELECT count(*) AS n FROM conversations WHERE id = 'gone'").get()).toEqual({ n: 0 });
        expect(database.prepare("SELECT count(*) AS n FROM notes WHERE id LIKE 'gone-%'").get(), 'what was learnt stays').toEqual({
          n: PAIRS / 10,
        });
      });
    }
    expect(filesWith(SECRET)).toEqual([]);
    expect(filesWith(KEPT_WORDS).length).toBeGreaterThanOrEqual(2);
    store.close();
  });

  it('[S37] takes along what is written to the conversation while it goes', async () => {
    const { store } = await begin();
    const removed = store.purgeDeleted(at);
    const late = new DatabaseSync(databaseFile(folder), { timeout: 1_000 });
    while (live((database) => rowsOf(database, 'gone')['outbox']) !== 0) await turn();
    late.exec("INSERT INTO outbox (conversation_id, turn_id, payload) VALUES ('gone', 'gone-turn-1', 'LATE-words')");
    late.close();
    await removed;
    expect(sum(live((database) => rowsOf(database, 'gone')))).toBe(0);
    expect(filesWith('LATE-words')).toEqual([]);
    store.close();
  });

  it('[S37] can be ended at any step, and the next call goes on with it', async () => {
    const { store, copy } = await begin();
    for (const path of [copy, databaseFile(folder)]) {
      const before = left(path);
      const ending = new AbortController();
      const removed = store.purgeDeleted(at, ending.signal);
      while (left(path) === before) await turn();
      ending.abort();
      expect(await removed).toBe(0);
      expect(left(path)).toBeGreaterThan(0);
      expect(codeOf(() => store.restoreConversation('gone'))).toBe('conversation-not-found');
      expect(store.listConversations({}).conversations.map(({ id }) => id)).toEqual(['kept']);
    }
    store.close();
    const next = open();
    expect(await next.purgeDeleted(at)).toBe(1);
    expect(filesWith(SECRET)).toEqual([]);
    next.close();
  });

  it('[S37] shows nothing of what is left in a copy that takes the place of the database half-way', async () => {
    const { store, copy } = await begin();
    const before = left(copy);
    const ending = new AbortController();
    const removed = store.purgeDeleted(at, ending.signal);
    while (left(copy) === before) await turn();
    ending.abort();
    await removed;
    const place = join(folder, 'another');
    mkdirSync(place);
    copyFileSync(copy, databaseFile(place));
    const restored = open(place);
    expect(restored.listConversations({}).conversations.map(({ id }) => id)).toEqual(['kept']);
    expect(codeOf(() => restored.restoreConversation('gone'))).toBe('conversation-not-found');
    say(restored, 'kept', 1, 'Go on.');
    expect(await restored.purgeDeleted(at)).toBe(1);
    for (const each of [restored, store]) each.close();
  });
});
