/** @file Where recall runs: beside the engine while there is little to look through, else in a thread of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { RECALL_MS } from '../../../shared/memory-limits.ts';
import { createRecallWork } from './recall-work.ts';
import type { ThreadOrder, ThreadStart, ThreadWord } from './thread-messages.ts';

type Order = Exclude<ThreadOrder, { type: 'close' }>;

export type RecallPlace = 'beside' | 'thread';

export type RecallSide = {
  post(order: Order): void;
  /** Nothing is read any more once it resolves. */
  close(): Promise<void>;
};

export type SideEvents = {
  hear(word: ThreadWord): void;
  /** It is over, with its cause where it was not closed. */
  ended(cause: unknown): void;
};

/** Beside this file: as it is written here, as it is built in out/main. */
const threadFile = ['recall-thread.ts', 'recall-thread.js'].map((name) => join(import.meta.dirname, name)).find(existsSync);

/** Whether the conversations on disk hold more messages than that. */
export function holdsMore(database: string, messages: number): boolean {
  const reader = new DatabaseSync(database, { readOnly: true });
  try {
    return reader.prepare('SELECT 1 FROM messages LIMIT 1 OFFSET ?').get(messages) !== undefined;
  } finally {
    reader.close();
  }
}

export function openThread(start: ThreadStart, { hear, ended }: SideEvents, program = threadFile): RecallSide {
  if (program === undefined) throw new Error('the program of recall is missing');
  const worker = new Worker(program, { workerData: start, name: 'recall' });
  worker.unref();
  let cause: unknown;
  worker.on('message', hear);
  worker.on('error', (error) => {
    cause = error;
  });
  const over = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  void over.then(() => ended(cause));
  return {
    post: (order) => worker.postMessage(order),
    async close() {
      worker.postMessage({ type: 'close' } satisfies ThreadOrder);
      const late = setTimeout(() => void worker.terminate(), RECALL_MS);
      await over;
      clearTimeout(late);
    },
  };
}

/** Spares a question the way to another thread and back, which costs more than it takes to answer it. */
export async function openBeside(start: ThreadStart, { hear, ended }: SideEvents): Promise<RecallSide> {
  let closed = false;
  // Whoever pauses when it is closed goes no further.
  const pause = () => new Promise<void>((resolve) => setImmediate(() => closed || resolve()));
  const say = (word: ThreadWord) => closed || hear(word);
  const work = await createRecallWork(start, say, pause);
  const end = (cause: unknown) => {
    if (closed) return;
    closed = true;
    work.close();
    ended(cause);
  };
  work.whole.catch(end);
  return {
    post: (order) => void work.obey(order).catch(end),
    close: async () => end(undefined),
  };
}
