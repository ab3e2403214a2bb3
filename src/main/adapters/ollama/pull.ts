/** @file Fetches a model through the server, with the progress of all its parts together. */
import { Fault } from '../../../shared/faults.ts';
import { hubName } from '../../../shared/model-names.ts';
import type { PullProgress } from '../../engine/models/shelf.ts';
import { downloadFault } from './faults.ts';
import type { Server } from './server.ts';

/** Adds the parts up: the server tells of one at a time and knows no total. */
export function createTally(): (line: { status: string; digest?: string; total?: number; completed?: number }) => PullProgress {
  const parts = new Map<string, { total: number; done: number }>();
  return ({ status, digest, total = 0, completed = 0 }) => {
    if (digest) parts.set(digest, { total, done: Math.min(completed, total) });
    const sum = [...parts.values()].reduce((all, part) => ({ total: all.total + part.total, done: all.done + part.done }), {
      total: 0,
      done: 0,
    });
    const part = digest ? parts.get(digest) : undefined;
    return {
      status,
      doneBytes: sum.done,
      ...(sum.total > 0 ? { totalBytes: sum.total } : {}),
      // A line without a size is about a layer that another request is still preparing.
      ...(digest && part && part.total > 0 ? { layer: { digest, doneBytes: part.done, totalBytes: part.total } } : {}),
    };
  };
}

/** A registry on this machine itself, which may be asked without TLS; every other one is asked with it. */
const isHere = (model: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?\//i.test(model);

/** Fetches under this name, or under its name on the hub where the registry does not know it. */
export async function* pullModel(server: Server, model: string, silenceMs: number, signal: AbortSignal): AsyncGenerator<PullProgress> {
  try {
    yield* pullOnce(server, model, silenceMs, signal);
  } catch (error) {
    const elsewhere = hubName(model);
    if (!(error instanceof Fault) || error.code !== 'model-missing' || !elsewhere) throw error;
    yield* pullOnce(server, elsewhere, silenceMs, signal);
  }
}

async function* pullOnce(server: Server, model: string, silenceMs: number, signal: AbortSignal): AsyncGenerator<PullProgress> {
  const tally = createTally();
  const { client, call } = server.open({ signal, silenceMs, model, stream: true, mayRepeat: true });
  try {
    for await (const line of await client.pull({ model, stream: true, insecure: isHere(model) })) yield { ...tally(line), model };
  } catch (error) {
    throw refusedByRegistry(error) ? downloadFault(error.detail ?? '', model) : error;
  } finally {
    call.end();
  }
}

/** Whatever the server itself said; what went wrong on the way to it stays what it is. */
const refusedByRegistry = (error: unknown): error is Fault => error instanceof Fault && error.detail !== undefined;
