/** @file The words of a note or a message as they are compared: content words by their stems, names and numbers apart. */

/** Words that carry no fact of their own, and the verbs by which a fact is told: a note may use them where the message did not. */
const FREE_WORDS = new Set(
  `a an the and or but so if then than that this these those there here it its is am are was were be been being do does did done
  has have had having will would can could should may might must shall of in on at to for from by with about as into over under
  after before since until while when where who whom which what why how you your yours yourself they them their theirs he him his
  she her hers we us our ours i me my mine myself one not no nor very really quite just also too only still already again now
  currently often usually sometimes always never some any all both each other another own called named name live lives lived living
  work works worked working like likes liked love loves loved enjoy enjoys dislike dislikes hate hates prefer prefers want wants
  wanted plan plans planned planning go goes going went get gets got make makes made take takes keep keeps kept say says said tell
  told mention mentioned ask asked think thinks feel feels know knows person user someone something thing things lot because due`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const NEGATORS =
  /\b(?:not|never|no longer|no more|hardly|cannot|without|stopped|quit|hate|hates|dislike|dislikes|detest|\w+n['’]t|used to)\b/iu;

/** Endings of the same word, longest first; what is left has at least three letters. */
const ENDINGS = ['ations', 'ation', 'ings', 'ies', 'ing', 'est', 'ers', 'ed', 'er', 'es', 'ly', 's'];

export function stemOf(word: string): string {
  const plain = word.toLowerCase().replace(/['’]s?$/u, '');
  if (/\p{N}/u.test(plain)) return plain;
  const ending = ENDINGS.find((candidate) => plain.endsWith(candidate) && plain.length - candidate.length >= 3);
  const stem = ending === undefined ? plain : plain.slice(0, -ending.length);
  return stem.replace(/(?:[iye])$/u, '').replace(/(.)\1$/u, '$1');
}

const wordsOf = (text: string): string[] => text.normalize('NFC').match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? [];

const isFree = (word: string): boolean => FREE_WORDS.has(word.toLowerCase().replace(/['’].*$/u, ''));

/** The stems of the words that say something. */
export function contentStems(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => !isFree(word))
      .map(stemOf),
  );
}

/** Every stem, for looking words up in it. */
export function allStems(text: string): Set<string> {
  return new Set(wordsOf(text).map(stemOf));
}

/** Names and numbers: words with a capital that do not begin a sentence, and whatever holds a digit. */
export function fixedWords(text: string): string[] {
  const found = text.matchAll(/(^|[.!?:“"]\s*)?([\p{L}\p{N}]+(?:['’]\p{L}+)?)/gu);
  return Array.from(found).flatMap(([, start, word = '']) => {
    const isNumber = /\p{N}/u.test(word);
    const isName = /^\p{Lu}/u.test(word) && start === undefined && !isFree(word);
    return isNumber || isName ? [stemOf(word)] : [];
  });
}

export function isNegated(text: string): boolean {
  return NEGATORS.test(text);
}

/** Shared content words of all content words, 0 to 1; two texts without any are alike only where they are equal. Made once for the one. */
export function likenessTo(one: string): (other: string) => number {
  const first = contentStems(one);
  return (other) => {
    const second = contentStems(other);
    if (first.size + second.size === 0) return one.trim().toLowerCase() === other.trim().toLowerCase() ? 1 : 0;
    let shared = 0;
    for (const stem of second) if (first.has(stem)) shared += 1;
    return shared / (first.size + second.size - shared);
  };
}

export const likeness = (one: string, other: string): number => likenessTo(one)(other);
