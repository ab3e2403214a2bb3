/** @file The weights of the re-rank: a first guess by reasoning; `npm run bench:memory -- --fit` prints better ones. */
import type { featureNames } from './features.ts';

type Weights = Record<(typeof featureNames)[number] | 'bias', number>;

export const weights: Weights = {
  bias: -6,
  words: 1.5,
  wordsOfBest: 1.5,
  wordsSpread: 0.5,
  ownShare: 1,
  nearShare: 1,
  closeness: 2,
  closenessWithBefore: 2,
  closenessSpread: 0.3,
  session: 1,
  sessionCloseness: 0.5,
  smoothed: 1,
  next: -0.3,
  previous: 0,
  speaker: 0.7,
  otherSpeaker: -0.3,
  firstOfSession: 0.2,
  previousAsks: 0.2,
  asks: -0.6,
  length: 0.3,
  whenAndTime: 0.5,
  numberAndNumber: 0.3,
  nameAndName: 0.2,
  inDays: 1,
  notInDays: -0.5,
  note: 0.5,
  summary: 0,
  newness: 0.1,
  both: 0,
};
