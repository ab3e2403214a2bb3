/** @file How close items are in meaning to a question. */
import type { Dictionary } from './dictionary.ts';
import type { ScopeIndex } from './scope-index.ts';
import { dot } from './vectors.ts';

/** From -1 to 1; 0 where the table of vectors knows no word of the item. */
export type Closeness = { own: number; both: number };

/** `own`: by the item's words alone; `both`: with what was said before it, at half weight. */
export function closenessTo({ data, words }: ScopeIndex, dictionary: Dictionary, query: Float32Array): (doc: number) => Closeness {
  // Each word is compared once, however many items have it; the lengths of the sums are known already.
  const compared = new Map<number, number>();
  const closeOf = (word: number): number => {
    const known = compared.get(word);
    if (known !== undefined) return known;
    const vector = dictionary.vector(word);
    const close = vector ? dot(vector, query) : 0;
    compared.set(word, close);
    return close;
  };
  const pool = words();
  const sumOf = (doc: number): number => {
    let sum = 0;
    const begin = data.begin[doc] ?? 0;
    for (let at = begin; at < begin + (data.length[doc] ?? 0); at++) sum += closeOf(pool[at] ?? -1);
    return sum;
  };
  const shareOf = (sum: number, size: number | undefined): number => (size ? sum / size : 0);
  return (doc) => {
    const own = sumOf(doc);
    const before = data.previous[doc] ?? -1;
    const both = before < 0 ? own : own + 0.5 * sumOf(before);
    return { own: shareOf(own, data.sizes[doc * 2]), both: shareOf(both, data.sizes[doc * 2 + 1]) };
  };
}
