/** @file Ends at once when somebody calls it off. */
import { Fault } from '../../../shared/faults.ts';

export const cancelled = (): Fault => new Fault('cancelled', 'It was called off; what there was so far is kept.');

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/** The promise's own end, or Fault('cancelled') as soon as the signal fires; what the promise stands for goes on. */
export async function unlessCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const fired = Promise.withResolvers<never>();
  const fire = () => fired.reject(cancelled());
  if (signal.aborted) fire();
  signal.addEventListener('abort', fire, { once: true });
  try {
    return await Promise.race([promise, fired.promise]);
  } finally {
    signal.removeEventListener('abort', fire);
  }
}
