/** @file The system's time, timers and ids, as the engine's ports ask for them. */
import { createHash, randomBytes } from 'node:crypto';
import { SOON_MS } from '../../../shared/limits.ts';
import type { Clock, Ids } from '../../engine/ports.ts';

const MINUTE_MS = 60_000;

export function createSystemClock(): Clock {
  const words = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  let said = { minute: Number.NaN, words: '' };
  return {
    now: () => Date.now(),
    words(at) {
      const minute = Math.floor(at / MINUTE_MS);
      if (minute !== said.minute) said = { minute, words: words.format(at) };
      return said.words;
    },
    after(ms, action) {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
    soon: (action) => void setTimeout(action, SOON_MS),
  };
}

const RANDOM_BYTES = 8;
const POOL_BYTES = 128 * RANDOM_BYTES;

/** New ids of 12 time digits and 16 random ones (base 36 and hex): unique without asking anybody, and in the order they were made. */
export function createIds(): Ids {
  let last = 0;
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  /** Asking the system for a few bytes costs as much as for many. */
  const random = (): string => {
    if (used === pool.length) [pool, used] = [randomBytes(POOL_BYTES), 0];
    used += RANDOM_BYTES;
    return pool.toString('hex', used - RANDOM_BYTES, used);
  };
  return {
    next() {
      last = Math.max(last + 1, Date.now() * 1000);
      return `${last.toString(36).padStart(12, '0')}-${random()}`;
    },
    ofText: (text) => createHash('sha256').update(text).digest('hex'),
  };
}
