/** @file How much of what answers a question is found among the first: the share of its turns, mean over the questions, by category. */
import { performance } from 'node:perf_hooks';
import type { Corpus, Query, Turn } from './corpus.ts';
import type { Search } from './search.ts';

export const DEPTHS = [5, 10, 50] as const;
export type Quality = { category: string; questions: number; recall: number[]; ms: number[] };

export async function measure(
  corpus: Corpus,
  make: (turns: readonly Turn[]) => Search,
  pooled: boolean,
  counts: (query: Query) => boolean,
): Promise<Quality[]> {
  const sums = new Map<string, Quality>();
  const groups = pooled ? [undefined] : [...new Set(corpus.turns.map(({ conversation }) => conversation))];
  for (const group of groups) {
    const search = make(group === undefined ? corpus.turns : corpus.turns.filter(({ conversation }) => conversation === group));
    for (const query of corpus.queries) {
      if ((group !== undefined && query.conversation !== group) || query.evidence.length === 0) continue;
      const began = performance.now();
      const found = await search.ids(query);
      const ms = performance.now() - began;
      for (const category of [query.category, ...(counts(query) ? ['all'] : [])]) {
        const sum = sums.get(category) ?? { category, questions: 0, recall: DEPTHS.map(() => 0), ms: [] };
        sum.questions += 1;
        sum.ms.push(ms);
        for (const [at, depth] of DEPTHS.entries()) {
          const first = new Set(found.slice(0, depth));
          sum.recall[at] = (sum.recall[at] ?? 0) + query.evidence.filter((id) => first.has(id)).length / query.evidence.length;
        }
        sums.set(category, sum);
      }
    }
    search.close();
  }
  return [...sums.values()].sort((a, b) => a.category.localeCompare(b.category));
}
