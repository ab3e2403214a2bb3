/** @file Keepsakes of the program's own window. */
import { beforeEach, expect, it, vi } from 'vitest';
import { createKeepsakes } from './keepsakes.ts';

beforeEach(() => {
  history.replaceState(null, '');
  sessionStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

it('[ME39] outlive a reload in memory alone, and what was taken out does not come back', () => {
  const one = createKeepsakes(window);
  one.setItem('draft:new', 'My sister Nora');
  one.setItem('open', 'c1');
  one.setItem('draft:new', 'My sister Nora moved');
  expect(one.getItem('draft:new')).toBe('My sister Nora moved');
  vi.runAllTimers();
  const two = createKeepsakes(window);
  expect([two.getItem('draft:new'), two.getItem('open'), two.getItem('other')]).toEqual(['My sister Nora moved', 'c1', null]);
  two.removeItem('draft:new');
  vi.runAllTimers();
  expect(createKeepsakes(window).getItem('draft:new')).toBeNull();
  expect(JSON.stringify(history.state)).not.toContain('Nora');
  expect([sessionStorage.length, localStorage.length]).toEqual([0, 0]);
});

it('[ME39] fast writing is few entries in the history, and a state of somebody else is nothing', () => {
  history.replaceState({ keepsakes: 7 }, '');
  const replaced = vi.spyOn(history, 'replaceState');
  const kept = createKeepsakes(window);
  for (let letter = 0; letter < 500; letter++) kept.setItem('draft:new', 'x'.repeat(letter));
  vi.runAllTimers();
  expect(replaced).toHaveBeenCalledTimes(1);
  expect(createKeepsakes(window).getItem('draft:new')).toHaveLength(499);
  replaced.mockRestore();
});
