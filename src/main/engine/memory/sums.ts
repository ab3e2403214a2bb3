/** @file The two loops over numbers that most of the start goes into: an item's vector, and its signs. */
import type { Dictionary } from './dictionary.ts';
import { CODE_WORDS } from './marks.ts';

const DIMENSIONS = CODE_WORDS * 32;

/** The sum of the vectors of the words from `begin` to `end`, in that order. */
export function sumVectors(dictionary: Dictionary, words: Int32Array, begin: number, end: number, sum: Float32Array): void {
  sum.fill(0);
  for (let at = begin; at < end; at++) {
    const vector = dictionary.vector(words[at] as number);
    if (!vector) continue;
    for (let part = 0; part < DIMENSIONS; part++) sum[part] = (sum[part] as number) + (vector[part] as number);
  }
}

/** Writes the signs of a vector with the one before it at half weight; answers both squared lengths. */
export function signsOf(vector: Float32Array, before: Float32Array, codes: Int32Array, from: number): { own: number; both: number } {
  let [own, both] = [0, 0];
  for (let word = 0; word < CODE_WORDS; word++) {
    let code = 0;
    for (let bit = 0; bit < 32; bit++) {
      const part = vector[word * 32 + bit] as number;
      const withBefore = part + 0.5 * (before[word * 32 + bit] as number);
      own += part * part;
      both += withBefore * withBefore;
      if (withBefore > 0) code |= 1 << bit;
    }
    codes[from + word] = code;
  }
  return { own, both };
}
