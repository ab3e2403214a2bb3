/** @file Questions to a model and ways to listen to the answer, for the contract suite. */
import type { Model, ModelChunk, ModelRequest } from '../../src/main/engine/ports.ts';
import { Fault } from '../../src/shared/faults.ts';
import type { ModelStatus } from '../../src/shared/status.ts';

/** The same runner options in every request, so that a real model is loaded once. */
const CONTEXT_TOKENS = 2_048;

export type Drained = { chunks: ModelChunk[]; text: string; thinking: string; done: Extract<ModelChunk, { type: 'done' }> | undefined };

export const signal = (): AbortSignal => new AbortController().signal;

/** A short question with a system message. */
export function ask(model: string, content: string): ModelRequest {
  return {
    model,
    messages: [
      { role: 'system', content: 'You are Sarah, a candid companion. Answer in one or two sentences.' },
      { role: 'user', content },
    ],
    temperature: 0.7,
    topP: 0.9,
    contextTokens: CONTEXT_TOKENS,
    replyTokens: 24,
    seed: 7,
  };
}

/** About so many tokens of text: numbers cost at least one token each in every vocabulary. */
export const longPrompt = (tokens: number): string => Array.from({ length: tokens }, (_, index) => index % 10).join(' ');

/** A question whose prompt takes a small model on a small machine a good while to read, and still fits. */
export function askLong(model: string, content: string): ModelRequest {
  return { ...ask(model, `${longPrompt(800)}\n\n${content}`), replyTokens: 8 };
}

/** Everything a model said, once it has ended. */
export async function collect(stream: AsyncIterable<ModelChunk>): Promise<Drained> {
  const drained: Drained = { chunks: [], text: '', thinking: '', done: undefined };
  for await (const chunk of stream) {
    drained.chunks.push(chunk);
    if (chunk.type === 'text') drained.text += chunk.text;
    if (chunk.type === 'thinking') drained.thinking += chunk.text;
    if (chunk.type === 'done') drained.done = chunk;
  }
  return drained;
}

/** When a promise ended, and the fault it ended in; anything but a Fault is thrown on. */
export async function endOf(promise: Promise<unknown>): Promise<{ fault: Fault | undefined; at: number }> {
  try {
    await promise;
    return { fault: undefined, at: performance.now() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { fault: error, at: performance.now() };
  }
}

/** The fault that a promise ends in; ending well is an error. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const { fault } = await endOf(promise);
  if (!fault) throw new Error('It ended well where a fault was due.');
  return fault;
}

/** Waits until the model is in a state. */
export async function until(model: Model, state: ModelStatus['state']): Promise<ModelStatus> {
  const reached = Promise.withResolvers<ModelStatus>();
  const stop = model.onStatus((status) => {
    if (status.state === state) reached.resolve(status);
  });
  if (model.status().state === state) reached.resolve(model.status());
  try {
    return await reached.promise;
  } finally {
    stop();
  }
}
