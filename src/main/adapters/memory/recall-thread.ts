/** @file Recall's own thread: however much there is to look through, the engine's goes on. */
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { STORE_BUSY_MS } from '../../../shared/limits.ts';
import { calendarAt, createRecaller, type Stored } from '../../engine/memory/recaller.ts';
import { readTable } from '../../engine/memory/vectors.ts';
import type { MemoryItem, Snippet } from '../../engine/memory-port.ts';
import { createFollower, createReader } from './follower.ts';
import type { ThreadOrder, ThreadStart, ThreadWord } from './thread-messages.ts';

const start = workerData as ThreadStart;
const database = new DatabaseSync(start.database, { readOnly: true, timeout: STORE_BUSY_MS });
const calendar = calendarAt((at) => -new Date(at).getTimezoneOffset());
const items = new Map<string, MemoryItem>();
const readMessage = createReader(database);
const table = start.table && readTable(start.table.bytes, start.table.vocabulary);
const rest = () => pause();
const recaller = createRecaller({ table, calendar, read, pause: rest });
const follower = createFollower({ database, recaller, calendar, pause: rest });
const say = (word: ThreadWord) => parentPort?.postMessage(word);
const began = performance.now();
const whole = follower.readAll().then(() => say({ type: 'ready', items: recaller.count(), ms: performance.now() - began }));

function read(id: string): Stored | undefined {
  const item = items.get(id);
  if (!item) return readMessage(id);
  const { kind, conversationId, messageId, at, text } = item;
  return { text, source: { kind, id, conversationId, messageId, turnId: undefined, speaker: 'person', at } };
}

function put(item: MemoryItem): void {
  recaller.remove(item.id);
  items.set(item.id, item);
  const { id, kind, text, at } = item;
  recaller.put(item, { id, kind, thread: `${kind} ${id}`, speaker: 'person', text, at, calendar: calendar(at) }, item);
}

/** Conversations that changed and could not be read then, and whether all of them is to be read: whoever asks next has them read first. */
const unread = new Map<string, boolean>();

function refresh(conversationId: string, anew: boolean): void {
  unread.set(conversationId, anew || unread.get(conversationId) === true);
  follower.refresh(conversationId, unread.get(conversationId) === true);
  unread.delete(conversationId);
}

/** A disk that fails for a moment does not end the thread. */
function tryRefresh(conversationId: string, anew = false): void {
  try {
    refresh(conversationId, anew);
  } catch {
    // It stays among the unread.
  }
}

async function answer(id: number, find: () => Promise<Snippet[]>): Promise<void> {
  try {
    await whole;
    for (const [conversationId, anew] of [...unread]) refresh(conversationId, anew);
    const asked = performance.now();
    const snippets = await find();
    say({ type: 'answer', id, snippets, ms: performance.now() - asked });
  } catch (error) {
    say({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) });
  }
}

function obey(order: ThreadOrder): Promise<void> | void {
  if (order.type === 'recall') {
    return answer(order.id, () => recaller.recall(order.query, order.shared));
  }
  if (order.type === 'search') {
    return answer(order.id, () => recaller.search(order.search, order.now));
  }
  if (order.type === 'put') return order.items.forEach(put);
  if (order.type === 'refresh') return whole.then(() => tryRefresh(order.conversationId));
  if (order.type === 'reread') {
    for (const id of order.back) recaller.remove(id);
    return whole.then(() => tryRefresh(order.conversationId, true));
  }
  if (order.type === 'remove') {
    for (const id of order.ids) {
      items.delete(id);
      recaller.forget(id);
    }
    return;
  }
  database.close();
  parentPort?.close();
}

parentPort?.on('message', (order: ThreadOrder) => {
  Promise.resolve(obey(order)).catch((error: unknown) => {
    // The thread ends with it; the engine starts another one.
    throw error;
  });
});
