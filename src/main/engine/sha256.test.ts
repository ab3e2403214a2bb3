/** @file Our SHA-256 beside Node's. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

describe('SHA-256', () => {
  it('[IN6] is the one of the standard, for every length around a block and for all of Unicode', () => {
    const letters = ['a', 'é', '雨', '🙂', '\0'];
    for (let length = 0; length < 400; length++) {
      const text = Array.from({ length }, (_, index) => letters[(index * length) % letters.length]).join('');
      expect(sha256(text), `length ${length}`).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });
});
