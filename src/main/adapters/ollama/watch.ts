/** @file Looks at a model server every few seconds, keeps what it saw, and tells who wants to hear. */
import { asFault } from '../../../shared/faults.ts';
import { PROBE_EVERY_MS, PROBE_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { ModelStatus } from '../../../shared/status.ts';
import type { ModelDescription } from '../../engine/models/shelf.ts';
import type { Log } from '../../engine/ports.ts';
import { closedFault } from './faults.ts';
import type { InstalledModel } from './names.ts';
import type { Asked, Server } from './server.ts';
import { chosenModel, type Known, statusOf } from './status.ts';

import type { Timers } from './timers.ts';

export type WatchOptions = {
  server: Server;
  timers: Timers;
  log: Log;
  wanted: string;
  anyModel: boolean;
  /** When the server last sent anybody a piece of a reply. */
  heardAt(): number;
  /** Learns what a model is; throws Faults. */
  describe(model: InstalledModel, asked: Asked): Promise<ModelDescription>;
};

export type Watch = {
  known: Known;
  status(): ModelStatus;
  listen(listener: (status: ModelStatus) => void): () => void;
  /** Changes what is known; tells the listeners where that changes the status. */
  change(part: Partial<Known>): void;
  /** Looks now, or once more after a look that is under way, so that what is seen is newer than the call. */
  look(): Promise<void>;
  close(): void;
};

export function createWatch(options: WatchOptions): Watch {
  const { server, wanted, anyModel } = options;
  const known: Known = {
    server: server.label,
    wanted,
    preferred: undefined,
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
  let again: Promise<void> | undefined;
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
    const found = await seen(options, known.preferred, closing.signal);
    looking = undefined;
    if (closing.signal.aborted) return;
    stopTimer = options.timers.after(PROBE_EVERY_MS, () => void look());
    if (found) change(found);
  };
  const look = (): Promise<void> => {
    if (!looking) {
      stopTimer();
      looking = lookOnce();
      return looking;
    }
    again ??= looking.then(() => {
      again = undefined;
      return look();
    });
    return again;
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
  preferred: string | undefined,
  signal: AbortSignal,
): Promise<Pick<Known, 'sight' | 'fault' | 'latencyMs'> | Pick<Known, 'fault'> | undefined> {
  const asked = { signal, silenceMs: PROBE_TIMEOUT_MS };
  const started = options.timers.now();
  try {
    const [version, installed] = await Promise.all([options.server.version(asked), options.server.installed(asked)]);
    const latencyMs = Math.round(options.timers.now() - started);
    const model = chosenModel({ ...options, preferred, sight: { version, installed } });
    return {
      sight: { version, installed },
      fault: undefined,
      contextTokens: undefined,
      latencyMs,
      ...(model && (await learned(options, model, asked))),
    };
  } catch (error) {
    const fault = asFault(error);
    options.log.debug('model-probe-failed', { code: fault.code, cause: String(fault.cause ?? '') });
    // A server that streams a reply at full load may be slow to answer this, and is not away.
    const busy = fault.code === 'model-timeout' && options.heardAt() > started;
    return busy ? undefined : { fault };
  }
}

/** What the default model can, known before anybody has to wait for it; a file that cannot be loaded is a fault already now. */
async function learned(options: WatchOptions, model: InstalledModel, asked: Asked): Promise<Partial<Known>> {
  try {
    return { contextTokens: (await options.describe(model, asked)).contextTokens };
  } catch (error) {
    const fault = asFault(error);
    options.log.debug('model-not-described', { model: model.name, code: fault.code });
    return fault.code === 'model-loading-failed' ? { fault } : {};
  }
}
