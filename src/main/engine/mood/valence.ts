/** @file The valence of one word among its neighbours: intensifiers, negations, phrases, capitals, "no" and "least". */
import {
  CAPITALS_STEP,
  INTENSITIES,
  INTENSITY_BY_DISTANCE,
  NEGATION_FACTOR,
  NEVER_SO_FACTOR,
  SPECIAL_PHRASES,
  WEAKENING_PHRASES,
} from './vader-words.ts';

/** One word of a text; equal words share one object. */
export type Word = {
  readonly small: string;
  /** Its valence in the word list, if it is there. */
  readonly listed: number | undefined;
  readonly inCapitals: boolean;
  readonly negates: boolean;
  /** Whether a phrase that counts begins with it: most words need no further look. */
  readonly beginsPhrase: boolean;
};

/** A text in words; `mixed` when some but not all of its words are in capitals, so that capitals mean something. */
export type Sentence = { readonly words: readonly Word[]; readonly mixed: boolean };

const SO_OR_THIS: ReadonlySet<string> = new Set(['so', 'this']);

/** Valence of the word at a position: 0 for words that say nothing themselves, intensifiers among them (none is in the word list). */
export function valenceAt(at: number, { words, mixed }: Sentence): number {
  const word = words[at];
  if (word?.listed === undefined) return 0;
  if (word.small === 'kind' && smallAt(words, at + 1) === 'of') return 0;
  let valence = withNo(at, word.small, word.listed, words);
  if (word.inCapitals && mixed) valence += valence > 0 ? CAPITALS_STEP : -CAPITALS_STEP;
  for (const [step, share] of INTENSITY_BY_DISTANCE.entries()) {
    const before = words[at - step - 1];
    if (!before || before.listed !== undefined) continue;
    valence += intensity(before, valence, mixed) * share;
    valence = withNegation(step, at, valence, words);
    if (step === INTENSITY_BY_DISTANCE.length - 1) valence = withPhrases(at, valence, words);
  }
  return withLeast(at, valence, words);
}

/** "no" before a listed word says nothing itself and negates that word, also one further on, or through "or" and "nor". */
function withNo(at: number, small: string, listed: number, words: readonly Word[]): number {
  const near = smallAt(words, at - 1);
  const throughOr = (near === 'or' || near === 'nor') && smallAt(words, at - 3) === 'no';
  if (near === 'no' || smallAt(words, at - 2) === 'no' || throughOr) return listed * NEGATION_FACTOR;
  return small === 'no' && words[at + 1]?.listed !== undefined ? 0 : listed;
}

function intensity(before: Word, valence: number, mixed: boolean): number {
  const step = INTENSITIES.get(before.small);
  if (step === undefined) return 0;
  const signed = valence < 0 ? -step : step;
  if (!before.inCapitals || !mixed) return signed;
  return signed + (valence > 0 ? CAPITALS_STEP : -CAPITALS_STEP);
}

/** The negation that stands `step` words further before the word than its neighbour does. */
function withNegation(step: number, at: number, valence: number, words: readonly Word[]): number {
  // Three words back, "so" or "this" right before the word strengthens even without "never".
  if (step === 2 && SO_OR_THIS.has(words[at - 1]?.small ?? '')) return valence * NEVER_SO_FACTOR;
  const before = words[at - step - 1];
  if (!before?.negates) return valence;
  const between = words.slice(at - step, at);
  if (before.small === 'never' && between.some(({ small }) => SO_OR_THIS.has(small))) return valence * NEVER_SO_FACTOR;
  if (before.small === 'without' && between.some(({ small }) => small === 'doubt')) return valence;
  return valence * NEGATION_FACTOR;
}

/** Special phrases that end in the word, else stand before it; then those that begin with it; then weakening ones before it. */
function withPhrases(at: number, valence: number, words: readonly Word[]): number {
  const phrase = (from: number, to: number) => phraseOf(words, at + from, at + to);
  const special = [phrase(-1, 0), phrase(-2, 0), phrase(-2, -1), phrase(-3, -1), phrase(-3, -2)].find((each) => SPECIAL_PHRASES.has(each));
  let result = (special === undefined ? undefined : SPECIAL_PHRASES.get(special)) ?? valence;
  result = SPECIAL_PHRASES.get(phrase(0, 1)) ?? result;
  result = SPECIAL_PHRASES.get(phrase(0, 2)) ?? result;
  for (const weakening of [phrase(-3, -1), phrase(-3, -2), phrase(-2, -1)]) result += WEAKENING_PHRASES.get(weakening) ?? 0;
  return result;
}

/** "least" negates, unless it is "at least" or "very least". */
function withLeast(at: number, valence: number, words: readonly Word[]): number {
  if (smallAt(words, at - 1) !== 'least') return valence;
  const before = smallAt(words, at - 2);
  return before === 'at' || before === 'very' ? valence : valence * NEGATION_FACTOR;
}

function smallAt(words: readonly Word[], at: number): string | undefined {
  return words[at]?.small;
}

/** The words of a span joined by spaces, or nothing where no phrase begins so. */
function phraseOf(words: readonly Word[], from: number, to: number): string {
  if (!words[from]?.beginsPhrase) return '';
  return words
    .slice(from, to + 1)
    .map(({ small }) => small)
    .join(' ');
}
