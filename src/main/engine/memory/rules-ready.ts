/** @file The rules made ready one after the other, before anything is read by them. */

import { RULE_STEP_MS } from '../../../shared/notes-limits.ts';
import type { Clock } from '../ports.ts';
import { warmRules } from './rules.ts';

export type RulesReady = {
  /** Runs the action once they are ready, at once where they are; makes them ready where nobody asked for it before. */
  whenReady(action: () => void): void;
  close(): void;
};

export function createRulesReady(clock: Pick<Clock, 'after'>): RulesReady {
  const steps = warmRules();
  let isReady = false;
  let closed = false;
  let waiting: (() => void)[] = [];
  let cancel = () => {};
  const step = () => {
    if (!steps.next().done) {
      cancel = clock.after(RULE_STEP_MS, step);
      return;
    }
    isReady = true;
    const actions = waiting;
    waiting = [];
    for (const action of actions) action();
  };
  return {
    whenReady(action) {
      if (closed) return;
      if (isReady) return action();
      waiting.push(action);
      if (waiting.length === 1) step();
    },
    close() {
      closed = true;
      cancel();
    },
  };
}
