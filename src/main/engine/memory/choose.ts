/** @file Which of the ranked are told: likely enough, each thing once, as much as there is room for. */
import { RECALL_LIKELIHOOD, RECALL_LOOKED_AT, SAME_WORDS_SHARE } from '../../../shared/memory-limits.ts';
import { flag } from './marks.ts';
import type { Ranked } from './rank.ts';
import type { ScopeIndex } from './scope-index.ts';

/** The words of an item, each once. */
export function wordSet(index: ScopeIndex, doc: number): Set<number> {
  const begin = index.data.begin[doc] ?? 0;
  return new Set(index.words().subarray(begin, begin + (index.data.length[doc] ?? 0)));
}

function sameShare(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  const all = a.size + b.size - common;
  return all === 0 ? 1 : common / all;
}

/** `says`: what is told of it, where that is not all; `instead`: the message in whose place this note is told. */
export type Told = { index: ScopeIndex; ranked: Ranked; says?: string; instead?: number };

/** The same question once more tells nothing, and neither does what has no word of its own, such as "I see." */
function saysNothing({ index, ranked: { doc } }: Told, words: ReadonlySet<number>, asked: ReadonlySet<number> | undefined): boolean {
  if (words.size === 0) return true;
  const asks = ((index.data.flags[doc] ?? 0) & flag.question) !== 0;
  return asks && asked !== undefined && sameShare(words, asked) >= SAME_WORDS_SHARE;
}

/**
 * Of several that say the same, the likeliest stays. They come from one companion's memory or, where it is shared, from several.
 * `asked`: the words of the message itself.
 */
export function likely(candidates: readonly Told[], asked?: ReadonlySet<number>, least = RECALL_LIKELIHOOD): Told[] {
  const likelyOnes = candidates.filter(({ ranked }) => ranked.telling >= least);
  const ordered = likelyOnes.sort((a, b) => b.ranked.telling - a.ranked.telling).slice(0, RECALL_LOOKED_AT);
  const kept: { told: Told; words: Set<number> }[] = [];
  for (const told of ordered) {
    const words = wordSet(told.index, told.ranked.doc);
    if (saysNothing(told, words, asked)) continue;
    if (!kept.some((other) => sameShare(words, other.words) >= SAME_WORDS_SHARE)) kept.push({ told, words });
  }
  return kept.map(({ told }) => told);
}
