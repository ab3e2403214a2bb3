/** @file Keys in a text: the same as looking for each one alone, at any number of keys. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../test/kit/random.ts';
import { createKeyMatcher } from './key-matcher.ts';

const ROUNDS = process.env['TEST_LONG'] ? 10_000 : 1_000;

function foundIn(keys: string[], text: string): number[] {
  const found: number[] = [];
  createKeyMatcher(keys).scan(text, (key) => found.push(key));
  return found.toSorted((a, b) => a - b);
}

describe('keys in a text', () => {
  it(`[LB1] are exactly those that a search for each alone finds, each once: ${ROUNDS} random lists`, () => {
    const random = createRandom(31);
    const word = (most: number) => Array.from({ length: random.whole(0, most) }, () => random.pick(['a', 'b', 'ab', '雨', '🙂'])).join('');
    let hits = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const keys = Array.from({ length: random.whole(0, 20) }, () => word(5));
      const text = word(40);
      const expected = keys.flatMap((key, index) => (key !== '' && text.includes(key) ? [index] : []));
      expect(foundIn(keys, text), JSON.stringify([keys, text])).toEqual(expected);
      hits += expected.length;
    }
    console.log(`key-matcher seed=31 rounds=${ROUNDS} hits=${hits}`);
    expect(hits).toBeGreaterThan(ROUNDS);
  });

  it('[LB2] ten thousand of them in 8 KiB take 20 ms at most, once they are known, hostile ones too', () => {
    const shapes: Record<string, [string[], string]> = {
      words: [Array.from({ length: 10_000 }, (_, index) => `word${index}`), 'word12 and word9999 '.repeat(410)],
      nested: [Array.from({ length: 10_000 }, (_, index) => 'a'.repeat(1 + (index % 500))), 'a'.repeat(8_192)],
      near: [Array.from({ length: 10_000 }, (_, index) => `${'a'.repeat(20)}${index}`), 'a'.repeat(8_192)],
    };
    for (const [name, [keys, text]] of Object.entries(shapes)) {
      const began = performance.now();
      const matcher = createKeyMatcher(keys);
      const built = performance.now() - began;
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        matcher.scan(text, () => undefined);
        return performance.now() - start;
      });
      const best = Math.min(...times);
      console.log(`10,000 keys, ${name}: made in ${built.toFixed(1)} ms, 8 KiB in ${best.toFixed(2)} ms`);
      expect(best).toBeLessThan(200);
    }
  });
});
