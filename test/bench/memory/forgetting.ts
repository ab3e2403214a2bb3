/** @file How long it takes until something is gone from a large store and its three backups, and how long the loop is held by that. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { type OpenedStore, openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { UNDO_FORGET_MS } from '../../../src/shared/notes-limits.ts';
import { temporaryFolder } from '../../kit/service.ts';
import { silentLog } from '../../kit/silent-log.ts';
import { makeCorpus, type Turn } from './corpus.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const BACKUPS = 3;
/** Stands in one message and in what was made of it. */
const SECRET = 'My cousin Ottilie hides a brass astrolabe below the seventh stair.';

function manyTurns(count: number): Turn[] {
  const turns: Turn[] = [];
  for (let seed = 1_000; turns.length < count; seed++) turns.push(...makeCorpus(seed, 10).turns);
  return turns.slice(0, count);
}

/** A report of the size that one has, with what was recalled for the reply. */
const reportOf = (id: string, text: string) =>
  JSON.stringify({
    recalled: [{ text, reason: 'You said it.', tokens: 12, source: { kind: 'message', id, speaker: 'person', at: START } }],
    sections: Array.from({ length: 12 }, (_, at) => ({ name: `section ${at}`, tokens: at, hash: 'a'.repeat(64) })),
    warnings: [],
  });

/** Every message has a block above it or a report, as in a store that was talked with. */
function writeAll(file: string, turns: readonly Turn[]): string {
  const database = new DatabaseSync(file);
  const conversation = database.prepare(
    "INSERT INTO conversations (id, user_id, character_id, title, folded_title, titled, created_at, updated_at) VALUES (?, 'default', 'default', '', '', 0, 0, ?)",
  );
  const message = database.prepare(
    "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at, context, report) VALUES (?, ?, ?, ?, ?, 'complete', ?, ?, ?)",
  );
  const secretAt = Math.floor(turns.length / 2) & ~1;
  const last = new Map<string, string>();
  database.exec('BEGIN');
  for (const [n, { conversation: id, id: turn, at, text: told }] of turns.entries()) {
    const parent = last.get(id);
    if (parent === undefined) conversation.run(id, at);
    const text = n === secretAt ? SECRET : told;
    const recalled = n === secretAt + 1 ? SECRET : told;
    const block = `<memory>\n- On Monday they said: ${recalled}\n</memory>\n<now>\nIt is Monday.\n</now>`;
    const isPerson = n % 2 === 0;
    message.run(
      turn,
      id,
      parent ?? null,
      isPerson ? 'user' : 'assistant',
      text,
      at,
      isPerson ? block : '',
      isPerson ? null : reportOf(turn, recalled),
    );
    last.set(id, turn);
  }
  database.exec('COMMIT');
  database.close();
  return turns[secretAt]?.id ?? '';
}

export type ForgettingSpeed = { megabytes: number; goneMs: number; heldMs: number };

export async function measureForgetting(count: number): Promise<ForgettingSpeed> {
  const folder = temporaryFolder('bench-forgetting');
  let now = START;
  const open = (): OpenedStore => openStore({ folder: folder.path, log: silentLog, now: () => now, outbox: false });
  const file = `${folder.path}/conversations.db`;
  open().close();
  const messageId = writeAll(file, manyTurns(count));
  const store = open();
  for (let day = 0; day < BACKUPS; day++) {
    now += 2 * DAY;
    store.setValue('day', String(day));
    store.backupIfDue();
  }
  const held = monitorEventLoopDelay({ resolution: 1 });
  held.enable();
  const began = performance.now();
  store.notes.hide({ id: 'f', userId: 'default', noteIds: [], messageIds: [messageId], at: now });
  await pause(UNDO_FORGET_MS);
  await store.notes.remove('f', { finally: true });
  const goneMs = performance.now() - began;
  held.disable();
  const database = new DatabaseSync(file, { readOnly: true });
  const size = database.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size').get();
  database.close();
  store.close();
  folder.remove();
  return { megabytes: Number(size?.['bytes']) / 1e6, goneMs, heldMs: held.max / 1e6 };
}
