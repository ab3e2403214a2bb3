/** @file Which items share words with the question: BM25F over an item's own words and, at half weight, those beside it. */

import type { ScopeIndex } from './scope-index.ts';
import { roomIn } from './scratch.ts';

/** Robertson's usual constants; tuning them changed nothing. */
const K1 = 1.2;
const B = 0.75;
const NEIGHBOUR_SHARE = 0.5;
/** Words of a question that are looked up, the rarest of them: more cost time and find nothing more. */
const TERMS = 12;
/** A word in more than this share of all items is looked up only where the question has no better ones. */
const COMMON_SHARE = 0.1;
const COMMON_FROM = 20_000;
/** Where less is remembered, words count as rare as they would be among so many. */
const FEWEST = 200;

export type Lexical = {
  /** Of each item; 0 where it shares no word. */
  scores: Float32Array;
  /** Share of the question's weight of words that stands in the item; and in it or beside it. */
  own: Float32Array;
  near: Float32Array;
  /** Items with a score, in no order. */
  found: Int32Array;
  /** What the best possible item would have. */
  full: number;
};

const idfOf = (count: number, frequency: number): number => Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));

/** The rarest of the terms, each once, with how much each tells. */
function weigh(index: ScopeIndex, terms: readonly number[]): { term: number; idf: number }[] {
  const count = index.count();
  const among = Math.max(FEWEST, count);
  const known = [...new Set(terms)].flatMap((term) => {
    const frequency = index.postings[term]?.length ?? 0;
    return [{ term, idf: idfOf(among, frequency), frequency }];
  });
  const byRarity = known.toSorted((a, b) => b.idf - a.idf).slice(0, TERMS);
  if (count < COMMON_FROM) return byRarity;
  const rare = byRarity.filter(({ frequency }) => frequency < count * COMMON_SHARE);
  return rare.length > 1 ? rare : byRarity.slice(0, 3);
}

/** Scores every item that shares a word. `boost` names a share of a term's weight, for words taken from what was said before. */
export function scoreWords(index: ScopeIndex, terms: readonly number[], boost: (term: number) => number): Lexical {
  const count = index.count();
  const { data } = index;
  const { weights, touched, mark } = roomIn(index.scratch, count);
  const lexical: Omit<Lexical, 'found' | 'full'> = {
    scores: new Float32Array(count),
    own: new Float32Array(count),
    near: new Float32Array(count),
  };
  const all: number[] = [];
  const average = index.averageLength();
  let full = 0;
  let mass = 0;
  for (const { term, idf: plain } of weigh(index, terms)) {
    const idf = plain * boost(term);
    full += idf * (K1 + 1);
    mass += idf;
    const list = index.postings[term];
    if (!list) continue;
    let hits = 0;
    const add = (doc: number, weight: number) => {
      if (weights[doc] === 0) touched[hits++] = doc;
      weights[doc] = (weights[doc] ?? 0) + weight;
    };
    for (let at = 0; at < list.length; at++) {
      const doc = list.values[at] ?? 0;
      if (data.gone[doc] === 1) continue;
      const weight = 1 / (1 - B + (B * (data.length[doc] ?? 0)) / average);
      add(doc, weight);
      lexical.own[doc] = (lexical.own[doc] ?? 0) + (mark[doc] === 1 ? 0 : idf);
      mark[doc] = 1;
      const before = data.previous[doc] ?? -1;
      const after = data.next[doc] ?? -1;
      if (before >= 0) add(before, weight * NEIGHBOUR_SHARE);
      if (after >= 0) add(after, weight * NEIGHBOUR_SHARE);
    }
    for (let at = 0; at < hits; at++) {
      const doc = touched[at] ?? 0;
      const weight = weights[doc] ?? 0;
      if (lexical.scores[doc] === 0) all.push(doc);
      lexical.scores[doc] = (lexical.scores[doc] ?? 0) + (idf * weight * (K1 + 1)) / (weight + K1);
      lexical.near[doc] = (lexical.near[doc] ?? 0) + idf;
      weights[doc] = 0;
      mark[doc] = 0;
    }
  }
  if (mass > 0) {
    for (const doc of all) {
      lexical.own[doc] = (lexical.own[doc] ?? 0) / mass;
      lexical.near[doc] = (lexical.near[doc] ?? 0) / mass;
    }
  }
  return { ...lexical, found: Int32Array.from(all), full: Math.max(full, 1e-6) };
}
