/** @file VADER scores of a text, equal to the reference implementation digit for digit, in linear time. */
import type { Mood } from '../../../shared/mood.ts';
import { weighRoundBut } from './but.ts';
import { roundHalfEven } from './round.ts';
import { countOf, isInCapitals, spellEmoji, splitWords } from './tokens.ts';
import {
  COMPOUND_ALPHA,
  EXCLAMATION_STEP,
  EXCLAMATIONS_COUNTED,
  isNegation,
  PHRASE_BEGINNINGS,
  QUESTION_STEP,
  QUESTIONS_MOST,
  QUESTIONS_STEPPED,
} from './vader-words.ts';
import { type Sentence, valenceAt, type Word } from './valence.ts';
import { VALENCES } from './word-list.ts';

const SILENCE: Mood = { compound: 0, positive: 0, negative: 0, neutral: 0 };

/** Scores a text as it is, without any tidying: compound -1..1 to four decimals, the three shares to three. Blank text is all zero. */
export function scoreText(text: string): Mood {
  const spelt = spellEmoji(text);
  const sentence = readSentence(splitWords(spelt));
  if (sentence.words.length === 0) return { ...SILENCE };
  const valences = sentence.words.map((_, at) => valenceAt(at, sentence));
  const turn = sentence.words.findIndex(({ small }) => small === 'but');
  if (turn >= 0) weighRoundBut(valences, turn);
  return weigh(valences, emphasis(spelt));
}

function readSentence(tokens: readonly string[]): Sentence {
  const known = new Map<string, Word>();
  let capitals = 0;
  const words = tokens.map((token) => {
    const word = known.get(token) ?? readWord(token);
    known.set(token, word);
    if (word.inCapitals) capitals += 1;
    return word;
  });
  return { words, mixed: capitals > 0 && capitals < words.length };
}

function readWord(token: string): Word {
  const small = token.toLowerCase();
  return {
    small,
    listed: VALENCES.get(small),
    inCapitals: isInCapitals(token),
    negates: isNegation(small),
    beginsPhrase: PHRASE_BEGINNINGS.has(small),
  };
}

/** What exclamation and question marks add to the feeling that is there, whichever it is. */
function emphasis(text: string): number {
  const exclamations = Math.min(countOf('!', text), EXCLAMATIONS_COUNTED) * EXCLAMATION_STEP;
  const questions = countOf('?', text);
  if (questions < 2) return exclamations;
  return exclamations + (questions <= QUESTIONS_STEPPED ? questions * QUESTION_STEP : QUESTIONS_MOST);
}

function weigh(valences: readonly number[], added: number): Mood {
  let sum = 0;
  let positive = 0;
  let negative = 0;
  let neutral = 0;
  for (const valence of valences) {
    sum += valence;
    if (valence > 0) positive += valence + 1;
    else if (valence < 0) negative += 1 - valence;
    else neutral += 1;
  }
  if (positive > negative) positive += added;
  else if (positive < negative) negative += added;
  const total = positive + negative + neutral;
  return {
    compound: roundHalfEven(squash(sum + Math.sign(sum) * added), 4),
    positive: roundHalfEven(positive / total, 3),
    negative: roundHalfEven(negative / total, 3),
    neutral: roundHalfEven(neutral / total, 3),
  };
}

function squash(sum: number): number {
  const squashed = sum / Math.sqrt(sum * sum + COMPOUND_ALPHA);
  return Math.max(-1, Math.min(1, squashed));
}
