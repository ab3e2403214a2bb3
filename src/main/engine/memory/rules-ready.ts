/** @file The rules, and what settles the notes they find, made ready one after the other before anything is read by them. */

import { RULE_STEP_MS, RULE_WAITS } from '../../../shared/notes-limits.ts';
import type { Clock } from '../ports.ts';
import { warmRules } from './rules.ts';
import { warmSettling } from './settle-notes.ts';

export type RulesReady = {
  /** Runs the action once they are ready, at once where they are; makes them ready where nobody asked for it before. */
  whenReady(action: () => void): void;
  close(): void;
};

function* warmAll(): Generator<void, void> {
  yield* warmRules();
  yield* warmSettling();
}

/** `busy`: whether a reply is being written, which none of it should hold up for long. */
export function createRulesReady(clock: Pick<Clock, 'after'>, busy: () => boolean): RulesReady {
  const steps = warmAll();
  let isReady = false;
  let closed = false;
  let waited = 0;
  let waiting: (() => void)[] = [];
  let cancel = () => {};
  const step = () => {
    const makesWay = busy() && waited < RULE_WAITS;
    waited = makesWay ? waited + 1 : 0;
    if (makesWay || !steps.next().done) {
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
