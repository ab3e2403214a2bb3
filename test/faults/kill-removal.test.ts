/** @file kill -9 while a long conversation is removed: nothing of it is ever shown again, and a later start takes the rest. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listBackups } from '../../src/main/adapters/sqlite/backups.ts';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { inspect } from '../../src/main/adapters/sqlite/inspect.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { codeOf } from '../contracts/store-questions.ts';
import { layInterleaved, rowsOf, SECRET } from '../kit/interleaved.ts';
import { createRandom } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';

const KILLS = process.env['TEST_LONG'] ? 50 : 5;
const SEED = 20_260_927;
const PAIRS = 2_000;
/** A removal of this size takes some hundred turns of the loop; kills fall into all of it. */
const TURNS = 120;
const REMOVER = join(import.meta.dirname, '../kit/programs/conversation-remover.ts');

const open = (folder: string) => openStore({ folder, log: silentLog, now: () => 1, outbox: true });

/** Lets the remover run until it has said so many lines and a moment more; answers whether it was done before. */
async function removeAndKill(folder: string, lines: number, moreMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [REMOVER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  let dying = false;
  child.stdout.on('data', (piece: Buffer) => {
    told += piece.toString();
    if (dying || told.split('\n').length <= lines) return;
    dying = true;
    void delay(moreMs).then(() => child.kill('SIGKILL'));
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(told).toMatch(/^begun/u);
  return told.includes('done');
}

const left = (path: string): number => {
  const database = new DatabaseSync(path);
  try {
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    return Object.values(rowsOf(database, 'gone')).reduce((one, other) => one + other, 0);
  } finally {
    database.close();
  }
};

const filesOf = (folder: string) => [databaseFile(folder), ...listBackups(folder)];

/** As the next start would see it, in a copy: the remover goes on in the folder as it was left. Answers how many rows are left in each file. */
function check(killed: string): number[] {
  const folder = `${killed}-seen`;
  cpSync(killed, folder, { recursive: true });
  for (const path of filesOf(folder)) expect(inspect(path)).toEqual({ state: 'good' });
  const store = open(folder);
  expect(store.notice()).toBeUndefined();
  expect(store.listConversations({}).conversations.map(({ id }) => id)).toEqual(['kept']);
  expect(store.conversation('gone')).toBeUndefined();
  expect(codeOf(() => store.restoreConversation('gone'))).toBe('conversation-not-found');
  expect(store.page('kept', 10).messages).toHaveLength(10);
  store.close();
  const rows = filesOf(folder).map(left);
  rmSync(folder, { recursive: true });
  return rows;
}

function filesWith(folder: string, words: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words))
    .map((entry) => entry.name);
}

it(`[S38] ${KILLS} kills while a conversation is removed: it stays hidden, and its rest goes`, { timeout: 600_000 }, async () => {
  const random = createRandom(SEED);
  let kills = 0;
  let halves = 0;
  while (kills < KILLS || halves === 0) {
    const folder = mkdtempSync(join(tmpdir(), 'kill-removal-'));
    layInterleaved(folder, PAIRS);
    const store = open(folder);
    await store.backupIfDue();
    store.deleteConversation('gone', 1);
    store.close();
    const whole = left(databaseFile(folder));
    for (let done = false; !done; ) {
      done = await removeAndKill(folder, 1 + random.whole(0, TURNS), random.next() * 5);
      if (done) break;
      kills += 1;
      if (check(folder).some((n) => n > 0 && n < whole)) halves += 1;
    }
    expect(new Set(filesOf(folder).map(left))).toEqual(new Set([0]));
    expect(filesWith(folder, SECRET)).toEqual([]);
    rmSync(folder, { recursive: true });
  }
  process.stdout.write(`kill-removal: seed ${SEED}, ${kills} kills, ${halves} of them half-way\n`);
});
