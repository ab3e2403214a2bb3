/** @file kill -9 while something is learnt: no half-written note, nothing learnt twice, nothing acknowledged lost. */
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
import { summaryWords } from '../kit/note-kills.ts';
import { createRandom } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';

const KILLS = process.env['TEST_LONG'] ? 100 : 10;
const SEED = 20_261_127;
const WRITER = join(import.meta.dirname, '../kit/programs/note-writer.ts');

/** Answers the last turn that was acknowledged as learnt, and the number of its message. */
async function learnAndKill(
  folder: string,
  first: number,
  lines: number,
  moreMs: number,
): Promise<{ n: number; through: number } | undefined> {
  const child = spawn(process.execPath, [WRITER, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<string | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  let [heard, last] = [0, undefined as { n: number; through: number } | undefined];
  for await (const line of createInterface({ input: child.stdout })) {
    const [, n, through] = line.split(' ');
    last = { n: Number(n), through: Number(through) };
    heard += 1;
    if (heard === lines) void delay(moreMs).then(() => child.kill('SIGKILL'));
  }
  expect(await ended).toBe('SIGKILL');
  return last;
}

type Row = Record<string, unknown>;

/** The database as the next start finds it; answers the next free turn and what is not learnt yet. */
function check(folder: string, acknowledged: { n: number; through: number } | undefined): { next: number; behind: number } {
  openStore({ folder, log: silentLog, now: Date.now, outbox: false }).close();
  const database = new DatabaseSync(databaseFile(folder), { readOnly: true });
  const all = (sql: string) => database.prepare(sql).all() as Row[];
  const [{ integrity_check: whole } = {}] = all('PRAGMA integrity_check');
  expect(whole).toBe('ok');
  const through = Number(all("SELECT rules FROM learning WHERE conversation_id = 'c'")[0]?.['rules'] ?? 0);
  expect(through, 'the mark is at least where it was acknowledged').toBeGreaterThanOrEqual(acknowledged?.through ?? 0);
  const learnt = all(`SELECT count(*) AS count FROM messages WHERE role = 'user' AND number <= ${through}`)[0]?.['count'];
  const cited = all('SELECT count(DISTINCT message_id) AS messages, count(*) AS sources FROM note_sources')[0];
  expect(cited, 'two sources for every message up to the mark, none beyond').toEqual({ messages: learnt, sources: Number(learnt) * 2 });
  const odd = all(
    `SELECT n.id FROM notes n WHERE n.kind <> 'summary' AND NOT EXISTS (SELECT 1 FROM note_sources s WHERE s.note_id = n.id)`,
  );
  expect(odd, 'no note without its source').toEqual([]);
  const current = all("SELECT subject FROM notes WHERE kind <> 'summary' AND superseded_by IS NULL AND subject = 'home'");
  expect(current.length, 'one home holds').toBe(Number(learnt) > 0 ? 1 : 0);
  const summary = all("SELECT text, learned_at FROM notes WHERE kind = 'summary'")[0];
  if (summary) expect(summary['text']).toBe(summaryWords(Number(summary['learned_at'])));
  const turns = Number(all('SELECT count(*) AS count FROM turns')[0]?.['count']);
  database.close();
  return { next: turns, behind: turns - Number(learnt) };
}

it(`[ME27] ${KILLS} kills at random moments of learning: 0 half-written notes`, { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-learning-'));
  const random = createRandom(SEED);
  let [next, behind, learnt] = [0, 0, 0];
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const acknowledged = await learnAndKill(folder, next, random.whole(1, 8), random.next() * 12);
      learnt = acknowledged?.n ?? learnt;
      const found = check(folder, acknowledged);
      next = found.next;
      if (found.behind > 0) behind += 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(
    `kill -9 while learning: seed ${SEED}, ${KILLS} kills, ${learnt} turns learnt, ${behind} times between words and note, 0 half-written`,
  );
  expect(learnt).toBeGreaterThanOrEqual(KILLS);
});
