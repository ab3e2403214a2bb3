/** @file The weights of the re-rank, fitted on made-up conversations by `npm run bench:memory -- --fit`, which prints them. */
import type { featureNames } from './features.ts';

type Weights = Record<(typeof featureNames)[number] | 'bias', number>;

export const weights: Weights = {
  bias: -6.3,
  words: 0,
  wordsOfBest: 0,
  wordsSpread: 0.397,
  ownShare: 1.44,
  nearShare: 0.7,
  closeness: 0.6,
  closenessWithBefore: 0.8,
  closenessSpread: 0.359,
  session: 1.5,
  sessionCloseness: 0.814,
  smoothed: 1.5,
  next: -0.8,
  previous: -0.7,
  speaker: 0.4,
  otherSpeaker: -0.6,
  firstOfSession: 0.204,
  previousAsks: 0.187,
  asks: -0.514,
  length: 0.6,
  whenAndTime: 0.974,
  numberAndNumber: 0.8,
  nameAndName: 0.5,
  inDays: 1.2,
  notInDays: -0.3,
  note: 0.5,
  summary: 0,
  newness: 0.141,
  both: 0,
};
