/** @file How close items are in meaning to a question. */
import type { Dictionary } from './dictionary.ts';
import type { ScopeIndex } from './scope-index.ts';
import { newFigures } from './scratch.ts';
import { dot } from './vectors.ts';

/** From -1 to 1; 0 where the table of vectors knows no word of the item. */
export type Closeness = { own: number; both: number };

/** `own`: by the item's words alone; `both`: with what was said before it, at half weight. */
export function closenessTo(
  { data, words, count, scratch }: ScopeIndex,
  dictionary: Dictionary,
  query: Float32Array,
): (doc: number) => Closeness {
  const pool = words();
  // Each word is compared once, and each item summed up once, however often they are met; the lengths of the sums are known already.
  const compared = newFigures(scratch.words, dictionary.words());
  const summed = newFigures(scratch.items, count());
  const closeOf = (word: number): number => {
    if (compared.isKnown(word)) return compared.of(word);
    const vector = dictionary.vector(word);
    return compared.set(word, vector ? dot(vector, query) : 0);
  };
  const sumOf = (doc: number): number => {
    if (summed.isKnown(doc)) return summed.of(doc);
    let sum = 0;
    const begin = data.begin[doc] ?? 0;
    const end = begin + (data.length[doc] ?? 0);
    for (let at = begin; at < end; at++) {
      const word = pool[at] ?? -1;
      if (word >= 0) sum += closeOf(word);
    }
    return summed.set(doc, sum);
  };
  const shareOf = (sum: number, size: number | undefined): number => (size ? sum / size : 0);
  return (doc) => {
    const own = sumOf(doc);
    const before = data.previous[doc] ?? -1;
    const both = before < 0 ? own : own + 0.5 * sumOf(before);
    return { own: shareOf(own, data.sizes[doc * 2]), both: shareOf(both, data.sizes[doc * 2 + 1]) };
  };
}
