/** @file Items that may be worth recalling, each with how likely it is to be what was meant. */
import { RECALL_OTHER_SPEAKER, RECALL_SPREAD } from '../../../shared/memory-limits.ts';
import { findCandidates, type Pause } from './candidates.ts';
import { type Candidate, describe, featureNames } from './features.ts';
import type { Question } from './question.ts';
import type { ScopeIndex } from './scope-index.ts';
import { weights } from './weights.ts';

/** `telling`: how likely it is to be what was meant; the order goes by `likelihood`, which knows less of whose words are meant. */
export type Ranked = Candidate & { likelihood: number; telling: number; ownShare: number; inDays: boolean };

const places = featureNames.map((name) => weights[name]);
const at = (name: (typeof featureNames)[number]) => featureNames.indexOf(name);
const OWN_SHARE = at('ownShare');
const IN_DAYS = at('inDays');
const OTHER_SPEAKER = at('otherSpeaker');
const SPREADS = [at('wordsSpread'), at('closenessSpread')];

const chance = (logit: number) => 1 / (1 + Math.exp(-logit));

function logitOf(features: readonly number[]): number {
  let sum = weights.bias;
  for (let place = 0; place < places.length; place++) sum += (features[place] ?? 0) * (places[place] ?? 0);
  return sum;
}

/** How far it stands out counts for the order; beyond some measure only the smallness of a memory makes it more. */
function standingOut(features: readonly number[]): number {
  let over = 0;
  for (const place of SPREADS) over += Math.max(0, (features[place] ?? 0) - RECALL_SPREAD) * (places[place] ?? 0);
  return over;
}

function ranked({ doc, features, closeness }: Candidate): Ranked {
  const logit = logitOf(features);
  const other = (features[OTHER_SPEAKER] ?? 0) * RECALL_OTHER_SPEAKER;
  const telling = chance(logit - other - standingOut(features));
  const [ownShare = 0, inDays = 0] = [features[OWN_SHARE], features[IN_DAYS]];
  return { doc, features, closeness, likelihood: chance(logit), telling, ownShare, inDays: inDays === 1 };
}

export const byLikelihood = (one: Ranked, other: Ranked): number => other.likelihood - one.likelihood;

/** Whatever may be meant, in no order. */
export async function weigh(index: ScopeIndex, question: Question, allowed: (doc: number) => boolean, pause: Pause): Promise<Ranked[]> {
  const candidates = await findCandidates(index, question, allowed, pause);
  await pause();
  return describe(index, question, candidates).map(ranked);
}
