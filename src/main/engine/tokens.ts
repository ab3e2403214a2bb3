/** @file How many tokens a text will cost: an estimate per model, corrected by every count the model reports. */

/** Tokens that a chat template adds around each message, at most, in the families of `fence.ts`. */
export const MESSAGE_OVERHEAD = 6;

/** Letters of alphabetic scripts come about four to a token, digits and signs one or two, ideographs about one each (GPT-2 to Llama 3 vocabularies). */
function rawEstimate(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code >= 97 && code <= 122) || code === 32) sum += 0.21;
    else if (code >= 65 && code <= 90) sum += 0.35;
    else if (code < 128) sum += 0.6;
    else if (code < 0x2e80) sum += 0.5;
    else sum += 1.1;
  }
  return sum;
}

/** Before the first report: short enough to be safe with every vocabulary seen so far. */
const UNCALIBRATED = 1.2;
/** After it: what an estimate may still be short by. */
const MARGIN = 1.03;
/** A report from a very short prompt says more about the template than about the text. */
const SMALLEST_SAMPLE = 64;

export type TokenCounter = {
  /** On the safe side, for fitting. */
  count(text: string): number;
  /** The same whatever was counted before: for what is decided once and must not go back and forth with every count. */
  steady(text: string): number;
  /** What is expected, without a margin. */
  expect(text: string): number;
  /** The factor now in use; undefined before the first report. */
  factor: number | undefined;
};

export type Estimates = { of(text: string): number };

/** Of distinct texts; a window full of short messages is well within it. */
const REMEMBERED_TEXTS = 1_000;

/** Where the store keeps how a model counts. */
export const tokenFactorKey = (model: string): string => `tokens:${model}`;

/** Remembers what was estimated: the parts of a prompt are asked for again and again, within a turn and from turn to turn. */
export function createEstimates(): Estimates {
  const known = new Map<string, number>();
  return {
    of(text) {
      const before = known.get(text);
      if (before !== undefined) return before;
      if (known.size >= REMEMBERED_TEXTS) known.clear();
      const estimate = rawEstimate(text);
      known.set(text, estimate);
      return estimate;
    },
  };
}

/** `start`: what is expected of the tokenizer before the first report; fitting stays on the safe side until then. */
export function createTokenCounter(factor: number | undefined, estimates: Estimates = createEstimates(), start?: number): TokenCounter {
  const scale = factor === undefined ? UNCALIBRATED : factor * MARGIN;
  const plain = factor ?? start ?? UNCALIBRATED;
  return {
    factor,
    count: (text) => Math.ceil(estimates.of(text) * scale),
    steady: (text) => Math.ceil(estimates.of(text) * UNCALIBRATED),
    expect: (text) => estimates.of(text) * plain,
  };
}

/** Of the newest count: a prompt is mostly the one before it, so that what was seen last says most about the next one. */
const NEWEST_SHARE = 0.8;

/** The factor for the next prompt, from the true size of this one. */
export function calibrate(factor: number | undefined, texts: string[], promptTokens: number): number | undefined {
  const raw = texts.reduce((sum, text) => sum + rawEstimate(text), 0);
  const content = promptTokens - texts.length * MESSAGE_OVERHEAD;
  if (content < SMALLEST_SAMPLE || raw === 0) return factor;
  const seen = Math.min(4, Math.max(0.25, content / raw));
  return factor === undefined ? seen : factor + (seen - factor) * NEWEST_SHARE;
}
