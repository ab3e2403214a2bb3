/** @file What recall does with an order, wherever it runs: beside the engine, or in a thread of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { STORE_BUSY_MS } from '../../../shared/limits.ts';
import type { Pause } from '../../engine/memory/candidates.ts';
import { calendarAt, createRecaller, type Stored } from '../../engine/memory/recaller.ts';
import { readTable, type VectorTable } from '../../engine/memory/vectors.ts';
import type { MemoryItem, Snippet } from '../../engine/memory-port.ts';
import { createFollower, createReader } from './follower.ts';
import type { ThreadOrder, ThreadStart, ThreadWord } from './thread-messages.ts';

export type RecallWork = {
  /** Rejects only where nothing can be read at all; whoever runs it then begins anew. */
  obey(order: Exclude<ThreadOrder, { type: 'close' }>): Promise<void>;
  /** Everything that was on disk at the start has been read. */
  whole: Promise<void>;
  close(): void;
};

async function readVectors(folder: string, say: (word: ThreadWord) => void, pause: Pause): Promise<VectorTable | undefined> {
  try {
    const [bytes, vocabulary] = await Promise.all([readFile(join(folder, 'vectors.bin')), readFile(join(folder, 'pieces.txt'), 'utf8')]);
    const own = bytes.byteOffset === 0 ? bytes.buffer : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    return await readTable(own, vocabulary, pause);
  } catch (error) {
    say({ type: 'vectors-missing', reason: String(error) });
    return undefined;
  }
}

/** `pause` lets others do something in between: no step before it takes more than a few milliseconds. */
export async function createRecallWork(start: ThreadStart, say: (word: ThreadWord) => void, pause: Pause): Promise<RecallWork> {
  const database = new DatabaseSync(start.database, { readOnly: true, timeout: STORE_BUSY_MS });
  const calendar = calendarAt((at) => -new Date(at).getTimezoneOffset());
  const items = new Map<string, MemoryItem>();
  const readMessage = createReader(database);
  const began = performance.now();
  const table = await readVectors(start.vectors, say, pause);
  const recaller = createRecaller({ table, calendar, read, pause });
  const follower = createFollower({ database, recaller, calendar, pause });
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

  /** Conversations that changed and are not read yet, and whether all of them is to be read: whoever asks next has them read first. */
  const unread = new Map<string, boolean>();

  function refresh(conversationId: string, anew: boolean): void {
    follower.refresh(conversationId, anew);
    unread.delete(conversationId);
  }

  /** A disk that fails for a moment ends nothing. */
  async function readOn(conversationId: string, anew = false): Promise<void> {
    unread.set(conversationId, anew || unread.get(conversationId) === true);
    await whole;
    await pause();
    try {
      const all = unread.get(conversationId);
      if (all !== undefined) refresh(conversationId, all);
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

  return {
    whole,
    async obey(order) {
      if (order.type === 'recall') await answer(order.id, () => recaller.recall(order.query, order.shared));
      else if (order.type === 'search') await answer(order.id, () => recaller.search(order.search, order.now));
      else if (order.type === 'put') order.items.forEach(put);
      else if (order.type === 'refresh') await readOn(order.conversationId);
      else if (order.type === 'reread') {
        for (const id of order.back) recaller.remove(id);
        await readOn(order.conversationId, true);
      } else {
        for (const id of order.ids) {
          items.delete(id);
          recaller.forget(id);
        }
      }
    },
    close: () => database.close(),
  };
}
