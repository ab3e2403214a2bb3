/** @file How long it takes until something is gone from a large store and its three backups, and how long the loop is held by that. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { type OpenedStore, openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { UNDO_FORGET_MS } from '../../../src/shared/notes-limits.ts';
import { temporaryFolder } from '../../kit/service.ts';
import { silentLog } from '../../kit/silent-log.ts';
import { makeCorpus, type Turn } from './corpus.ts';
import { type Loop, watchLoop } from './loop.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const BACKUPS = 3;
const LAST_LOOK_MS = 20;
/** Messages that a prompt holds. */
const WINDOW_MESSAGES = 100;
/** Stands in one message and in what was made of it. */
const SECRET = 'My cousin Ottilie hides a brass astrolabe below the seventh stair.';

/** Every so manieth pair of messages is said in one conversation, beside all others: it lies everywhere in the file. */
export const LONG = 'long';
const LONG_EVERY = 5;

export function manyTurns(count: number, from = 1_000): Turn[] {
  const turns: Turn[] = [];
  for (let seed = from; turns.length < count; seed++) turns.push(...makeCorpus(seed, 10).turns);
  const isLong = (n: number) => Math.floor(n / 2) % LONG_EVERY === LONG_EVERY - 1;
  // As ids are at the doors.
  const plain = (id: string) => id.replaceAll(/[^A-Za-z0-9-]/g, '-');
  return turns
    .slice(0, count)
    .map((turn, n) => ({ ...turn, id: plain(turn.id), conversation: isLong(n) ? LONG : plain(turn.conversation) }));
}

/** A report of the size that one has, with what was recalled for the reply. */
const reportOf = (id: string, text: string, oldestSentId: string | null) =>
  JSON.stringify({
    oldestSentId,
    historyTrimmed: true,
    recalled: [{ text, reason: 'You said it.', tokens: 12, source: { kind: 'message', id, speaker: 'person', at: START } }],
    sections: Array.from({ length: 12 }, (_, at) => ({ name: `section ${at}`, tokens: at, hash: 'a'.repeat(64) })),
    warnings: [],
  });

/** Every message has a block above it or a report, as in a store that was talked with. */
export function writeAll(file: string, turns: readonly Turn[]): string {
  const database = new DatabaseSync(file);
  const conversation = database.prepare(
    "INSERT INTO conversations (id, user_id, character_id, title, folded_title, titled, created_at, updated_at) VALUES (?, 'default', 'default', '', '', 0, 0, ?)",
  );
  const message = database.prepare(
    "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at, context, report) VALUES (?, ?, ?, ?, ?, 'complete', ?, ?, ?)",
  );
  const turned = database.prepare('INSERT INTO turns (id, conversation_id, user_message_id, reply_id, started_at) VALUES (?, ?, ?, ?, ?)');
  const head = database.prepare('UPDATE conversations SET head_id = ? WHERE id = ?');
  const secretAt = Math.floor(turns.length / 2) & ~1;
  const paths = new Map<string, string[]>();
  database.exec('BEGIN');
  for (const [n, { conversation: id, id: turn, at, text: told }] of turns.entries()) {
    const path = paths.get(id) ?? [];
    const parent = path.at(-1);
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
      isPerson ? null : reportOf(turn, recalled, path.at(-WINDOW_MESSAGES) ?? path[0] ?? null),
    );
    if (!isPerson && parent !== undefined) turned.run(`turn-${turn}`, id, parent, turn, at);
    paths.set(id, path);
    path.push(turn);
  }
  for (const [id, path] of paths) head.run(path.at(-1) ?? null, id);
  database.exec('COMMIT');
  database.close();
  return turns[secretAt]?.id ?? '';
}

type Held = Loop & { tookMs: number };

async function held(action: () => Promise<unknown>): Promise<Held> {
  const loop = watchLoop();
  loop.go();
  const began = performance.now();
  await action();
  const tookMs = performance.now() - began;
  // The last step counts as well.
  await pause(LAST_LOOK_MS);
  loop.halt();
  return { ...loop.seen(), tookMs };
}

export type ForgettingSpeed = { megabytes: number; backup: Held; forget: Held; purge: Held; long: Held };

export async function measureForgetting(count: number): Promise<ForgettingSpeed> {
  const folder = temporaryFolder('bench-forgetting');
  let now = START;
  const open = (): OpenedStore => openStore({ folder: folder.path, log: silentLog, now: () => now, outbox: false });
  const file = `${folder.path}/conversations.db`;
  open().close();
  const messageId = writeAll(file, manyTurns(count));
  const store = open();
  const backups: Held[] = [];
  for (let day = 0; day < BACKUPS; day++) {
    now += 2 * DAY;
    store.setValue('day', String(day));
    backups.push(await held(() => store.backupIfDue()));
  }
  const forget = await held(async () => {
    store.notes.hide({ id: 'f', userId: 'default', noteIds: [], messageIds: [messageId], at: now });
    await pause(UNDO_FORGET_MS);
    await store.notes.remove('f', { finally: true });
  });
  const removed = (id: string) => {
    store.deleteConversation(id, now);
    return held(() => store.purgeDeleted(now));
  };
  const purge = await removed(store.message(messageId)?.conversationId ?? '');
  const long = await removed(LONG);
  const database = new DatabaseSync(file, { readOnly: true });
  const size = database.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size').get();
  database.close();
  store.close();
  folder.remove();
  const longest = backups.sort((one, other) => other.heldMs - one.heldMs)[0] ?? forget;
  return { megabytes: Number(size?.['bytes']) / 1e6, backup: longest, forget, purge, long };
}
