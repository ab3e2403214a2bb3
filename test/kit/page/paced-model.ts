/** @file A model that says given words at a given pace, for looking at the page while it writes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ModelDescription } from '../../../src/main/engine/models/shelf.ts';
import type { Model, ModelChunk, ModelRequest } from '../../../src/main/engine/ports.ts';
import { Fault } from '../../../src/shared/faults.ts';
import type { ModelStatus } from '../../../src/shared/status.ts';

export type Reply = {
  text: string;
  thinking?: string;
  tokensPerSecond: number;
  /** Silence before the first token. */
  firstTokenMs: number;
  /** Thrown after the words. */
  fault?: Fault;
  finish?: 'stop' | 'length';
  /** Silence between the thought and the words. */
  thinksMs?: number;
  /** Ends the thought in place of a time. */
  thinksUntil?: Promise<void>;
  /** Writes so many characters and waits. */
  pause?: { after: number; until: Promise<void> };
  /** Writes its words and then never ends until it is stopped. */
  hangs?: boolean;
};

export type PacedModel = Model & {
  /** Replies to come, in order; after the last one the model says "Yes." */
  replies: Reply[];
  setStatus(status: Partial<ModelStatus>): void;
  retried(): number;
};

/** A token is four characters here: about what English text has. */
const TOKEN = 4;
/** Tokens are handed out in steps of this length, as a real server's chunks arrive. */
const TICK_MS = 5;

const tokensOf = (text: string) => Math.ceil(text.length / TOKEN);

async function* spell(type: 'text' | 'thinking', words: string, tokensPerSecond: number, signal: AbortSignal): AsyncGenerator<ModelChunk> {
  const began = performance.now();
  let said = 0;
  while (said < tokensOf(words)) {
    signal.throwIfAborted();
    const due = Math.min(tokensOf(words), Math.floor(((performance.now() - began) / 1_000) * tokensPerSecond) + 1);
    for (; said < due; said += 1) yield { type, text: words.slice(said * TOKEN, (said + 1) * TOKEN) };
    await pause(TICK_MS, undefined, { signal });
  }
}

async function* answer(reply: Reply, signal: AbortSignal): AsyncGenerator<ModelChunk> {
  yield { type: 'stage', stage: 'reading' };
  await pause(reply.firstTokenMs, undefined, { signal });
  const began = performance.now();
  if (reply.thinking) yield* spell('thinking', reply.thinking, reply.tokensPerSecond, signal);
  await reply.thinksUntil;
  if (reply.thinksMs) await pause(reply.thinksMs, undefined, { signal });
  const { after = reply.text.length, until } = reply.pause ?? {};
  yield* spell('text', reply.text.slice(0, after), reply.tokensPerSecond, signal);
  await until;
  if (after < reply.text.length) yield* spell('text', reply.text.slice(after), reply.tokensPerSecond, signal);
  if (reply.hangs) await pause(24 * 60 * 60 * 1_000, undefined, { signal });
  if (reply.fault) throw reply.fault;
  const replyTokens = tokensOf(reply.text) + tokensOf(reply.thinking ?? '');
  const usage = { promptTokens: 1_184, evaluatedTokens: 42, replyTokens, promptMs: reply.firstTokenMs, replyMs: performance.now() - began };
  yield { type: 'done', finish: reply.finish ?? 'stop', usage };
}

const description: ModelDescription = {
  name: 'deepseek-r1-distill-llama:8b',
  label: 'R1 8B Q4',
  contextTokens: 8_192,
  thinking: true,
  family: 'llama',
};

export function createPacedModel(): PacedModel {
  const listeners = new Set<(status: ModelStatus) => void>();
  const replies: Reply[] = [];
  let retried = 0;
  const { name: model, label, contextTokens } = description;
  let status: ModelStatus = { state: 'ready', engine: 'ollama', model, label, reason: 'Ready.', starter: false, contextTokens };
  const quiet: Reply = { text: 'Yes.', tokensPerSecond: 100, firstTokenMs: 20 };
  return {
    replies,
    retried: () => retried,
    setStatus(change) {
      status = { ...status, ...change };
      for (const listener of listeners) listener(status);
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    defaultModel: () => model,
    describe: async () => description,
    preload: async () => undefined,
    async *chat(_request: ModelRequest, signal: AbortSignal) {
      try {
        yield* answer(replies.shift() ?? quiet, signal);
      } catch (error) {
        throw error instanceof Fault ? error : new Fault('cancelled', 'Stopped.', { cause: error });
      }
    },
    async *pull() {},
    list: async () => [description],
    remove: async () => undefined,
    retry: () => {
      retried += 1;
    },
    close: async () => undefined,
  };
}
