/** @file The part of the clock that a model server's adapter needs. */
import type { Clock } from '../../engine/ports.ts';

export type Timers = Pick<Clock, 'now' | 'after'>;

export const systemTimers: Timers = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
