/** @file Rules that are made ready: one expression after the other, and nothing after the end. */
import { expect, it } from 'vitest';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { RULE_STEP_MS, RULE_WAITS } from '../../../shared/notes-limits.ts';
import { forms } from './rule-forms.ts';
import { createRulesReady } from './rules-ready.ts';

it('[ME46] each expression has a step of its own, and what waits is done when all are over, in the order in which it came', () => {
  const clock = createFakeClock();
  const rules = createRulesReady(clock, () => false);
  const done: string[] = [];
  rules.whenReady(() => done.push('first'));
  rules.whenReady(() => done.push('second'));
  let steps = 1;
  for (; clock.timers() > 0; steps++) {
    expect([clock.timers(), done]).toEqual([1, []]);
    clock.advance(RULE_STEP_MS);
  }
  expect(steps).toBeGreaterThan(forms.length * 2);
  expect(done).toEqual(['first', 'second']);
  rules.whenReady(() => done.push('third'));
  expect([done.at(-1), clock.timers()]).toEqual(['third', 0]);
});

it('[ME46] nothing is made ready and nothing done after the end', () => {
  const clock = createFakeClock();
  const rules = createRulesReady(clock, () => false);
  const done: string[] = [];
  rules.whenReady(() => done.push('before'));
  rules.close();
  rules.whenReady(() => done.push('after'));
  clock.advance(60_000);
  expect([done, clock.timers()]).toEqual([[], 0]);
});

it('[ME46] a step makes way for replies that are being written, and not for ever', () => {
  const clock = createFakeClock();
  let asked = 0;
  const rules = createRulesReady(clock, () => {
    asked += 1;
    return true;
  });
  let isReady = false;
  rules.whenReady(() => {
    isReady = true;
  });
  let looks = 1;
  for (; !isReady; looks++) clock.advance(RULE_STEP_MS);
  expect(asked).toBe(looks);
  expect(looks).toBeGreaterThan(forms.length * 2 * (RULE_WAITS + 1));
  expect(looks).toBeLessThan(forms.length * 6 * (RULE_WAITS + 1));
});
