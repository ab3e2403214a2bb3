/** @file The daily backup beside everything else: of one moment, and without what is gone by the time it is made. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversation, say, speak } from '../../../../test/contracts/store-questions.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createBackups, listBackups } from './backups.ts';
import { connect } from './connection.ts';
import { databaseFile } from './files.ts';
import { migrate } from './migrate.ts';
import { openStore } from './open.ts';

const at = 100 * 24 * 60 * 60 * 1_000;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backups-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openStore({ folder, log: silentLog, now: () => at, outbox: true });

/** Every file of the data folder that holds these bytes. */
function filesWith(words: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words))
    .map((entry) => entry.name);
}

describe('backups', () => {
  it('[S36] are made of one moment while others write, and hold nothing that is removed or forgotten meanwhile', async () => {
    const store = open();
    for (const [n, id] of ['gone', 'said', 'kept'].entries()) {
      store.createConversation(conversation(id), undefined);
      say(store, id, n, `SECRET-${id} stands in the ninth drawer.`);
      speak(store, n, { text: 'I see.' });
    }
    store.deleteConversation('gone', at);
    const made = store.backupIfDue();
    say(store, 'kept', 9, 'WRITTEN-MEANWHILE');
    store.notes.hide({ id: 'f', userId: 'default', noteIds: [], messageIds: ['user-1'], at });
    await Promise.all([store.purgeDeleted(at), store.notes.remove('f', { finally: true }), made]);
    expect(['SECRET-gone', 'SECRET-said'].map(filesWith)).toEqual([[], []]);
    const [path = ''] = listBackups(folder);
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
    expect(filesWith('SECRET-kept')).toEqual(expect.arrayContaining(['conversations.db', basename(path)]));
    expect(readFileSync(path).includes('WRITTEN-MEANWHILE')).toBe(false);
    const copy = new DatabaseSync(path, { readOnly: true });
    expect(copy.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    copy.close();
    store.close();
  });

  it('[S36] that a process was killed over are gone with the next start', () => {
    const place = join(folder, 'backups');
    mkdirSync(place);
    for (const name of ['x.db.part', 'x.db.part-journal']) writeFileSync(join(place, name), 'SECRET');
    const store = open();
    expect(filesWith('SECRET')).toEqual([]);
    store.close();
  });

  it('[S36] are made in one go where the folder allows no log, for whoever reads slowly would keep others from writing', async () => {
    const database = connect(databaseFile(folder), silentLog);
    migrate(database);
    database.exec('PRAGMA journal_mode = DELETE');
    const made = createBackups(database, folder, () => at, silentLog).makeIfDue();
    expect(listBackups(folder)).toHaveLength(1);
    database.exec("INSERT INTO value (key, value) VALUES ('key', 'new')");
    await made;
    database.close();
  });
});
