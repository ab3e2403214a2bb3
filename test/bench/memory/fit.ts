/** @file Fits the weights of the re-rank on made-up conversations: logistic regression, with what is far from likely left out. */
import { featureList, featureNames } from '../../../src/main/engine/memory/features.ts';
import type { VectorTable } from '../../../src/main/engine/memory/vectors.ts';
import { createRandom } from '../../kit/random.ts';
import type { Corpus } from './corpus.ts';
import { createOwnSearch } from './search.ts';

type Example = { features: ArrayLike<number>; right: number; weight: number };
const HARD = 30;
const EASY = 40;
const ROUNDS = 300;
const helpful = featureList.map((feature) => 'helps' in feature);

async function examplesOf(corpus: Corpus, table: VectorTable): Promise<Example[]> {
  const random = createRandom(7).next;
  const examples: Example[] = [];
  for (const conversation of new Set(corpus.turns.map((turn) => turn.conversation))) {
    const search = createOwnSearch(
      corpus.turns.filter((turn) => turn.conversation === conversation),
      table,
    );
    for (const query of corpus.queries.filter((each) => each.conversation === conversation)) {
      const ranked = await search.ranked(query);
      const right = new Set(query.evidence);
      const wrong = ranked.filter(({ doc }) => !right.has(search.index.ids[doc] ?? ''));
      const rest = wrong.slice(HARD).filter(() => random() < EASY / Math.max(1, wrong.length - HARD));
      for (const { features } of [...wrong.slice(0, HARD), ...rest]) examples.push({ features, right: 0, weight: 1 });
      for (const { doc, features } of ranked)
        if (right.has(search.index.ids[doc] ?? '')) examples.push({ features, right: 1, weight: 3 / right.size });
    }
  }
  return examples;
}

/** Weights by name, for weights.ts. Adam over whole passes; `ridge` keeps what says little near nothing. */
export async function fitWeights(corpus: Corpus, table: VectorTable, ridge: number): Promise<Record<string, number>> {
  const examples = await examplesOf(corpus, table);
  const width = featureNames.length;
  const mean = new Float64Array(width);
  const spread = new Float64Array(width);
  for (const { features } of examples)
    for (let at = 0; at < width; at++) mean[at] = (mean[at] ?? 0) + (features[at] ?? 0) / examples.length;
  for (const { features } of examples)
    for (let at = 0; at < width; at++) spread[at] = (spread[at] ?? 0) + ((features[at] ?? 0) - (mean[at] ?? 0)) ** 2 / examples.length;
  const scale = spread.map((value) => (value > 1e-9 ? Math.sqrt(value) : 0));
  const inputs = examples.map(({ features }) =>
    Float64Array.from(features, (value, at) => ((scale[at] ?? 0) > 0 ? (value - (mean[at] ?? 0)) / (scale[at] ?? 1) : 0)),
  );
  const weights = new Float64Array(width + 1);
  const first = new Float64Array(width + 1);
  const second = new Float64Array(width + 1);
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = new Float64Array(width + 1);
    for (const [place, input] of inputs.entries()) {
      const { right, weight } = examples[place] as Example;
      let sum = weights[width] ?? 0;
      for (let at = 0; at < width; at++) sum += (input[at] ?? 0) * (weights[at] ?? 0);
      const error = ((1 / (1 + Math.exp(-sum)) - right) * weight) / total;
      for (let at = 0; at < width; at++) slope[at] = (slope[at] ?? 0) + error * (input[at] ?? 0);
      slope[width] = (slope[width] ?? 0) + error;
    }
    for (let at = 0; at <= width; at++) {
      const step = (slope[at] ?? 0) + (at < width ? ridge * (weights[at] ?? 0) : 0);
      first[at] = 0.9 * (first[at] ?? 0) + 0.1 * step;
      second[at] = 0.999 * (second[at] ?? 0) + 0.001 * step * step;
      const correction = Math.sqrt(1 - 0.999 ** round) / (1 - 0.9 ** round);
      const least = helpful[at] ? 0 : Number.NEGATIVE_INFINITY;
      weights[at] = Math.max(least, (weights[at] ?? 0) - (0.05 * correction * (first[at] ?? 0)) / (Math.sqrt(second[at] ?? 0) + 1e-8));
    }
  }
  const named: Record<string, number> = {};
  let bias = weights[width] ?? 0;
  for (const [at, name] of featureNames.entries()) {
    const weight = (scale[at] ?? 0) > 0 ? (weights[at] ?? 0) / (scale[at] ?? 1) : 0;
    named[name] = Number(weight.toFixed(3));
    bias -= weight * (mean[at] ?? 0);
  }
  return { bias: Number(bias.toFixed(3)), ...named };
}
