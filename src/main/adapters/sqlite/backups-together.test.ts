/** @file Copies that several changes want at once: a removal and forgettings that begin at the same moment. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { layInterleaved, SECRET } from '../../../../test/kit/interleaved.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createBackups, listBackups } from './backups.ts';
import { databaseFile } from './files.ts';
import { openStore } from './open.ts';

const at = 100 * 24 * 60 * 60 * 1_000;
const PAIRS = 600;
const FORGETTINGS = 4;

it('[S48] one change of a copy begins when the one before has ended, its cleared pages included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'together-'));
  layInterleaved(folder, 3);
  const database = new DatabaseSync(databaseFile(folder));
  const backups = createBackups(database, folder, () => at, silentLog);
  const [path = ''] = listBackups(folder);
  let open = 0;
  const most: number[] = [];
  const change = () =>
    backups.change(path, async (copy) => {
      open += 1;
      most.push(open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      copy.exec("UPDATE value SET value = value || '.'");
      open -= 1;
    });
  const failing = backups.change(path, () => Promise.resolve());
  await Promise.all([change(), failing, change(), backups.scrub(['gone']), change()]);
  expect(most).toEqual([1, 1, 1]);
  database.close();
  rmSync(folder, { recursive: true });
});

it('[S48] a conversation that is removed while messages are forgotten leaves whole copies, and no words of either', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'together-'));
  layInterleaved(folder, PAIRS);
  const store = openStore({ folder, log: silentLog, now: () => at, outbox: true });
  await store.backupIfDue();
  const before = listBackups(folder);
  store.deleteConversation('gone', at);
  const ids = Array.from({ length: FORGETTINGS }, (_, n) => `kept-user-${n * 50}`);
  for (const id of ids) store.notes.hide({ id: `f-${id}`, userId: 'user', noteIds: [], messageIds: [id], at: 1 });
  await Promise.all([store.purgeDeleted(at), ...ids.map((id) => store.notes.remove(`f-${id}`, { finally: true }))]);
  const copies = listBackups(folder);
  expect(copies).toEqual(before);
  for (const path of [...copies, databaseFile(folder)]) {
    const database = new DatabaseSync(path, { readOnly: true });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile());
  const withSecret = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(SECRET));
  expect(withSecret.map(({ name }) => name)).toEqual([]);
  store.close();
  rmSync(folder, { recursive: true });
});
