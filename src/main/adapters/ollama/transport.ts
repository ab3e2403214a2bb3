/** @file The way to a model server: kept connections, no hidden time limits, never a proxy; one `Call` per request. */
import { Agent, type Dispatcher } from 'undici';
import type { Fault } from '../../../shared/faults.ts';
import { MODEL_CONNECT_MS, MODEL_IDLE_CONNECTION_MS, MODEL_RETRY_WITHIN_MS } from '../../../shared/limits.ts';
import { type AnswerRules, readAnswer } from './answer.ts';
import { type Exchange, exchange } from './body.ts';
import { cancelledFault, closedFault, connectionFault, isLostConnection, silenceFault } from './faults.ts';
import type { Timers } from './timers.ts';

export type CallOptions = {
  signal: AbortSignal;
  /** Longest silence allowed, in milliseconds, before the answer and between its parts. */
  silenceMs: number;
  /** Whether the answer is NDJSON that ends in a last line. */
  stream: boolean;
  /** Named in the fault where the server does not know it. */
  model: string;
  /** False where asking twice would not be the same as asking once. */
  mayRepeat: boolean;
};

export type Call = {
  /** For the client of this one request. */
  fetch: typeof fetch;
  /** Takes the one repetition a request has; false where it is spent or too late. */
  takeRepetition(): boolean;
  /** Ends the request where it has not ended by itself. To be called in every case. */
  end(): void;
};

export type Transport = {
  call(options: CallOptions): Call;
  /** When a server last sent a piece of a reply or a download, by the clock; 0 before. Half an answer to a small question is no sign of life. */
  heardAt(): number;
  close(): Promise<void>;
};

export type TransportOptions = {
  /** Named in faults: the address without a password. */
  server: string;
  /** The address was given and nothing takes its place. */
  fixed: boolean;
  timers: Timers;
};

export function createTransport(options: TransportOptions): Transport {
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: MODEL_CONNECT_MS },
    keepAliveTimeout: MODEL_IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: MODEL_IDLE_CONNECTION_MS,
  });
  const closing = new AbortController();
  const heard = { at: 0 };
  return {
    call: (call) => openCall({ ...options, agent, closing: closing.signal, heard: () => (heard.at = options.timers.now()) }, call),
    heardAt: () => heard.at,
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}

type Line = TransportOptions & { agent: Agent; closing: AbortSignal; heard(): void };

/** Stops one request for the first of these reasons: the caller's signal, the end of the program, silence. */
function createStop(line: Line, call: CallOptions) {
  let reason: Fault | undefined;
  let abort: Exchange['abort'] | undefined;
  const stop = (why: Fault) => {
    reason ??= why;
    abort?.(reason);
  };
  const cancel = () => stop(cancelledFault());
  const close = () => stop(closedFault());
  if (line.closing.aborted) close();
  else if (call.signal.aborted) cancel();
  call.signal.addEventListener('abort', cancel, { once: true });
  line.closing.addEventListener('abort', close, { once: true });
  let stopTimer: (() => void) | undefined;
  const stopWaiting = () => {
    stopTimer?.();
    stopTimer = undefined;
  };
  return {
    cancel,
    reason: () => reason,
    /** What there is to stop now. */
    watch(exchange: Exchange): Exchange {
      ({ abort } = exchange);
      if (reason) abort(reason);
      return exchange;
    },
    wait() {
      stopWaiting();
      stopTimer = line.timers.after(call.silenceMs, () => stop(silenceFault(call.silenceMs)));
    },
    stopWaiting,
    release() {
      stopWaiting();
      call.signal.removeEventListener('abort', cancel);
      line.closing.removeEventListener('abort', close);
    },
  };
}

type Stop = ReturnType<typeof createStop>;

function openCall(line: Line, call: CallOptions): Call {
  const stop = createStop(line, call);
  const started = line.timers.now();
  const state: { repeated: boolean; settle: (() => boolean) | undefined } = { repeated: !call.mayRepeat, settle: undefined };
  const takeRepetition = () => {
    if (state.repeated || line.timers.now() - started >= MODEL_RETRY_WITHIN_MS) return false;
    state.repeated = true;
    return true;
  };
  const heard = () => {
    stop.stopWaiting();
    if (call.stream) line.heard();
  };
  const rules: AnswerRules = { ...call, server: line.server, timers: line.timers, wait: stop.wait, heard };
  return {
    fetch: async (input, init) => {
      try {
        const answer = await readAnswer(await sendPatiently(line, stop, String(input), init, takeRepetition), rules);
        state.settle = answer.settle;
        return answer.response;
      } catch (error) {
        throw connectionFault(error, line.server, line.fixed);
      }
    },
    takeRepetition,
    end() {
      stop.release();
      if (!state.settle?.()) stop.cancel();
    },
  };
}

/** Sends, and once more where a kept connection turns out to be dead. Ends with the stop's reason as soon as there is one. */
async function sendPatiently(line: Line, stop: Stop, url: string, init: RequestInit | undefined, takeRepetition: () => boolean) {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2);
  const options: Dispatcher.DispatchOptions = {
    origin: url.slice(0, pathAt),
    path: url.slice(pathAt),
    method: (init?.method ?? 'GET') as Dispatcher.HttpMethod,
    headers: init?.headers as Record<string, string>,
    body: (init?.body as string | undefined) ?? null,
  };
  const send = () => {
    const reason = stop.reason();
    if (reason) throw reason;
    return stop.watch(exchange(line.agent, options)).head;
  };
  stop.wait();
  try {
    return await send();
  } catch (error) {
    if (!isLostConnection(error) || stop.reason() || !takeRepetition()) throw error;
    return send();
  }
}
