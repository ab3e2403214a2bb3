/** @file What a window keeps while its page is loaded again, such as unfinished messages: beside the page's place in its history, in memory. */
import type { Keepsakes } from './actions/ground.ts';
import { KEEPSAKES_EVERY_MS } from './limits.ts';

type Kept = Record<string, string>;

const isKept = (value: unknown): value is { keepsakes: Kept } =>
  typeof value === 'object' && value !== null && 'keepsakes' in value && typeof value.keepsakes === 'object' && value.keepsakes !== null;

/**
 * For the program's own window, whose session storage Chromium writes into the data folder, where what was written there would stay
 * after it was sent or forgotten. Outlives a reload and an end of the page's process, and nothing of it reaches the disk.
 */
export function createKeepsakes(page: Pick<Window, 'history'>): Keepsakes {
  const before: unknown = page.history.state;
  const kept = new Map(Object.entries(isKept(before) ? before.keepsakes : {}));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    page.history.replaceState({ keepsakes: Object.fromEntries(kept) }, '');
  };
  // Chromium takes 200 of these in ten seconds, and drops the rest.
  const writeSoon = () => {
    if (timer === undefined) timer = setTimeout(write, KEEPSAKES_EVERY_MS);
  };
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      kept.set(key, value);
      writeSoon();
    },
    removeItem(key) {
      if (kept.delete(key)) writeSoon();
    },
  };
}
