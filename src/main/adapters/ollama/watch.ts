/** @file Looks at a model server every few seconds, keeps what it saw, and tells who wants to hear. */
import { asFault } from '../../../shared/faults.ts';
import { PROBE_EVERY_MS, PROBE_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { ModelStatus } from '../../../shared/status.ts';
import type { Log } from '../../engine/ports.ts';
import { closedFault } from './faults.ts';
import type { Server } from './server.ts';
import { type Known, statusOf } from './status.ts';

import type { Timers } from './timers.ts';

export type WatchOptions = {
  server: Server;
  timers: Timers;
  log: Log;
  wanted: string;
  anyModel: boolean;
  /** When the server was last heard by anybody. */
  heardAt(): number;
};

export type Watch = {
  known: Known;
  status(): ModelStatus;
  listen(listener: (status: ModelStatus) => void): () => void;
  /** Changes what is known; tells the listeners where that changes the status. */
  change(part: Partial<Known>): void;
  /** Looks now; the next look follows in its time. Waits for a look that is under way. */
  look(): Promise<void>;
  close(): void;
};

export function createWatch(options: WatchOptions): Watch {
  const { server, wanted, anyModel } = options;
  const known: Known = {
    server: server.label,
    wanted,
    anyModel,
    sight: undefined,
    fault: undefined,
    loading: 0,
    progress: undefined,
    contextTokens: undefined,
  };
  const listeners = new Set<(status: ModelStatus) => void>();
  const closing = new AbortController();
  let told = statusOf(known);
  let looking: Promise<void> | undefined;
  let stopTimer = () => {};

  const change = (part: Partial<Known>) => {
    Object.assign(known, part);
    const status = statusOf(known);
    if (JSON.stringify(status) === JSON.stringify(told)) return;
    const { state, engine, model, reason } = status;
    if (state !== told.state) options.log.info('model-state', { state, engine, model, reason });
    told = status;
    for (const listener of listeners) listener(status);
  };
  const lookOnce = async () => {
    const found = await seen(options, closing.signal);
    looking = undefined;
    if (closing.signal.aborted) return;
    stopTimer = options.timers.after(PROBE_EVERY_MS, () => void look());
    if (found) change(found);
  };
  const look = () => {
    stopTimer();
    looking ??= lookOnce();
    return looking;
  };
  return {
    known,
    status: () => told,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change,
    look,
    close() {
      stopTimer();
      closing.abort(closedFault());
    },
  };
}

/** One look: two small questions at once, which also keeps two connections warm. Undefined where nothing new is known. */
async function seen(
  options: WatchOptions,
  signal: AbortSignal,
): Promise<Pick<Known, 'sight' | 'fault'> | Pick<Known, 'fault'> | undefined> {
  const asked = { signal, silenceMs: PROBE_TIMEOUT_MS };
  const started = options.timers.now();
  try {
    const [version, installed] = await Promise.all([options.server.version(asked), options.server.installed(asked)]);
    return { sight: { version, installed }, fault: undefined };
  } catch (error) {
    const fault = asFault(error);
    options.log.debug('model-probe-failed', { code: fault.code, cause: String(fault.cause ?? '') });
    // A server that streams a reply at full load may be slow to answer this, and is not away.
    const busy = fault.code === 'model-timeout' && options.heardAt() > started;
    return busy ? undefined : { fault };
  }
}
