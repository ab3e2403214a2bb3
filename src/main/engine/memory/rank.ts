/** @file Items that may be worth recalling, each with how likely it is to be what was meant. */
import { RECALL_OTHER_SPEAKER, RECALL_SPREAD } from '../../../shared/memory-limits.ts';
import { findCandidates, type Pause } from './candidates.ts';
import { describe, featureNames, type TakeCandidate } from './features.ts';
import type { Question } from './question.ts';
import type { ScopeIndex } from './scope-index.ts';
import { weights } from './weights.ts';

/** `telling`: how likely it is to be what was meant; the order goes by `likelihood`, which knows less of whose words are meant. */
export type Ranked = { doc: number; likelihood: number; telling: number; ownShare: number; inDays: boolean };

const places = Float64Array.from(featureNames, (name) => weights[name]);
const at = (name: (typeof featureNames)[number]) => featureNames.indexOf(name);
const OWN_SHARE = at('ownShare');
const IN_DAYS = at('inDays');
const OTHER_SPEAKER = at('otherSpeaker');
const SPREADS = [at('wordsSpread'), at('closenessSpread')];

const chance = (logit: number) => 1 / (1 + Math.exp(-logit));

function logitOf(features: Float64Array): number {
  let sum = weights.bias;
  for (let place = 0; place < places.length; place++) sum += (features[place] ?? 0) * (places[place] ?? 0);
  return sum;
}

/** How far it stands out counts for the order; beyond some measure only the smallness of a memory makes it more. */
function standingOut(features: Float64Array): number {
  let over = 0;
  for (const place of SPREADS) over += Math.max(0, (features[place] ?? 0) - RECALL_SPREAD) * (places[place] ?? 0);
  return over;
}

export const ranked: TakeCandidate<Ranked> = (doc, features) => {
  const logit = logitOf(features);
  const other = (features[OTHER_SPEAKER] ?? 0) * RECALL_OTHER_SPEAKER;
  const telling = chance(logit - other - standingOut(features));
  return { doc, likelihood: chance(logit), telling, ownShare: features[OWN_SHARE] ?? 0, inDays: features[IN_DAYS] === 1 };
};

export const byLikelihood = (one: Ranked, other: Ranked): number => other.likelihood - one.likelihood;

export type Weighing<Taken> = {
  index: ScopeIndex;
  question: Question;
  allowed(doc: number): boolean;
  pause: Pause;
  take: TakeCandidate<Taken>;
};

/** Whatever may be meant, in no order. */
export async function weigh<Taken>({ index, question, allowed, pause, take }: Weighing<Taken>): Promise<Taken[]> {
  const candidates = await findCandidates(index, question, allowed, pause);
  await pause();
  return describe(index, question, candidates, take);
}
