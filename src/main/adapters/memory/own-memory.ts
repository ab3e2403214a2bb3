/** @file Own recall as the engine sees it: beside it or in a thread of its own, begun when there is something to remember. */
import { RECALL_BESIDE_MESSAGES, RECALL_MS, RECALL_STARTING_MS, RECALL_STARTS } from '../../../shared/memory-limits.ts';
import type { Memory, MemoryIndex, MemoryItem, Snippet } from '../../engine/memory-port.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { holdsMore, openBeside, openThread, type RecallPlace, type RecallSide } from './recall-sides.ts';
import type { ThreadOrder, ThreadWord } from './thread-messages.ts';

export type OwnMemoryOptions = {
  database: string;
  /** The folder with vectors.bin and pieces.txt; without them words are compared, and no meaning. */
  vectors: string;
  /** Whether there is anything to remember yet; where not, it begins with the first question. */
  empty: boolean;
  /** What the person has set, at this moment. */
  settings(): { on: boolean; shared: boolean };
  clock: Clock;
  log: Log;
  /** The thread's program, where it is not the one beside this file. */
  program?: string;
  /** Where it runs; by the number of messages where it is not given. */
  place?: RecallPlace;
};

export type OwnMemory = Memory & MemoryIndex & { close(): Promise<void> };

/** An order that waits for an answer. */
type Asking = Extract<ThreadOrder, { id: number }>;
type Unnumbered<Order> = Order extends unknown ? Omit<Order, 'id'> : never;
type Waiting = { tell(snippets: Snippet[]): void; fail(error: Error): void };
type Running = { side: RecallSide; ready: boolean; waiting: Map<number, Waiting> };

export function openOwnMemory(options: OwnMemoryOptions): OwnMemory {
  const { clock, log, database, vectors, program } = options;
  /** Notes and summaries, for one that takes the place of one that died. */
  const items = new Map<string, MemoryItem>();
  /** What was taken out by its id; on the disk it may still be as it was. */
  const removed = new Set<string>();
  let running: Promise<Running> | undefined;
  let current: Running | undefined;
  let starts = 0;
  let asked = 0;
  let closed = false;

  function hear(made: Pick<Running, 'ready' | 'waiting'>, word: ThreadWord): void {
    if (word.type === 'vectors-missing') {
      log.warn('memory-vectors-missing', { cause: word.reason });
      return;
    }
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

  async function open(): Promise<Running> {
    starts += 1;
    if (starts > RECALL_STARTS) throw new Error('recall was started too often');
    const made = { ready: false, waiting: new Map<number, Waiting>() };
    const events = {
      hear: (word: ThreadWord) => hear(made, word),
      ended(cause: unknown) {
        if (cause !== undefined) log.warn('memory-died', { cause });
        [running, current] = [undefined, undefined];
        for (const { fail } of made.waiting.values()) fail(new Error('recall ended'));
      },
    };
    const { place = holdsMore(database, RECALL_BESIDE_MESSAGES) ? 'thread' : 'beside' } = options;
    const side = place === 'thread' ? openThread({ database, vectors }, events, program) : await openBeside({ database, vectors }, events);
    if (items.size > 0) side.post({ type: 'put', items: [...items.values()] });
    if (removed.size > 0) side.post({ type: 'remove', ids: [...removed] });
    current = Object.assign(made, { side });
    return current;
  }

  function opened(): Promise<Running> {
    if (closed) return Promise.reject(new Error('memory is closed'));
    running ??= open().catch((error: unknown) => {
      // Whoever asks next begins anew.
      running = undefined;
      throw error;
    });
    return running;
  }

  /** Where nothing runs nothing need be said: it begins with what is on disk and in `items`. */
  function tell(order: Exclude<ThreadOrder, { type: 'close' }>): void {
    if (current) current.side.post(order);
    else running?.then(({ side }) => side.post(order)).catch((cause: unknown) => log.debug('memory-gone', { cause }));
  }

  async function ask(order: Unnumbered<Asking>, signal: AbortSignal | undefined): Promise<Snippet[]> {
    // Without a wait where it runs: it begins while the engine does other things.
    const { side, ready, waiting } = current ?? (await opened());
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
      side.post({ ...order, id });
    });
  }

  const start = () => void opened().catch((cause: unknown) => log.warn('memory-not-started', { cause }));
  /** Nothing was said before the very first message. */
  const isEmpty = () => options.empty && starts === 0 && items.size === 0;
  // A thread of its own would take the processor from what the window waits for.
  if (!options.empty) setImmediate(() => closed || start());

  return {
    async recall(query, signal) {
      const { on, shared } = options.settings();
      if (!on) return { snippets: [], warnings: [] };
      if (isEmpty()) {
        start();
        return { snippets: [], warnings: [] };
      }
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
      const last = await running?.catch(() => undefined);
      await last?.side.close();
    },
  };
}
