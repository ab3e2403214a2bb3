/** @file kill -9 while turns are written: nothing that was acknowledged is lost, nothing is half-written. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { createRandom } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';
import { replyWords, userWords } from '../kit/store-words.ts';

const KILLS = process.env['TEST_LONG'] ? 50 : 5;
const SEED = 20_260_901;
const WRITER = join(import.meta.dirname, '../kit/programs/store-writer.ts');

/** What the writer had been told by the store: turns accepted and ended, and how much of each reply was on disk. */
type Acknowledged = { accepted: Set<number>; ended: Set<number>; partial: Map<number, number> };

function note(known: Acknowledged, line: string): void {
  const [what, turn, length] = line.split(' ');
  const n = Number(turn);
  if (what === 'accepted') known.accepted.add(n);
  if (what === 'ended') known.ended.add(n);
  if (what === 'partial') known.partial.set(n, Number(length));
}

/** Lets the writer run until it has said so many lines and a moment more, kills it, and reads what it still said. */
async function writeAndKill(folder: string, first: number, lines: number, moreMs: number, known: Acknowledged): Promise<void> {
  const child = spawn(process.execPath, [WRITER, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<string | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  let heard = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    note(known, line);
    heard += 1;
    if (heard === lines) void delay(moreMs).then(() => child.kill('SIGKILL'));
  }
  expect(await ended).toBe('SIGKILL');
}

/** Opens the folder as the next start would and compares it with what was acknowledged; returns the next free turn and the interrupted ones. */
function check(folder: string, known: Acknowledged): { next: number; interrupted: number } {
  const store = openStore({ folder, log: silentLog, now: Date.now, outbox: true });
  expect(store.notice()).toBeUndefined();
  const handedOn = store.outbox(1_000_000).map((row) => row.turnId);
  expect(new Set(handedOn).size, 'nothing is handed on twice').toBe(handedOn.length);
  let n = 0;
  let interrupted = 0;
  for (; store.message(`user-${n}`); n += 1) {
    expect(store.message(`user-${n}`)?.text).toBe(userWords(n));
    const reply = store.message(`reply-${n}`);
    const isWhole = reply?.status === 'complete';
    expect(isWhole || reply?.status === 'interrupted', `status of reply ${n}: ${reply?.status}`).toBe(true);
    if (isWhole) expect(reply.text).toBe(replyWords(n));
    expect(replyWords(n).startsWith(reply?.text ?? '-'), `reply ${n} is a beginning of what was said`).toBe(true);
    expect(reply?.text.length).toBeGreaterThanOrEqual(known.partial.get(n) ?? 0);
    expect(handedOn.includes(`turn-${n}`), `turn ${n} is handed on exactly where it is complete`).toBe(isWhole);
    if (known.ended.has(n)) expect(isWhole).toBe(true);
    if (!isWhole) interrupted += 1;
  }
  for (const accepted of known.accepted) expect(accepted, 'an acknowledged turn is there').toBeLessThan(n);
  store.close();
  checkFile(folder, n);
  return { next: n, interrupted };
}

function checkFile(folder: string, turns: number): void {
  const database = new DatabaseSync(databaseFile(folder), { readOnly: true });
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  const counts = database.prepare(`SELECT (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM turns) AS turns,
    (SELECT count(*) FROM turns WHERE ended_at IS NULL) AS open`);
  expect(counts.get()).toEqual({ messages: turns * 2, turns, open: 0 });
  database.close();
}

it(`[S15] ${KILLS} kills at random moments lose no acknowledged turn`, { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-nine-'));
  const random = createRandom(SEED);
  const known: Acknowledged = { accepted: new Set(), ended: new Set(), partial: new Map() };
  let next = 0;
  let interrupted = 0;
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await writeAndKill(folder, next, random.whole(1, 60), random.next() * 8, known);
      ({ next, interrupted } = check(folder, known));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`kill -9: seed ${SEED}, ${KILLS} kills, ${known.accepted.size} turns acknowledged, ${interrupted} interrupted, 0 lost`);
  expect(known.accepted.size).toBeGreaterThan(KILLS);
  expect(known.ended.size).toBeGreaterThan(0);
  expect(interrupted).toBeGreaterThan(0);
});
