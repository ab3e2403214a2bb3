/** @file How long recall takes over many messages: questions, the indexing of a turn, the start over a real file, and how long a thread is held. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSystemClock } from '../../../src/main/adapters/log/system-clock.ts';
import { openOwnMemory } from '../../../src/main/adapters/memory/own-memory.ts';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { watchedStore } from '../../../src/main/engine/memory/watched-store.ts';
import { startService, temporaryFolder } from '../../kit/service.ts';
import { silentLog } from '../../kit/silent-log.ts';
import { percentile } from '../figures.ts';
import { askOverSession, startModelServer } from '../path-ways.ts';
import { type Corpus, makeCorpus, type Query, type Turn } from './corpus.ts';
import type { Loop } from './loop.ts';

/** What the app runs, which need not be translated first. */
const built = resolve(import.meta.dirname, '../../../out/main/recall-thread.js');
const program = resolve(import.meta.dirname, '../../../out/main/headless.js');
const probe = resolve(import.meta.dirname, '../../kit/programs/loop-probe.mjs');
const none: Loop = { heldMs: Number.NaN, lateMs: Number.NaN };
/** What comes behind a turn is over by then. */
const WARM_MS = 500;
const QUESTIONS = 300;
const WARM = 50;

/** So many messages of one person with one companion, in conversations of a few hundred. */
function manyTurns(count: number): Corpus {
  const turns: Turn[] = [];
  const queries: Query[] = [];
  for (let seed = 1_000; turns.length < count; seed++) {
    const made = makeCorpus(seed, 10);
    turns.push(...made.turns);
    if (queries.length < QUESTIONS * 2) queries.push(...made.queries.filter(({ evidence }) => evidence.length > 0));
  }
  return { turns: turns.slice(0, count), queries };
}

function writeAll(file: string, turns: readonly Turn[]): void {
  const database = new DatabaseSync(file);
  const conversation = database.prepare(
    "INSERT OR IGNORE INTO conversations (id, user_id, character_id, title, folded_title, titled, created_at, updated_at) VALUES (?, 'default', 'default', '', '', 0, 0, ?)",
  );
  const message = database.prepare(
    "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at) VALUES (?, ?, ?, ?, ?, 'complete', ?)",
  );
  const head = database.prepare('UPDATE conversations SET head_id = ?, updated_at = ? WHERE id = ?');
  database.exec('BEGIN');
  const last = new Map<string, string>();
  for (const { conversation: id, id: turn, speaker, text, at } of turns) {
    if (!last.has(id)) conversation.run(id, at);
    message.run(turn, id, last.get(id) ?? null, speaker === 'companion' || speaker > 'M' ? 'assistant' : 'user', text, at);
    last.set(id, turn);
    head.run(turn, at, id);
  }
  database.exec('COMMIT');
  database.close();
}

/** The corpus itself is let go of before anything is measured: the engine holds none, and collecting it would hold its loop. */
function writeMany(database: string, count: number) {
  const { turns, queries } = manyTurns(count);
  writeAll(database, turns);
  const now = turns.reduce((latest, { at }) => Math.max(latest, at), 0);
  return { queries: queries.slice(0, QUESTIONS + WARM), now, conversationId: turns.at(-1)?.conversation ?? '' };
}

function sweep(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const TURNS = 60;

/**
 * The service as it is built: from the moment it says that it is ready, while recall reads everything, to the end of the third reply,
 * when most of it has run once; and over sixty turns after that.
 */
export async function measureLoop(count: number): Promise<{ first: Loop; later: Loop }> {
  const folder = temporaryFolder('bench-loop');
  openStore({ folder: folder.path, log: silentLog, now: Date.now, outbox: false }).close();
  const { queries } = writeMany(`${folder.path}/conversations.db`, count);
  const ollama = await startModelServer({ firstTokenMs: 20, tokenMs: 2, words: 40 });
  const report = `${folder.path}/loop.json`;
  const environment = { OLLAMA_BASE_URL: ollama.url, NODE_OPTIONS: `--import=${probe}`, LOOP_PROBE: report };
  const service = await startService({ dataFolder: folder.path, environment, entry: program });
  const stretch = () => service.process.kill('SIGUSR2');
  stretch();
  const ask = await askOverSession(service.url);
  for (const { question } of queries.slice(0, 3)) await ask(question);
  await pause(WARM_MS);
  stretch();
  for (const { question } of queries.slice(3, TURNS + 3)) await ask(question);
  await pause(WARM_MS);
  stretch();
  await service.kill('SIGTERM');
  await ollama.stop();
  const [first = none, later = none] = JSON.parse(readFileSync(report, 'utf8')) as Loop[];
  folder.remove();
  return { first, later };
}

export type Speed = { readyMs: number; p50: number; p95: number; turnMs: number };

export async function measureSpeed(count: number): Promise<Speed> {
  const folder = temporaryFolder('bench-recall');
  const disk = openStore({ folder: folder.path, log: silentLog, now: Date.now, outbox: false });
  const database = `${folder.path}/conversations.db`;
  const { queries, now, conversationId } = writeMany(database, count);
  sweep();
  const ready = Promise.withResolvers<number>();
  const began = performance.now();
  const log = { ...silentLog, info: (event: string) => event === 'memory-ready' && ready.resolve(performance.now() - began) };
  const vectors = resolve(import.meta.dirname, '../../../resources/memory');
  const memory = openOwnMemory({
    database,
    vectors,
    empty: false,
    settings: () => ({ on: true, shared: false }),
    clock: createSystemClock(),
    log,
    ...(existsSync(built) ? { program: built } : {}),
  });
  const store = watchedStore(disk, memory);
  const readyMs = await ready.promise;
  const times: number[] = [];
  for (const [at, { question }] of queries.entries()) {
    const asked = performance.now();
    const query = {
      userId: 'default',
      characterId: 'default',
      conversationId: undefined,
      message: question,
      before: [],
      now,
      exclude: [],
      tokens: 1_200,
    };
    await memory.recall(query, new AbortController().signal);
    if (at >= WARM) times.push(performance.now() - asked);
  }
  const extra: number[] = [];
  const mood = { compound: 0, positive: 0, negative: 0, neutral: 1 };
  for (let turn = 0; turn < 50; turn++) {
    const turnId = `new-${turn}`;
    const at = now + turn * 1_000;
    await store.acceptTurn({
      turnId,
      conversationId,
      replyId: `reply-${turn}`,
      startedAt: at,
      user: { id: `user-${turn}`, text: `My plan number ${turn} is a garden with ${turn} apple trees.`, mood },
    }).settled;
    store.finishTurn({
      turnId,
      status: 'complete',
      text: 'That will be a fine orchard.',
      thinking: '',
      report: undefined,
      fault: undefined,
      endedAt: at + 1,
    });
    const query = {
      userId: 'default',
      characterId: 'default',
      conversationId: undefined,
      message: 'xyzzy',
      before: [],
      now: at,
      exclude: [],
      tokens: 1_200,
    };
    const indexed = performance.now();
    await memory.recall(query, new AbortController().signal);
    const asked = performance.now();
    await memory.recall(query, new AbortController().signal);
    extra.push(asked - indexed - (performance.now() - asked));
  }
  await memory.close();
  disk.close();
  folder.remove();
  return { readyMs, p50: percentile(times, 0.5), p95: percentile(times, 0.95), turnMs: percentile(extra, 0.5) };
}
