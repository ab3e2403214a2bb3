/** @file Text to words as the VADER reference sees them. Everything takes time in proportion to the text. */
import { SHORTEST_STRIPPED } from './vader-words.ts';
import { EMOJI_NAMES } from './word-list.ts';

const SPACE = ' ';
const LAST_ASCII = 0x7f;
const PUNCTUATION: ReadonlySet<number> = new Set(Array.from('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', (mark) => mark.charCodeAt(0)));

/** Python's white space; unlike JavaScript's it holds U+001C-001F and U+0085, and lacks U+FEFF. */
const WHITE_SPACE: ReadonlySet<number> = new Set([
  ...span(0x09, 0x0d),
  ...span(0x1c, 0x20),
  ...span(0x2000, 0x200a),
  0x85,
  0xa0,
  0x1680,
  0x2028,
  0x2029,
  0x202f,
  0x205f,
  0x3000,
]);

const UPPERCASE = /\p{Uppercase}/u;
const NOT_UPPERCASE = /[\p{Lowercase}\p{Lt}]/u;

/** Writes each emoji out as its name, with a space before it where none is, and none after it. */
export function spellEmoji(text: string): string {
  let spelt = '';
  let copied = 0;
  let afterSpace = true;
  let at = 0;
  for (const character of text) {
    const name = character.charCodeAt(0) > LAST_ASCII ? EMOJI_NAMES.get(character) : undefined;
    if (name !== undefined) {
      spelt += text.slice(copied, at) + (afterSpace ? '' : SPACE) + name;
      copied = at + character.length;
    }
    afterSpace = name === undefined && character === SPACE;
    at += character.length;
  }
  return spelt + text.slice(copied);
}

/** The words of a text in order, each without the ASCII punctuation round it unless next to nothing would be left. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !WHITE_SPACE.has(text.charCodeAt(at))) continue;
    if (at > start) words.push(stripPunctuation(text.slice(start, at)));
    start = at + 1;
  }
  return words;
}

/** Whether a word is in capitals: one at least, and no small or title-case letter. */
export function isInCapitals(word: string): boolean {
  // Most words are plain ASCII, for which the large classes of Unicode need not be made ready.
  let [capitals, small] = [false, false];
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (code > LAST_ASCII) return UPPERCASE.test(word) && !NOT_UPPERCASE.test(word);
    if (code >= 97 && code <= 122) small = true;
    if (code >= 65 && code <= 90) capitals = true;
  }
  return capitals && !small;
}

/** How often a mark of one code unit stands in a text. */
export function countOf(mark: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}

function stripPunctuation(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && PUNCTUATION.has(word.charCodeAt(start))) start += 1;
  while (end > start && PUNCTUATION.has(word.charCodeAt(end - 1))) end -= 1;
  const stripped = word.slice(start, end);
  return hasMoreCodePoints(stripped, SHORTEST_STRIPPED) ? stripped : word;
}

function hasMoreCodePoints(word: string, count: number): boolean {
  let seen = 0;
  for (const _ of word) {
    seen += 1;
    if (seen > count) return true;
  }
  return false;
}

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
