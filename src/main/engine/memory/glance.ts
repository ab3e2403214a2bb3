/** @file A text read in one go, letter by letter: its words and what can be told of it at a glance. As `words.ts` and `marks.ts` read it, only quicker. */
import { flag } from './marks.ts';

/** What a word tells by itself, beside its number; see `wordBits`. */
export const bit = { time: 1, number: 2 } as const;
export const BITS = 2;

/** `mayTellDays`: without it no rule of `dates.ts` fits, and none need be tried. */
export type Glance = { words: readonly number[]; flags: number; mayTellDays: boolean };

const list = (words: string): string[] => words.split(' ');
/** One of these stands in every text that speaks of days, or a year does. */
const timeWords = new Set([
  ...list('january february march april may june july august september october november december'),
  ...list('jan feb mar apr jun jul aug sep sept oct nov dec'),
  ...list('sunday monday tuesday wednesday thursday friday saturday'),
  ...list(
    'yesterday today tonight morning afternoon evening week weekend month year ago back earlier last past previous recently lately other',
  ),
]);
const numberWords = new Set(list('two three four five six seven eight nine ten dozen hundred once twice'));

/** Of a word in small letters. */
export function wordBits(word: string): number {
  const tellsTime = timeWords.has(word) || /^\d{4}$/.test(word);
  return (tellsTime ? bit.time : 0) | (/\d/.test(word) || numberWords.has(word) ? bit.number : 0);
}

const OTHER = 0;
const QUESTION = 1;
const APOSTROPHE = 2;
const SPACE = 3;
const COMMA = 4;
const BETWEEN = 5;
const DIGIT = 6;
const SMALL = 7;
const CAPITAL = 8;

const kinds = new Uint8Array(128).fill(BETWEEN);
kinds['_'.charCodeAt(0)] = OTHER;
kinds['?'.charCodeAt(0)] = QUESTION;
kinds["'".charCodeAt(0)] = APOSTROPHE;
kinds[' '.charCodeAt(0)] = SPACE;
kinds[','.charCodeAt(0)] = COMMA;
for (let code = 0; code < 10; code++) kinds[48 + code] = DIGIT;
for (let code = 0; code < 26; code++) {
  kinds[65 + code] = CAPITAL;
  kinds[97 + code] = SMALL;
}

/** Dashes, quotation marks and the ellipsis, as people write them; letters beyond a to z are left to `words.ts`. */
function kindBeyond(code: number): number {
  if (code === 0x2019) return APOSTROPHE;
  return code === 0x2013 || code === 0x2014 || code === 0x2026 || (code >= 0x2018 && code <= 0x201d) ? BETWEEN : OTHER;
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  // Beyond the end it is no number.
  if (code < 128) return kinds[code] ?? OTHER;
  return at < text.length ? kindBeyond(code) : BETWEEN;
}

/** The longest ending behind an apostrophe that says nothing by itself. */
const LONGEST_ENDING = 2;

/** Where a word ends that has an apostrophe here; -1 where what follows is more than an ending. */
function endOf(text: string, apostrophe: number): number {
  let at = apostrophe + 1;
  while (kindAt(text, at) >= SMALL) at += 1;
  if (at - apostrophe > LONGEST_ENDING + 1) return -1;
  return at === apostrophe + 1 ? apostrophe : at;
}

/** A capital within a sentence. */
function isName(text: string, begin: number): boolean {
  if (kindAt(text, begin) !== CAPITAL || kindAt(text, begin + 1) !== SMALL || begin < 2) return false;
  const before = kindAt(text, begin - 2);
  return kindAt(text, begin - 1) === SPACE && (before === SMALL || before === COMMA);
}

/** `lookUp` gives a word in small letters its number, or -1, above its bits. Undefined where the text has other letters than a to z. */
export function glanceAt(text: string, lookUp: (word: string) => number): Glance | undefined {
  const words: number[] = [];
  let [flags, bits, at] = [0, 0, 0];
  while (at < text.length) {
    let kind = kindAt(text, at);
    if (kind < DIGIT) {
      if (kind === OTHER) return undefined;
      if (kind === QUESTION) flags |= flag.question;
      at += 1;
      continue;
    }
    const begin = at;
    let isSmall = true;
    for (; kind >= DIGIT; kind = kindAt(text, ++at)) if (kind === CAPITAL) isSmall = false;
    if (!isSmall && isName(text, begin)) flags |= flag.name;
    const spelt = text.slice(begin, at);
    const found = lookUp(isSmall ? spelt : spelt.toLowerCase());
    bits |= found;
    if (found >= 0) words.push(found >> BITS);
    if (kind !== APOSTROPHE) continue;
    at = endOf(text, at);
    if (at < 0) return undefined;
  }
  if ((bits & bit.number) !== 0) flags |= flag.number;
  return { words, flags, mayTellDays: (bits & bit.time) !== 0 };
}
