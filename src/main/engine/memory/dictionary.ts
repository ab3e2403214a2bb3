/** @file Each word that was ever met, once: its stem as a term to look up, and its vector. */
import { stemOf } from './stem.ts';
import { type VectorTable, wordVector } from './vectors.ts';
import { isSmall, wordsOf } from './words.ts';

export type Dictionary = {
  /** Numbers of the words of a text that tell something, in order. */
  read(text: string): number[];
  /** The term of a word: its stem's number. */
  term(word: number): number;
  termOf(text: string): number | undefined;
  spelling(word: number): string;
  vector(word: number): Float32Array | undefined;
  terms(): number;
};

/** The table of vectors comes later than the words, or never. */
export function createDictionary(table: () => VectorTable | undefined): Dictionary {
  const wordNumbers = new Map<string, number>();
  const termNumbers = new Map<string, number>();
  const spellings: string[] = [];
  const termOfWord: number[] = [];
  const vectors: (Float32Array | null | undefined)[] = [];

  const numberOf = (spelling: string): number => {
    const known = wordNumbers.get(spelling);
    if (known !== undefined) return known;
    if (isSmall(spelling)) {
      wordNumbers.set(spelling, -1);
      return -1;
    }
    const stem = stemOf(spelling);
    let term = termNumbers.get(stem);
    if (term === undefined) {
      term = termNumbers.size;
      termNumbers.set(stem, term);
    }
    const word = spellings.length;
    wordNumbers.set(spelling, word);
    spellings.push(spelling);
    termOfWord.push(term);
    return word;
  };
  return {
    read(text) {
      const found: number[] = [];
      for (const spelling of wordsOf(text)) {
        const word = numberOf(spelling);
        if (word >= 0) found.push(word);
      }
      return found;
    },
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
  };
}
