/** @file Requests that nobody waits for: one at a time, only after a while of silence, let go the moment a person speaks. */
import { asFault } from '../../shared/faults.ts';
import { BACKGROUND_AFTER_MS } from '../../shared/limits.ts';
import { type BackgroundQuestion, prepareBackground } from './prepare-background.ts';
import type { TurnPorts } from './prepare-turn.ts';
import { createThoughtSplitter } from './thoughts.ts';

export type BackgroundTask = {
  /** Such as "summary"; a newer offer of the same name takes the place of one that waits for the same conversation. */
  name: string;
  conversationId: string;
  /** Asked when it is about to run, so that it speaks of what is there then; undefined where there is nothing to do any more. */
  ask(): BackgroundQuestion | undefined | Promise<BackgroundQuestion | undefined>;
  /** Gets the whole reply, without thoughts; never an empty one. What it throws is logged. */
  take(text: string): void | Promise<void>;
};

export type Background = {
  /** Puts a task into the queue. One that a person interrupted is asked again later; one that failed is dropped. */
  offer(task: BackgroundTask): void;
  /** Somebody speaks or is being answered, or that has just ended: whatever runs is let go, and the silence begins anew. */
  stir(): void;
  close(): void;
};

/** Reads one whole reply; thoughts are dropped. Rejects with a Fault, also where the signal fires. */
async function readReply(ports: TurnPorts, task: BackgroundTask, question: BackgroundQuestion, signal: AbortSignal): Promise<string> {
  const prepared = await prepareBackground(ports, task.conversationId, question, signal);
  if (!prepared) return '';
  const splitter = createThoughtSplitter({ expectsThought: prepared.expectsThought });
  let [text, thought] = ['', ''];
  const add = (parts: ReturnType<typeof splitter.push>) => {
    for (const part of parts) {
      if (part.type === 'text') text += part.text;
      else if (part.type === 'thinking') thought += part.text;
      else if (part.type === 'thought-was-text') text += thought;
      else text = '';
    }
  };
  for await (const chunk of ports.model.chat(prepared.request, signal)) if (chunk.type === 'text') add(splitter.push(chunk.text));
  add(splitter.end());
  signal.throwIfAborted();
  return text.trim();
}

/** `busy` says whether anybody is being answered at this moment, or something forgotten that a request would hold. */
export function createBackground(ports: TurnPorts, busy: () => boolean): Background {
  const waiting: BackgroundTask[] = [];
  let running: AbortController | undefined;
  let cancelTimer: (() => void) | undefined;
  /** When the silence began, by the clock; the timer that runs serves however often it begins anew. */
  let silentFrom = 0;
  let closed = false;

  /** Never on the starter model, which is too small for it, and on no model that is not there. */
  const mayRun = () => {
    const { state, starter } = ports.model.status();
    return state === 'ready' && !starter && !busy();
  };
  const wait = () => {
    silentFrom = ports.clock.now();
    if (!closed && waiting.length > 0) cancelTimer ??= ports.clock.after(BACKGROUND_AFTER_MS, begin);
  };
  const perform = async (task: BackgroundTask, own: AbortController) => {
    const { name, conversationId } = task;
    try {
      const question = await task.ask();
      own.signal.throwIfAborted();
      const text = question ? await readReply(ports, task, question, own.signal) : '';
      if (text !== '') await task.take(text);
    } catch (error) {
      if (own.signal.aborted && !waiting.some((other) => other.name === name && other.conversationId === conversationId))
        waiting.push(task);
      else if (!own.signal.aborted) ports.log.info('background-failed', { task: name, code: asFault(error).code, cause: error });
    }
  };
  const run = async () => {
    if (running || !mayRun()) return;
    const own = new AbortController();
    running = own;
    for (let task = waiting.shift(); task && !own.signal.aborted; task = own.signal.aborted ? undefined : waiting.shift()) {
      await perform(task, own);
    }
    if (running === own) running = undefined;
    wait();
  };

  const begin = () => {
    // A clock that was put back tells nothing about silence.
    silentFrom = Math.min(silentFrom, ports.clock.now());
    const silentFor = ports.clock.now() - silentFrom;
    cancelTimer = silentFor < BACKGROUND_AFTER_MS ? ports.clock.after(BACKGROUND_AFTER_MS - silentFor, begin) : undefined;
    if (!cancelTimer) void run();
  };

  return {
    offer(task) {
      const at = waiting.findIndex(({ name, conversationId }) => name === task.name && conversationId === task.conversationId);
      if (at >= 0) waiting.splice(at, 1);
      waiting.push(task);
      if (!cancelTimer) wait();
    },
    stir() {
      running?.abort();
      running = undefined;
      wait();
    },
    close() {
      closed = true;
      running?.abort();
      cancelTimer?.();
    },
  };
}
