/** @file The order in which things stop, each with a deadline, so that the process always ends in time. */
import { SHUTDOWN_MS } from '../shared/limits.ts';
import type { Log } from './engine/ports.ts';

export type StopStep = { name: string; stop: () => void | Promise<void>; withinMs: number };

const deadline = (ms: number) =>
  new Promise<'late'>((resolve) => {
    setTimeout(() => resolve('late'), ms).unref();
  });

/** Runs every step in order; one that fails or takes too long is logged and the next begins. Ends within `SHUTDOWN_MS`. */
export async function stopInOrder(steps: StopStep[], log: Log): Promise<void> {
  const all = async () => {
    for (const { name, stop, withinMs } of steps) {
      try {
        const outcome = await Promise.race([Promise.resolve(stop()).then(() => 'done' as const), deadline(withinMs)]);
        if (outcome === 'late') log.warn('stop-late', { step: name, withinMs });
      } catch (error) {
        log.error('stop-failed', { step: name, cause: error });
      }
    }
  };
  await Promise.race([all(), deadline(SHUTDOWN_MS)]);
}
