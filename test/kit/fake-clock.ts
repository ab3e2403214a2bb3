/** @file A clock that stands still until a test moves it. */
import type { Clock } from '../../src/main/engine/ports.ts';

export type FakeClock = Clock & {
  advance(ms: number): void;
  /** Moves the time alone, as a machine that wakes up does; what is overdue fires late, with the next `advance`. */
  jump(ms: number): void;
  timers(): number;
};

/** Timers fire in order of their time while the clock is moved past them. */
export function createFakeClock(start = Date.UTC(2026, 10, 23, 18, 0)): FakeClock {
  let now = start;
  let timers: { at: number; action: () => void }[] = [];
  return {
    now: () => now,
    words: (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}`,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    // No time passes.
    soon: (action) => void setImmediate(action),
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.action();
      }
      now = until;
    },
    jump(ms) {
      now += ms;
    },
    timers: () => timers.length,
  };
}
