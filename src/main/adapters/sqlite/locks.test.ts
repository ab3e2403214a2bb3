/** @file The locks that this process has on its files outlive whatever reads those files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { conversation, say } from '../../../../test/contracts/store-questions.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { databaseFile, lockFile } from './files.ts';
import { lockDataFolder } from './folder.ts';
import { openStore } from './open.ts';

/** What another process, such as a tool of the person's own, hears of SQLite. */
function elsewhere(path: string, sql: string): string {
  const program = `import { DatabaseSync } from 'node:sqlite';
    const database = new DatabaseSync(process.argv[1]);
    try { console.log(JSON.stringify(database.prepare(process.argv[2]).all())); } catch (error) { console.log(error.message); }
    database.close();`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program, path, sql], {
    encoding: 'utf8',
    timeout: 20_000,
  }).stdout.trim();
}

it('[S40] after a forgetting the folder is still held, and who reads the database beside the program does not take its log away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'locks-'));
  const lock = lockDataFolder(folder, { pid: process.pid });
  const store = openStore({ folder, log: silentLog, now: () => 1, outbox: true });
  store.createConversation(conversation('c'), undefined);
  say(store, 'c', 1, 'A brass astrolabe lies below the seventh stair.');
  expect(elsewhere(lockFile(folder), 'BEGIN EXCLUSIVE')).toBe('database is locked');
  store.notes.hide({ id: 'f', userId: 'user', noteIds: [], messageIds: ['user-1'], at: 1 });
  await store.notes.remove('f', { finally: true });
  expect(elsewhere(lockFile(folder), 'BEGIN EXCLUSIVE')).toBe('database is locked');
  await say(store, 'c', 2, 'Said since.').settled;
  expect(elsewhere(databaseFile(folder), "SELECT text FROM messages WHERE id = 'user-2'")).toBe('[{"text":"Said since."}]');
  expect(existsSync(`${databaseFile(folder)}-wal`)).toBe(true);
  // What is acknowledged after that is where everybody looks.
  await say(store, 'c', 3, 'And after that.').settled;
  expect(elsewhere(databaseFile(folder), "SELECT text FROM messages WHERE id = 'user-3'")).toBe('[{"text":"And after that."}]');
  store.close();
  lock.release();
  expect(elsewhere(lockFile(folder), 'BEGIN EXCLUSIVE')).toBe('[]');
  rmSync(folder, { recursive: true });
});
