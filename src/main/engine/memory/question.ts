/** @file What a message asks of the past: its words, its meaning, whose words are meant, and when. */
import { type CalendarDay, type DayRange, daysIn } from './dates.ts';
import type { Dictionary } from './dictionary.ts';
import { dot, normalise } from './vectors.ts';
import { wordsOf } from './words.ts';

export type Question = {
  /** Terms to look up, and of them those that were only said just before. */
  terms: number[];
  faint: ReadonlySet<number>;
  /** Its own words, each once. */
  own: ReadonlySet<number>;
  vector: Float32Array;
  hasVector: boolean;
  /** Places in the index's list of speakers that the message speaks of; empty where it names none. */
  speakers: readonly string[];
  days: { range: DayRange; words: string } | undefined;
  asksWhen: boolean;
  asksNumber: boolean;
  asksName: boolean;
};

export type QuestionText = {
  message: string;
  /** What was said just above, newest last. */
  before: readonly string[];
  today: CalendarDay;
  /** Names and roles by which speakers are called, in small letters. */
  speakers: readonly string[];
};

/** Fewer words of its own than this, and the words said just before count as well. */
const SHORT_QUESTION = 3;
const BEFORE_SHARE = 0.4;

function spokenOf(message: string, speakers: readonly string[]): string[] {
  const lower = message.toLowerCase();
  const maybe = speakers.filter((speaker) => speaker.split(' ').some((name) => name.length > 1 && lower.includes(name)));
  const words = maybe.length > 0 ? wordsOf(message) : [];
  const named = maybe.filter((speaker) => speaker.split(' ').some((name) => name.length > 1 && words.includes(name)));
  if (named.length > 0) return named;
  if (/\b(?:did|have) you (?:say|tell|mention|recommend|suggest)|you (?:said|told|mentioned|recommended|suggested)\b/i.test(message))
    return ['companion'];
  return /\b(?:did|have) i\b|\bi (?:said|told|mentioned|was|had)\b|\bmy\b/i.test(message) ? ['person'] : [];
}

function meaning(dictionary: Dictionary, own: readonly number[], before: readonly number[], dimensions: number) {
  const vector = new Float32Array(dimensions);
  const add = (word: number, share: number) => {
    const part = dictionary.vector(word);
    if (part) for (let at = 0; at < dimensions; at++) vector[at] = (vector[at] ?? 0) + (part[at] ?? 0) * share;
  };
  for (const word of own) add(word, 1);
  for (const word of before) add(word, BEFORE_SHARE);
  return { vector, hasVector: normalise(vector) && dot(vector, vector) > 0 };
}

export function askOf(dictionary: Dictionary, text: QuestionText, dimensions: number): Question {
  const names = new Set(text.speakers.flatMap((speaker) => speaker.split(' ')));
  const { words: read, mayTellDays } = dictionary.glance(text.message);
  const days = mayTellDays ? daysIn(text.message, text.today) : undefined;
  const ofDays = new Set(days ? wordsOf(days.words) : []);
  const told = days ? read.filter((word) => !ofDays.has(dictionary.spelling(word))) : read;
  const unnamed = told.filter((word) => !names.has(dictionary.spelling(word)));
  const own = unnamed.length > 0 ? unnamed : told;
  const before = own.length < SHORT_QUESTION && text.before.length > 0 ? dictionary.read(text.before.at(-1) ?? '') : [];
  const terms = own.map((word) => dictionary.term(word));
  const faint = before.map((word) => dictionary.term(word)).filter((term) => !terms.includes(term));
  return {
    terms: [...terms, ...faint],
    faint: new Set(faint),
    own: new Set(read),
    ...meaning(dictionary, own, before, dimensions),
    speakers: spokenOf(text.message, text.speakers),
    days,
    asksWhen: /\bwhen\b|\bwhat (?:day|date|month|year|time)\b|\bhow long\b/i.test(text.message),
    asksNumber: /\bhow (?:many|much|old|long|often|far|tall|big)\b/i.test(text.message),
    asksName: /\bwho\b|\bwhose\b|\bname\b|\bcalled\b|\bwhich\b|\bwhere\b/i.test(text.message),
  };
}
