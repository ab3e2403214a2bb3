/** @file Each word that was ever met, once: its stem as a term to look up, and its vector. */

import { BITS, type Glance, glanceAt, wordBits } from './glance.ts';
import { flagsOf } from './marks.ts';
import { stemOf } from './stem.ts';
import { type VectorTable, wordVector } from './vectors.ts';
import { isSmall, wordsOf } from './words.ts';

export type Dictionary = {
  /** Numbers of the words of a text that tell something, in order. */
  read(text: string): readonly number[];
  /** The same, with what can be told of the text at a glance. */
  glance(text: string): Glance;
  /** The term of a word: its stem's number. */
  term(word: number): number;
  termOf(text: string): number | undefined;
  spelling(word: number): string;
  vector(word: number): Float32Array | undefined;
  terms(): number;
  words(): number;
};

/** The table of vectors comes later than the words, or never. */
export function createDictionary(table: () => VectorTable | undefined): Dictionary {
  const wordNumbers = new Map<string, number>();
  const termNumbers = new Map<string, number>();
  const spellings: string[] = [];
  const termOfWord: number[] = [];
  const vectors: (Float32Array | null | undefined)[] = [];

  const make = (spelling: string): number => {
    if (isSmall(spelling)) return -1;
    const stem = stemOf(spelling);
    let term = termNumbers.get(stem);
    if (term === undefined) {
      term = termNumbers.size;
      termNumbers.set(stem, term);
    }
    spellings.push(spelling);
    termOfWord.push(term);
    return spellings.length - 1;
  };
  /** The number above its bits. */
  const lookUp = (spelling: string): number => {
    const known = wordNumbers.get(spelling);
    if (known !== undefined) return known;
    const made = (make(spelling) << BITS) | wordBits(spelling);
    wordNumbers.set(spelling, made);
    return made;
  };
  const glance = (text: string): Glance => {
    const plain = glanceAt(text, lookUp);
    if (plain) return plain;
    const found = wordsOf(text).map(lookUp);
    const words = found.filter((word) => word >= 0).map((word) => word >> BITS);
    return { words, flags: flagsOf(text), mayTellDays: true };
  };
  return {
    glance,
    read: (text) => glance(text).words,
    term: (word) => termOfWord[word] ?? -1,
    termOf: (text) => termNumbers.get(stemOf(text)),
    spelling: (word) => spellings[word] ?? '',
    vector(word) {
      const known = vectors[word];
      if (known !== undefined) return known ?? undefined;
      const from = table();
      if (!from) return undefined;
      const made = wordVector(from, spellings[word] ?? '');
      vectors[word] = made ?? null;
      return made;
    },
    terms: () => termNumbers.size,
    words: () => spellings.length,
  };
}
