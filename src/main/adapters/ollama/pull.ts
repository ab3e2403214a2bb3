/** @file Fetches a model through the server, with the progress of all its parts together. */
import { Fault } from '../../../shared/faults.ts';
import type { PullProgress } from '../../engine/ports.ts';
import { downloadFault } from './faults.ts';
import { hubName } from './names.ts';
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
    return sum.total > 0 ? { status, doneBytes: sum.done, totalBytes: sum.total } : { status, doneBytes: 0 };
  };
}

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
    for await (const line of await client.pull({ model, stream: true })) yield tally(line);
  } catch (error) {
    throw refusedByRegistry(error) ? downloadFault(error.detail ?? '', model) : error;
  } finally {
    call.end();
  }
}

/** Whatever the server itself said; what went wrong on the way to it stays what it is. */
const refusedByRegistry = (error: unknown): error is Fault => error instanceof Fault && error.detail !== undefined;
