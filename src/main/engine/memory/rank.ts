/** @file Items in the order in which they are worth recalling, each with how likely it is to be what was meant. */
import { findCandidates, type Pause } from './candidates.ts';
import { type Candidate, describe, featureNames } from './features.ts';
import type { Question } from './question.ts';
import type { ScopeIndex } from './scope-index.ts';
import { weights } from './weights.ts';

export type Ranked = Candidate & { likelihood: number; ownShare: number; inDays: boolean };

const places = featureNames.map((name) => weights[name]);
const at = (name: (typeof featureNames)[number]) => featureNames.indexOf(name);
const OWN_SHARE = at('ownShare');
const IN_DAYS = at('inDays');

export function likelihood(features: Float64Array): number {
  let sum = weights.bias;
  for (let place = 0; place < places.length; place++) sum += (features[place] ?? 0) * (places[place] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

export async function rank(index: ScopeIndex, question: Question, allowed: (doc: number) => boolean, pause: Pause): Promise<Ranked[]> {
  const candidates = await findCandidates(index, question, allowed, pause);
  await pause();
  const described = describe(index, question, candidates);
  return described
    .map((candidate) => ({
      ...candidate,
      likelihood: likelihood(candidate.features),
      ownShare: candidate.features[OWN_SHARE] ?? 0,
      inDays: candidate.features[IN_DAYS] === 1,
    }))
    .sort((a, b) => b.likelihood - a.likelihood);
}
