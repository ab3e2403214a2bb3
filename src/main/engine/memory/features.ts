/** @file What can be said of a candidate in numbers; the weights of these numbers are all that was ever learnt. */

import type { Candidates } from './candidates.ts';
import { closenessTo } from './closeness.ts';
import { flag } from './marks.ts';
import type { Question } from './question.ts';
import { kinds, type ScopeIndex } from './scope-index.ts';

/**
 * In the order in which `describe` gives them. `helps`: more of it never makes an item less likely; what speaks against that in
 * made-up talk is chance, and several of them tell nearly the same.
 */
export const featureList = [
  { name: 'words', helps: true },
  { name: 'wordsOfBest', helps: true },
  { name: 'wordsSpread', helps: true },
  { name: 'ownShare', helps: true },
  { name: 'nearShare', helps: true },
  { name: 'closeness', helps: true },
  { name: 'closenessWithBefore', helps: true },
  { name: 'closenessSpread', helps: true },
  { name: 'session', helps: true },
  { name: 'sessionCloseness', helps: true },
  { name: 'smoothed', helps: true },
  { name: 'next' },
  { name: 'previous' },
  { name: 'speaker', helps: true },
  { name: 'otherSpeaker' },
  { name: 'firstOfSession' },
  { name: 'previousAsks' },
  { name: 'asks' },
  { name: 'length' },
  { name: 'whenAndTime' },
  { name: 'numberAndNumber' },
  { name: 'nameAndName' },
  { name: 'inDays' },
  { name: 'notInDays' },
  { name: 'note' },
  { name: 'summary' },
  { name: 'newness' },
  { name: 'both', helps: true },
] as const;
export const featureNames = featureList.map(({ name }) => name);

export type Candidate = { doc: number; features: readonly number[]; closeness: number };

const BEST_OF_SESSION = 3;

/** Mean of the best three scores of each sitting. */
function sessionMeans(index: ScopeIndex, docs: Iterable<number>, score: (doc: number) => number): Float32Array {
  const best = new Float32Array(index.sessions() * BEST_OF_SESSION);
  for (const doc of docs) {
    let worth = score(doc);
    const begin = (index.data.session[doc] ?? 0) * BEST_OF_SESSION;
    for (let at = begin; at < begin + BEST_OF_SESSION; at++) {
      const kept = best[at] ?? 0;
      if (worth > kept) {
        best[at] = worth;
        worth = kept;
      }
    }
  }
  const means = new Float32Array(index.sessions());
  for (let at = 0; at < means.length; at++) {
    const begin = at * BEST_OF_SESSION;
    means[at] = ((best[begin] ?? 0) + (best[begin + 1] ?? 0) + (best[begin + 2] ?? 0)) / BEST_OF_SESSION;
  }
  return means;
}

/** Where little is remembered yet, the rest is thought of as unlike the question: two items alone say nothing of what is usual. */
const USUAL = 100;

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const count = Math.max(USUAL, values.length);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, (count - values.length) * mean ** 2) / count;
  return { mean, deviation: Math.sqrt(square) || 1 };
}

const bit = (flags: number, which: number): number => ((flags & which) === 0 ? 0 : 1);

export function describe(index: ScopeIndex, question: Question, { docs, lexical, inRange, rangeIdf }: Candidates): Candidate[] {
  const { data, speakers } = index;
  const scores = lexical.scores;
  const full = lexical.full + rangeIdf;
  const score = (doc: number) => (doc < 0 ? 0 : ((scores[doc] ?? 0) + (rangeIdf > 0 && inRange(doc) ? rangeIdf : 0)) / full);
  const compare = question.hasVector ? closenessTo(index, index.dictionary, question.vector) : () => ({ own: 0, both: 0 });
  const close = new Map(docs.map((doc) => [doc, compare(doc)]));
  const togetherOf = (doc: number) => close.get(doc)?.both ?? 0;
  const best = Math.max(1e-6, ...docs.map(score));
  const wordSpread = spreadOf(docs.map(score));
  const closeSpread = spreadOf(docs.map(togetherOf));
  const bySession = sessionMeans(index, lexical.found, score);
  const closeBySession = sessionMeans(index, docs, togetherOf);
  const newest = Math.max(1, index.count());
  return docs.map((doc) => {
    const before = data.previous[doc] ?? -1;
    const after = data.next[doc] ?? -1;
    const before2 = before < 0 ? -1 : (data.previous[before] ?? -1);
    const after2 = after < 0 ? -1 : (data.next[after] ?? -1);
    const own = score(doc);
    const smooth = (own + 0.7 * (score(before) + score(after)) + 0.4 * (score(before2) + score(after2))) / 3.2;
    const flags = data.flags[doc] ?? 0;
    const named = question.speakers.length > 0;
    const theirs = named && question.speakers.includes(speakers[data.speaker[doc] ?? 0] ?? '');
    const inDays = question.days !== undefined && inRange(doc);
    const kind = kinds[data.kind[doc] ?? 0];
    const closeness = close.get(doc)?.own ?? 0;
    const together = togetherOf(doc);
    const asksBefore = before < 0 ? 0 : bit(data.flags[before] ?? 0, flag.question);
    const features = [
      own,
      own / best,
      (own - wordSpread.mean) / wordSpread.deviation,
      lexical.own[doc] ?? 0,
      lexical.near[doc] ?? 0,
      closeness,
      together,
      (together - closeSpread.mean) / closeSpread.deviation,
      (bySession[data.session[doc] ?? 0] ?? 0) / best,
      closeBySession[data.session[doc] ?? 0] ?? 0,
      smooth / best,
      score(after) / best,
      score(before) / best,
      theirs ? 1 : 0,
      named && !theirs ? 1 : 0,
      bit(flags, flag.first),
      asksBefore,
      bit(flags, flag.question),
      Math.log(1 + (data.length[doc] ?? 0)),
      question.asksWhen ? bit(flags, flag.time) : 0,
      question.asksNumber ? bit(flags, flag.number) : 0,
      question.asksName ? bit(flags, flag.name) : 0,
      inDays ? 1 : 0,
      question.days !== undefined && !inDays ? 1 : 0,
      kind === 'note' ? 1 : 0,
      kind === 'summary' ? 1 : 0,
      doc / newest,
      own * Math.max(0, together),
    ];
    return { doc, features, closeness: together };
  });
}
