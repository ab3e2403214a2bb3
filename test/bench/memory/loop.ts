/** @file How long the loop of this process is held, and by whom. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { threadMs } from '../../kit/thread-clock.ts';

export type Loop = {
  /** Most processor time that its thread took in one go, in ms. */
  heldMs: number;
  /** Longest that it was late, by whatever cause, other work on the same processors too, in ms. */
  lateMs: number;
};

const EVERY_MS = 1;

/** Nothing is counted before `go` and between `halt` and the next `go`. */
export function watchLoop() {
  const late = monitorEventLoopDelay({ resolution: EVERY_MS });
  let longest = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    go(): void {
      let before = threadMs();
      timer = setInterval(() => {
        longest = Math.max(longest, threadMs() - before);
        before = threadMs();
      }, EVERY_MS);
      late.enable();
    },
    halt(): void {
      clearInterval(timer);
      late.disable();
    },
    seen: (): Loop => ({ heldMs: longest, lateMs: late.max / 1e6 }),
  };
}
