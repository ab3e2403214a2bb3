/** @file A Model port that says what a test tells it to, step by step. */
import type { ModelDescription } from '../../src/main/engine/models/shelf.ts';
import type { Model, ModelChunk, ModelRequest } from '../../src/main/engine/ports.ts';
import { Fault } from '../../src/shared/faults.ts';
import type { ModelStatus } from '../../src/shared/status.ts';

/** One reply: chunks, pauses that a test ends, or an error to throw. */
export type Says = (ModelChunk | { type: 'pause'; until: Promise<void> } | { type: 'throw'; error: Error })[];

export type FakeModel = Model & {
  requests: ModelRequest[];
  /** The script for the next request; without one the model answers "Hello." */
  will(says: Says): void;
  describeAs(description: Partial<ModelDescription>): void;
  setStatus(status: Partial<ModelStatus>): void;
  aborted(): number;
  /** Resolves with the first request. */
  asked(): Promise<void>;
};

export const done = (promptTokens = 100, replyTokens = 5): ModelChunk => ({
  type: 'done',
  finish: 'stop',
  usage: { promptTokens, replyTokens, promptMs: 1, replyMs: 10 },
});
export const text = (words: string): ModelChunk => ({ type: 'text', text: words });

const aborting = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const leave = () => reject(new Fault('cancelled', 'Stopped.'));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });

export function createFakeModel(): FakeModel {
  const scripts: Says[] = [];
  const requests: ModelRequest[] = [];
  const heard = Promise.withResolvers<void>();
  const listeners = new Set<(status: ModelStatus) => void>();
  let aborted = 0;
  let description: ModelDescription = { name: 'fake:1b', label: 'Fake 1B', contextTokens: 8192, thinking: false, family: 'llama' };
  let status: ModelStatus = { state: 'ready', engine: 'scripted', model: 'fake:1b', label: 'Fake 1B', reason: 'Ready.', starter: false };

  async function* chat(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk> {
    requests.push(structuredClone(request));
    heard.resolve();
    const gone = aborting(signal);
    gone.catch(() => {
      aborted += 1;
    });
    for (const step of scripts.shift() ?? [text('Hello.'), done()]) {
      if (signal.aborted) await gone;
      if (step.type === 'throw') throw step.error;
      if (step.type === 'pause') await Promise.race([step.until, gone]);
      else yield step;
    }
  }

  return {
    requests,
    will: (says) => scripts.push(says),
    describeAs: (more) => {
      description = { ...description, ...more };
    },
    setStatus: (more) => {
      status = { ...status, ...more };
      for (const listener of listeners) listener(status);
    },
    aborted: () => aborted,
    asked: () => heard.promise,
    status: () => status,
    onStatus: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    defaultModel: () => description.name,
    describe: async () => description,
    preload: async () => undefined,
    chat,
    async *pull() {},
    list: async () => [description],
    remove: async () => undefined,
    retry: () => undefined,
    close: async () => undefined,
  };
}
