/** @file What can be said of a candidate in numbers; the weights of these numbers are all that was ever learnt. */

import { RECALL_LENGTH } from '../../../shared/memory-limits.ts';
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

const BEST_OF_SESSION = 3;

/** Mean of the best three scores of each sitting. */
function sessionMeans(index: ScopeIndex, docs: ArrayLike<number>, worthOf: (doc: number, place: number) => number): Float32Array {
  const best = new Float32Array(index.sessions() * BEST_OF_SESSION);
  for (let place = 0; place < docs.length; place++) {
    const doc = docs[place] ?? 0;
    let worth = worthOf(doc, place);
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
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let square = (count - values.length) * mean * mean;
  for (const value of values) square += (value - mean) * (value - mean);
  return { mean, deviation: Math.sqrt(square / count) || 1 };
}

const bit = (flags: number, which: number): number => ((flags & which) === 0 ? 0 : 1);

/** `features` is written over for the next candidate. */
export type TakeCandidate<Taken> = (doc: number, features: Float64Array) => Taken;

/** What `take` makes of each candidate. */
export function describe<Taken>(
  index: ScopeIndex,
  question: Question,
  { docs, lexical, inRange, rangeIdf }: Candidates,
  take: TakeCandidate<Taken>,
): Taken[] {
  const { data, speakers } = index;
  const { scores } = lexical;
  const full = lexical.full + rangeIdf;
  const score = (doc: number) => (doc < 0 ? 0 : ((scores[doc] ?? 0) + (rangeIdf > 0 && inRange(doc) ? rangeIdf : 0)) / full);
  const compare = question.hasVector ? closenessTo(index, index.dictionary, question.vector) : () => ({ own: 0, both: 0 });
  const close = docs.map(compare);
  const scored = docs.map(score);
  const best = Math.max(1e-6, ...scored);
  const wordSpread = spreadOf(scored);
  const closeSpread = spreadOf(close.map(({ both }) => both));
  const bySession = sessionMeans(index, lexical.found, score);
  const closeBySession = sessionMeans(index, docs, (_, place) => close[place]?.both ?? 0);
  const newest = Math.max(1, index.count());
  const named = question.speakers.length > 0;
  const spokenOf = speakers.map((speaker) => question.speakers.includes(speaker));
  const [note, summary] = [kinds.indexOf('note'), kinds.indexOf('summary')];
  const features = new Float64Array(featureNames.length);
  return docs.map((doc, place) => {
    const before = data.previous[doc] ?? -1;
    const after = data.next[doc] ?? -1;
    const before2 = before < 0 ? -1 : (data.previous[before] ?? -1);
    const after2 = after < 0 ? -1 : (data.next[after] ?? -1);
    const own = scored[place] ?? 0;
    const smooth = (own + 0.7 * (score(before) + score(after)) + 0.4 * (score(before2) + score(after2))) / 3.2;
    const flags = data.flags[doc] ?? 0;
    const theirs = spokenOf[data.speaker[doc] ?? 0] ?? false;
    const inDays = question.days !== undefined && inRange(doc);
    const kind = data.kind[doc] ?? 0;
    const { own: closeness, both: together } = close[place] ?? { own: 0, both: 0 };
    let at = 0;
    features[at++] = own;
    features[at++] = own / best;
    features[at++] = (own - wordSpread.mean) / wordSpread.deviation;
    features[at++] = lexical.own[doc] ?? 0;
    features[at++] = lexical.near[doc] ?? 0;
    features[at++] = closeness;
    features[at++] = together;
    features[at++] = (together - closeSpread.mean) / closeSpread.deviation;
    features[at++] = (bySession[data.session[doc] ?? 0] ?? 0) / best;
    features[at++] = closeBySession[data.session[doc] ?? 0] ?? 0;
    features[at++] = smooth / best;
    features[at++] = score(after) / best;
    features[at++] = score(before) / best;
    features[at++] = theirs ? 1 : 0;
    features[at++] = named && !theirs ? 1 : 0;
    features[at++] = bit(flags, flag.first);
    features[at++] = before < 0 ? 0 : bit(data.flags[before] ?? 0, flag.question);
    features[at++] = bit(flags, flag.question);
    features[at++] = Math.log(1 + Math.min(RECALL_LENGTH, data.length[doc] ?? 0));
    features[at++] = question.asksWhen ? bit(flags, flag.time) : 0;
    features[at++] = question.asksNumber ? bit(flags, flag.number) : 0;
    features[at++] = question.asksName ? bit(flags, flag.name) : 0;
    features[at++] = inDays ? 1 : 0;
    features[at++] = question.days !== undefined && !inDays ? 1 : 0;
    features[at++] = kind === note ? 1 : 0;
    features[at++] = kind === summary ? 1 : 0;
    features[at++] = doc / newest;
    features[at++] = own * Math.max(0, together);
    return take(doc, features);
  });
}
