/** @file A folder that allows no write-ahead log, such as many on a network: what goes there is gone from every file too. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { conversation, say, speak } from '../../../../test/contracts/store-questions.ts';
import { KEPT_WORDS, layInterleaved, SECRET } from '../../../../test/kit/interleaved.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createAccess, hasLog } from './access.ts';
import { createBackups } from './backups.ts';
import { connect } from './connection.ts';
import { createConversationPart } from './conversations.ts';
import { databaseFile } from './files.ts';
import { createForgetPart } from './forget.ts';
import { openLiveFile } from './live-file.ts';
import { openStore } from './open.ts';
import { purgeDeleted } from './purge.ts';
import { openWriteAheadLog } from './write-ahead-log.ts';

const at = 100 * 24 * 60 * 60 * 1_000;
/** The length at which the removal of this conversation leaves words in pages. */
const PAIRS = 1_500;
const FORGOTTEN = 'A brass astrolabe lies below the seventh stair.';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'no-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const filesWith = (words: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words))
    .map((entry) => entry.name);

/** What lies in the folder as a program in such a folder leaves it. */
function takeLogAway(): void {
  const database = new DatabaseSync(databaseFile(folder));
  expect(database.prepare('PRAGMA journal_mode = DELETE').get()).toEqual({ journal_mode: 'delete' });
  database.close();
  expect(existsSync(`${databaseFile(folder)}-wal`)).toBe(false);
}

/** The parts of the store that take something away, over a way of locking that has no shared memory, and so no log. */
function openParts() {
  const path = databaseFile(folder);
  const database = connect(`file:${path}?vfs=unix-dotfile`, silentLog);
  expect(hasLog(database)).toBe(false);
  const access = createAccess(database, openWriteAheadLog(path));
  const backups = createBackups(database, folder, () => at, silentLog);
  const live = openLiveFile(path);
  return {
    database,
    backups,
    conversations: createConversationPart(access),
    forget: createForgetPart(access, { folder, live, backups, log: silentLog }),
    purge: () => purgeDeleted(access, { backups, live }, at),
    close() {
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      database.close();
      live.close();
    },
  };
}

it('[S43] a conversation that is removed there is in no file of the folder any more, and all else stays', {
  timeout: 120_000,
}, async () => {
  layInterleaved(folder, PAIRS);
  takeLogAway();
  const parts = openParts();
  await parts.backups.makeIfDue();
  expect(filesWith(SECRET).length).toBeGreaterThanOrEqual(2);
  parts.conversations.deleteConversation('gone', at);
  let steps = 0;
  let ended = false;
  const purged = parts.purge().finally(() => {
    ended = true;
  });
  while (!ended) {
    steps += 1;
    await turn();
  }
  expect(await purged).toBe(1);
  expect(steps).toBeGreaterThan(PAIRS / 10);
  expect(filesWith(SECRET)).toEqual([]);
  expect(filesWith(KEPT_WORDS)).toHaveLength(2);
  expect(parts.database.prepare("SELECT count(*) AS n FROM messages WHERE conversation_id = 'kept'").get()).toEqual({ n: 2 * PAIRS });
  parts.close();
  expect(filesWith(SECRET)).toEqual([]);
});

it('[S43] a message that is forgotten there is in no file of the folder any more, and all else stays', { timeout: 120_000 }, async () => {
  const store = openStore({ folder, log: silentLog, now: () => 1, outbox: true });
  store.createConversation(conversation('c'), undefined);
  for (let n = 0; n < 300; n += 1) {
    say(store, 'c', n, n === 150 ? FORGOTTEN : `Said as number ${n}, of some length.`);
    store.setContext(`user-${n}`, n % 40 === 0 ? `Once: ${FORGOTTEN} ${'And so on. '.repeat(n)}` : '');
    speak(store, n, { text: `Answered as number ${n}.` });
  }
  store.close();
  takeLogAway();
  const parts = openParts();
  parts.backups.make();
  expect(filesWith(FORGOTTEN).length).toBeGreaterThanOrEqual(2);
  parts.forget.hide({ id: 'f', userId: 'user', noteIds: [], messageIds: ['user-150'], at: 1 });
  await parts.forget.remove('f', { finally: true });
  expect(filesWith(FORGOTTEN)).toEqual([]);
  expect(parts.database.prepare("SELECT count(*) AS n FROM messages WHERE text LIKE 'Said as number%'").get()).toEqual({ n: 299 });
  expect(parts.forget.hidden()).toEqual([]);
  parts.close();
  expect(filesWith(FORGOTTEN)).toEqual([]);
});
