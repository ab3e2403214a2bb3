/** @file The store on a real disk: settings, what a start makes of a crash, backups, and real removal. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, conversation, say, speak } from '../../../../test/contracts/store-questions.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { LOG_PAGES } from '../../../shared/limits.ts';
import type { Log } from '../../engine/ports.ts';
import { createAccess } from './access.ts';
import { listBackups } from './backups.ts';
import { connect, IN_MEMORY, isSound } from './connection.ts';
import { databaseFile } from './files.ts';
import { migrate } from './migrate.ts';
import { type OpenedStore, openStore } from './open.ts';
import { createOutboxPart, createOutboxWriter } from './outbox.ts';
import { noLog } from './write-ahead-log.ts';

const DAY = 24 * 60 * 60 * 1_000;
let folder = '';
let at = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  at = 100 * DAY;
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (log: Log = silentLog): OpenedStore => openStore({ folder, log, now: () => at, outbox: true });

/** A log that keeps the names of its lines. */
function listening(): { log: Log; lines: [event: string, fields: Record<string, unknown>][] } {
  const lines: [string, Record<string, unknown>][] = [];
  const write = (event: string, fields: Record<string, unknown> = {}) => void lines.push([event, fields]);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

/** Every file of the data folder that holds these bytes. */
function filesWith(words: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words))
    .map((entry) => entry.name);
}

describe('settings', () => {
  it('[S24] of a file are WAL, synchronous FULL, secure_delete, foreign keys; nothing is complained of here', () => {
    const { log, lines } = listening();
    const database = connect(databaseFile(folder), log);
    const value = (name: string) => database.prepare(`PRAGMA ${name}`).get()?.[name];
    expect(['journal_mode', 'synchronous', 'secure_delete', 'foreign_keys'].map(value)).toEqual(['wal', 2, 1, 1]);
    expect(value('wal_autocheckpoint')).toBe(LOG_PAGES);
    expect(value('busy_timeout') ?? database.prepare('PRAGMA busy_timeout').get()?.['timeout']).toBe(2_000);
    expect(lines).toEqual([]);
    database.close();
  });

  it('[S24] that cannot be had are logged and refused nowhere', () => {
    const { log, lines } = listening();
    // This way of locking has no shared memory, so that SQLite has no WAL there.
    const database = connect(`file:${databaseFile(folder)}?vfs=unix-dotfile`, log);
    expect(lines).toEqual([['store-setting-differs', { name: 'journal_mode', wanted: 'wal', found: 'delete' }]]);
    migrate(database);
    database.close();
  });

  it('[S24] a library before 3.51.3 is called old', () => {
    expect(['3.51.3', '3.51.10', '3.53.4', '4.0.0'].map(isSound)).toEqual([true, true, true, true]);
    expect(['3.51.2', '3.50.9', '2.99.99', ''].map(isSound)).toEqual([false, false, false, false]);
  });
});

/** Of a page in the log, with what stands before it (sqlite.org/fileformat2.html, 4.1). */
const FRAME_BYTES = 4_096 + 24;

it('[S42] what is said goes from the log to the database in small pieces', () => {
  const store = open();
  store.createConversation(conversation('c'), undefined);
  for (let n = 0; n < 200; n++) {
    say(store, 'c', n, 'And then?');
    speak(store, n, { text: 'Then all was well.' });
  }
  // One write more than the piece, whose commit hands it on.
  expect(statSync(`${databaseFile(folder)}-wal`).size).toBeLessThan((LOG_PAGES + 50) * FRAME_BYTES);
  store.close();
});

describe('a start after a crash', () => {
  it('[S15] marks what was being written as interrupted, keeps its text, ends its turn, and hands nothing on', () => {
    const store = open();
    store.createConversation(conversation('c'), undefined);
    say(store, 'c', 1, 'Hi');
    store.appendReply('turn-1', 'Half of ', 'thought');
    const { log, lines } = listening();
    const next = open(log);
    expect(next.message('reply-1')).toMatchObject({ status: 'interrupted', text: 'Half of ', thinking: 'thought' });
    expect(lines).toEqual([['replies-interrupted', { count: 1 }]]);
    expect(codeOf(() => next.appendReply('turn-1', 'more', ''))).toBe('turn-not-found');
    expect(speak(next, 1, { text: 'Whole' })).toMatchObject({ status: 'interrupted', text: 'Half of ' });
    expect(next.outbox(10)).toEqual([]);
    next.close();
    store.close();
  });
});

describe('removal', () => {
  it('[S13] purged words are in no file of the folder any more, backups included', async () => {
    const words = 'SECRET-d41d8cd98f';
    const first = open();
    first.createConversation(conversation('kept'), { id: 'greeting', text: 'ORDINARY-words' });
    first.createConversation(conversation('c', { title: `${words} title`, titled: true }), undefined);
    for (let n = 1; n <= 40; n += 1) {
      say(first, 'c', n, `${words} `.repeat(n * 20));
      first.setContext(`user-${n}`, `${words} context`);
      first.appendReply(`turn-${n}`, `${words} partial`, `${words} thought`);
      speak(first, n, { text: `${words} reply`.repeat(n), thinking: `${words} thought` });
    }
    first.close();
    at += DAY;
    const store = open();
    say(store, 'c', 50, words);
    expect(filesWith(words).sort()).toEqual(expect.arrayContaining(['conversations.db', 'conversations.db-wal']));
    expect(filesWith(words)).toHaveLength(3);
    store.deleteConversation('c', at);
    expect(await store.purgeDeleted(at)).toBe(1);
    expect(filesWith(words)).toEqual([]);
    expect(filesWith('ORDINARY-words')).toHaveLength(2);
    store.close();
    expect(filesWith(words)).toEqual([]);
  });

  it('[S13] a backup that cannot be cleaned is removed whole, with a log line', async () => {
    const { log, lines } = listening();
    const store = open(log);
    store.createConversation(conversation('c'), undefined);
    await store.backupIfDue();
    const [backup = ''] = listBackups(folder);
    writeFileSync(backup, 'SECRET and not a database');
    store.deleteConversation('c', at);
    await store.purgeDeleted(at);
    expect(listBackups(folder)).toEqual([]);
    expect(lines.map(([event]) => event)).toEqual(['backup-removed']);
    store.close();
  });
});

describe('backups', () => {
  const names = () => listBackups(folder).map((path) => path.slice(-'1970-04-11T00-00-00.000Z.db'.length, -'T00-00-00.000Z.db'.length));

  it('[S23] are made where the newest is a day old and something was written since', async () => {
    const store = open();
    store.createConversation(conversation('c'), undefined);
    await store.backupIfDue();
    expect(names()).toEqual(['1970-04-11']);
    at += DAY - 1;
    store.setValue('key', 'new');
    await store.backupIfDue();
    expect(names()).toEqual(['1970-04-11']);
    at += 1;
    await store.backupIfDue();
    expect(names()).toEqual(['1970-04-12', '1970-04-11']);
    at += DAY;
    await store.backupIfDue();
    expect(names()).toHaveLength(2);
    store.close();
  });

  it('[S23] made at every stop of one day do not push yesterday’s out, and three days are kept', () => {
    for (let day = 0; day < 5; day += 1) {
      for (let stop = 0; stop < 3; stop += 1) {
        const store = open();
        store.setValue('key', `${day}.${stop}`);
        store.close();
        at += 60_000;
      }
      at += DAY;
    }
    expect(names()).toEqual(['1970-04-15', '1970-04-14', '1970-04-13']);
    const newest = new DatabaseSync(listBackups(folder)[0] ?? '', { readOnly: true });
    expect(newest.prepare('SELECT value FROM value').get()).toEqual({ value: '4.2' });
    newest.close();
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(3);
  });

  it('[S23] that fail are logged, and the store goes on', () => {
    const { log, lines } = listening();
    const store = open(log);
    writeFileSync(join(folder, 'backups'), 'a file where the folder should be');
    store.setValue('key', 'value');
    store.close();
    expect(lines.map(([event]) => event)).toEqual(['backup-failed']);
    rmSync(join(folder, 'backups'));
    const again = open();
    expect(again.value('key')).toBe('value');
    again.close();
  });
});

describe('the outbox', () => {
  it('[S7] drops its oldest rows beyond its bound, with one log line', () => {
    const { log, lines } = listening();
    const database = connect(IN_MEMORY, log);
    migrate(database);
    const access = createAccess(database, noLog);
    const writer = createOutboxWriter(access, log, 3);
    database.exec(`INSERT INTO conversations (id, user_id, character_id, title, folded_title, titled, head_id, created_at, updated_at, deleted_at) VALUES ('c', 'u', 's', '', '', 0, NULL, 0, 0, NULL);
      INSERT INTO messages (id, conversation_id, role, text, status, created_at) VALUES
        ('m', 'c', 'user', 'Hi', 'complete', 0), ('r', 'c', 'assistant', 'Yes', 'complete', 0)`);
    for (let n = 1; n <= 6; n += 1) {
      writer.add({ id: `t${n}`, conversation_id: 'c', user_message_id: 'm', reply_id: 'r', ended_at: null }, n);
    }
    expect(
      createOutboxPart(access)
        .outbox(10)
        .map((row) => row.turnId),
    ).toEqual(['t4', 't5', 't6']);
    expect(lines).toEqual([['outbox-overflowed', { limit: 3 }]]);
    database.close();
  });

  it('[S7] has no rows where nobody publishes', () => {
    const store = openStore({ folder, log: silentLog, now: () => at, outbox: false });
    store.createConversation(conversation('c'), undefined);
    say(store, 'c', 1, 'Hi');
    speak(store, 1, { text: 'Yes' });
    expect(store.outbox(10)).toEqual([]);
    store.close();
  });
});
