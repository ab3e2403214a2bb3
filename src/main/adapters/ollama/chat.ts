/** @file One reply: the request as the server is always asked, and its lines as chunks. */
import type { ChatRequest, ChatResponse } from 'ollama/browser';
import { asFault, Fault } from '../../../shared/faults.ts';
import { MODEL_KEEP_ALIVE, PROBE_TIMEOUT_MS, STAGE_AFTER_MS } from '../../../shared/limits.ts';
import type { Log, ModelChunk, ModelRequest, ModelUsage } from '../../engine/ports.ts';
import { strangeAnswerFault } from './faults.ts';
import type { Server } from './server.ts';

import type { Timers } from './timers.ts';

export type ChatWorld = {
  server: Server;
  timers: Timers;
  log: Log;
  silenceMs: number;
  /** Told while the model is being loaded, and when that is over. */
  onLoading(loading: boolean): void;
  /** Replies that are being written, each from its first word to its end: the server has one slot, and the next one waits for it. */
  writing: Set<object>;
};

type SentRequest = ChatRequest & { stream: true; truncate: false; shift: false };

/** Nothing is cut or shifted behind our back; the runner options are the same every time, so that nothing is loaded anew. */
function chatRequest(request: Omit<ModelRequest, 'think'>, think: boolean | undefined): SentRequest {
  return {
    model: request.model,
    messages: request.messages,
    stream: true,
    truncate: false,
    shift: false,
    keep_alive: MODEL_KEEP_ALIVE,
    options: {
      num_ctx: request.contextTokens,
      num_predict: request.replyTokens,
      temperature: request.temperature,
      top_p: request.topP,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
    },
    ...(request.format ? { format: request.format } : {}),
    ...(think === undefined ? {} : { think }),
  };
}

/** A request that only loads, with the runner options of every other one. */
export function loadRequest(model: string, contextTokens: number): ChatRequest & { stream: false; shift: false } {
  return { model, messages: [], stream: false, shift: false, keep_alive: MODEL_KEEP_ALIVE, options: { num_ctx: contextTokens } };
}

/** `canThink`: what the model can be asked; `failed`: what a failure is to the caller. */
type Reply = ChatWorld & { canThink: (() => Promise<boolean | undefined>) | undefined; failed(error: unknown): Fault };

/** The reply to a request, from its first byte to `done`. */
export async function* chatReply(world: Reply, request: Omit<ModelRequest, 'think'>, signal: AbortSignal): AsyncGenerator<ModelChunk> {
  let think: boolean | undefined;
  try {
    think = await world.canThink?.();
  } catch (error) {
    throw world.failed(error);
  }
  const { client, call } = world.server.open({ signal, silenceMs: world.silenceMs, model: request.model, stream: true, mayRepeat: true });
  const stage = watchStage(world, request.model, signal);
  const own = {};
  try {
    const asking = client.chat(chatRequest(request, think)).catch((error: unknown) => {
      if (think === undefined || !refusesThinking(error) || !call.takeRepetition()) throw error;
      return client.chat(chatRequest(request, undefined));
    });
    const lines = asking.then((reply) => reply[Symbol.asyncIterator]());
    let next = lines.then((iterator) => iterator.next());
    const early = await Promise.race([stage.seen, next.then(() => undefined)]);
    if (early) yield { type: 'stage', stage: early } satisfies ModelChunk;
    for (let line = await next; !line.done; line = await next) {
      stage.end();
      world.writing.add(own);
      yield* chunksOf(line.value, world.server.label);
      next = (await lines).next();
    }
  } catch (error) {
    throw world.failed(error);
  } finally {
    world.writing.delete(own);
    stage.end();
    call.end();
  }
}

const refusesThinking = (error: unknown) => error instanceof Fault && /does not support thinking/i.test(error.detail ?? '');

/** Made once: an error of its own each time would cost the first word a tenth of a millisecond. */
const over = new Error('the stage is no longer asked for');

/** After a while without a word: does it wait for another reply, is the model being loaded, or is it reading? Asked once; no answer is no stage. */
function watchStage(world: ChatWorld, model: string, signal: AbortSignal) {
  const seen = Promise.withResolvers<'waiting' | 'loading' | 'reading' | undefined>();
  let control: AbortController | undefined;
  const state = { over: false, loading: false };
  const look = async () => {
    if (world.writing.size > 0) return seen.resolve('waiting');
    control = new AbortController();
    const asked = { signal: AbortSignal.any([signal, control.signal]), silenceMs: PROBE_TIMEOUT_MS };
    const loading = !(await world.server.running(asked)).includes(model);
    if (state.over) return;
    state.loading = loading;
    if (loading) world.onLoading(true);
    seen.resolve(loading ? 'loading' : 'reading');
  };
  const unknown = (error: unknown) => {
    if (!state.over) world.log.debug('model-stage-unknown', { code: asFault(error).code });
    seen.resolve(undefined);
  };
  const stopTimer = world.timers.after(STAGE_AFTER_MS, () => void look().catch(unknown));
  return {
    seen: seen.promise,
    end() {
      stopTimer();
      control?.abort(over);
      if (state.loading && !state.over) world.onLoading(false);
      state.over = true;
    },
  };
}

function* chunksOf(line: ChatResponse, server: string): Generator<ModelChunk> {
  const { message = {} } = line as { message?: { content?: unknown; thinking?: unknown } };
  const { content = '', thinking = '' } = message;
  if (typeof content !== 'string' || typeof thinking !== 'string') throw strangeAnswerFault(server);
  if (thinking !== '') yield { type: 'thinking', text: thinking };
  if (content !== '') yield { type: 'text', text: content };
  if (line.done) yield { type: 'done', finish: line.done_reason === 'length' ? 'length' : 'stop', usage: usageOf(line) };
}

const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
const milliseconds = (nanoseconds: unknown): number => count(nanoseconds) / 1e6;

/** Counts that are zero are left out by the server. It does not tell how much of the prompt it read anew. */
function usageOf(line: ChatResponse): ModelUsage {
  return {
    promptTokens: count(line.prompt_eval_count),
    replyTokens: count(line.eval_count),
    loadMs: milliseconds(line.load_duration),
    promptMs: milliseconds(line.prompt_eval_duration),
    replyMs: milliseconds(line.eval_duration),
  };
}
