/** @file The rules made ready one after the other, before anything is read by them. */
import type { Clock } from '../ports.ts';
import { warmRules } from './rules.ts';

export type RulesReady = {
  /** Runs the action once they are ready, at once where they are; makes them ready where nobody asked for it before. */
  whenReady(action: () => void): void;
  close(): void;
};

/** Between two steps of up to four milliseconds: whoever begins to speak meanwhile comes first. */
const STEP_MS = 20;

export function createRulesReady(clock: Pick<Clock, 'after'>): RulesReady {
  const steps = warmRules();
  let isReady = false;
  let waiting: (() => void)[] = [];
  let cancel = () => {};
  const step = () => {
    if (!steps.next().done) {
      cancel = clock.after(STEP_MS, step);
      return;
    }
    isReady = true;
    const actions = waiting;
    waiting = [];
    for (const action of actions) action();
  };
  return {
    whenReady(action) {
      if (isReady) return action();
      waiting.push(action);
      if (waiting.length === 1) step();
    },
    close() {
      cancel();
      waiting = [];
    },
  };
}
