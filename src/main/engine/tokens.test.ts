/** @file What a text is expected to cost before a model has counted anything, and after. */
import { describe, expect, it } from 'vitest';
import { startFor } from './token-starts.ts';
import { calibrate, createTokenCounter } from './tokens.ts';

const words = 'Made her plum cake tonight, and the whole table went quiet. Great evening.';

describe('before the first count', () => {
  it('[T47] what is expected depends on the tokenizer, what is fitted stays on the safe side', () => {
    const unknown = createTokenCounter(undefined);
    const known = (tokenizer: string) => createTokenCounter(undefined, undefined, startFor(tokenizer));
    for (const tokenizer of ['llama-bpe', 'qwen2', 'smollm', 'llama-spm', 'starcoder']) {
      expect(known(tokenizer).expect(words)).toBeLessThan(unknown.expect(words));
      expect(known(tokenizer).count(words)).toBe(unknown.count(words));
      expect(known(tokenizer).steady(words)).toBe(unknown.steady(words));
    }
    expect(known('llama-spm').expect(words) / known('llama-bpe').expect(words)).toBeCloseTo(1.07 / 0.97, 6);
    expect(['toString', 'tekken', ''].map(startFor)).toEqual([undefined, undefined, undefined]);
  });

  it('[T47] the first count takes the start’s place', () => {
    const long = [words.repeat(20)];
    const seen = calibrate(undefined, long, 500);
    expect(createTokenCounter(seen, undefined, startFor('llama-bpe')).expect(long[0] ?? '')).toBeCloseTo(494, 0);
  });
});
