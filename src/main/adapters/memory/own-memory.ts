/** @file Own recall as the engine sees it: asked over a thread of its own, which is started when there is something to remember. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RECALL_MS, RECALL_STARTING_MS, RECALL_STARTS } from '../../../shared/memory-limits.ts';
import type { Memory, MemoryIndex, MemoryItem, Snippet } from '../../engine/memory-port.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { ThreadOrder, ThreadStart, ThreadWord } from './thread-messages.ts';

export type OwnMemoryOptions = {
  database: string;
  /** The folder with vectors.bin and pieces.txt; without them words are compared, and no meaning. */
  vectors: string;
  /** Whether there is anything to remember yet; where not, the thread is started with the first question. */
  empty: boolean;
  /** What the person has set, at this moment. */
  settings(): { on: boolean; shared: boolean };
  clock: Clock;
  log: Log;
  /** The thread's program, where it is not the one beside this file. */
  program?: string;
};

export type OwnMemory = Memory & MemoryIndex & { close(): Promise<void> };

/** An order that waits for an answer. */
type Asking = Extract<ThreadOrder, { id: number }>;
type Unnumbered<Order> = Order extends unknown ? Omit<Order, 'id'> : never;
type Waiting = { tell(snippets: Snippet[]): void; fail(error: Error): void };
type Thread = { worker: Worker; ready: boolean; waiting: Map<number, Waiting> };

/** Beside this file: as it is written here, as it is built in out/main. */
const threadFile = ['recall-thread.ts', 'recall-thread.js'].map((name) => join(import.meta.dirname, name)).find(existsSync);

async function readVectors(folder: string, log: Log): Promise<ThreadStart['table']> {
  try {
    const [bytes, vocabulary] = await Promise.all([readFile(join(folder, 'vectors.bin')), readFile(join(folder, 'pieces.txt'), 'utf8')]);
    return { bytes: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), vocabulary };
  } catch (error) {
    log.warn('memory-vectors-missing', { cause: error });
    return undefined;
  }
}

export function openOwnMemory(options: OwnMemoryOptions): OwnMemory {
  const { clock, log, program = threadFile } = options;
  /** Notes and summaries, for a thread that takes the place of one that died. */
  const items = new Map<string, MemoryItem>();
  /** What was taken out by its id; on the disk it may still be as it was. */
  const removed = new Set<string>();
  let thread: Promise<Thread> | undefined;
  let current: Thread | undefined;
  let starts = 0;
  let asked = 0;
  let closed = false;

  function hear(made: Thread, word: ThreadWord): void {
    if (word.type === 'ready') {
      made.ready = true;
      log.info('memory-ready', { items: word.items, ms: Math.round(word.ms) });
      return;
    }
    const waiting = made.waiting.get(word.id);
    made.waiting.delete(word.id);
    if (word.type === 'answer') waiting?.tell(word.snippets);
    else waiting?.fail(new Error(word.reason));
  }

  async function open(): Promise<Thread> {
    starts += 1;
    if (program === undefined || starts > RECALL_STARTS) throw new Error('recall has no thread');
    const table = await readVectors(options.vectors, log);
    const workerData: ThreadStart = { database: options.database, table };
    const worker = new Worker(program, { workerData, transferList: table ? [table.bytes] : [], name: 'recall' });
    worker.unref();
    const made: Thread = { worker, ready: false, waiting: new Map() };
    worker.on('message', (word: ThreadWord) => hear(made, word));
    worker.on('error', (cause) => log.warn('memory-thread-died', { cause }));
    worker.on('exit', () => {
      [thread, current] = [undefined, undefined];
      for (const { fail } of made.waiting.values()) fail(new Error('the thread of recall ended'));
    });
    if (items.size > 0) worker.postMessage({ type: 'put', items: [...items.values()] } satisfies ThreadOrder);
    if (removed.size > 0) worker.postMessage({ type: 'remove', ids: [...removed] } satisfies ThreadOrder);
    current = made;
    return made;
  }

  function opened(): Promise<Thread> {
    if (closed) return Promise.reject(new Error('memory is closed'));
    thread ??= open();
    return thread;
  }

  /** To a thread that is not there nothing need be said: it begins with what is on disk and in `items`. */
  function tell(order: ThreadOrder): void {
    if (current) current.worker.postMessage(order);
    else thread?.then(({ worker }) => worker.postMessage(order)).catch((cause: unknown) => log.debug('memory-thread-gone', { cause }));
  }

  async function ask(order: Unnumbered<Asking>, signal: AbortSignal | undefined): Promise<Snippet[]> {
    // Without a wait where the thread is there: it begins while the engine does other things.
    const { worker, ready, waiting } = current ?? (await opened());
    const id = ++asked;
    return new Promise((resolve, reject) => {
      const end = () => {
        waiting.delete(id);
        cancel();
        signal?.removeEventListener('abort', stop);
      };
      const stop = () => {
        end();
        reject(new Error('nobody waits for it any more'));
      };
      const cancel = clock.after(ready ? RECALL_MS : RECALL_STARTING_MS, () => {
        end();
        reject(new Error('recall took too long'));
      });
      signal?.addEventListener('abort', stop);
      const done =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          end();
          settle(value);
        };
      waiting.set(id, { tell: done(resolve), fail: done(reject) });
      worker.postMessage({ ...order, id });
    });
  }

  const start = () => void opened().catch((cause: unknown) => log.warn('memory-not-started', { cause }));
  if (!options.empty) start();

  return {
    async recall(query, signal) {
      const { on, shared } = options.settings();
      if (!on) return { snippets: [], warnings: [] };
      try {
        return { snippets: await ask({ type: 'recall', query, shared }, signal), warnings: [] };
      } catch (error) {
        if (signal.aborted) return { snippets: [], warnings: [] };
        log.warn('memory-recall-failed', { cause: error });
        return { snippets: [], warnings: ['Memory could not be looked through; this reply was written without it.'] };
      }
    },
    put(given) {
      for (const item of given) {
        items.set(item.id, item);
        removed.delete(item.id);
      }
      if (given.length > 0) tell({ type: 'put', items: given });
    },
    remove(ids) {
      for (const id of ids) {
        items.delete(id);
        removed.add(id);
      }
      tell({ type: 'remove', ids });
    },
    refresh: (conversationId) => tell({ type: 'refresh', conversationId }),
    reread(conversationId, back) {
      for (const id of back) removed.delete(id);
      tell({ type: 'reread', conversationId, back });
    },
    search: (search) => ask({ type: 'search', search, now: clock.now() }, undefined),
    async close() {
      closed = true;
      current = undefined;
      const running = await thread?.catch(() => undefined);
      if (!running) return;
      const ended = new Promise<void>((resolve) => running.worker.once('exit', () => resolve()));
      running.worker.postMessage({ type: 'close' } satisfies ThreadOrder);
      const cancel = clock.after(RECALL_MS, () => void running.worker.terminate());
      await ended;
      cancel();
    },
  };
}
