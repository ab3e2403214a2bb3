/** @file Ends a text before the first of some words, wherever its pieces are cut. */

export type StopWords = {
  /** What may be shown now, and whether one of the words has come. */
  push(text: string): { text: string; found: boolean };
  /** What was held back because it might have become one of the words. */
  rest(): string;
  /** Forgets what is held back. */
  clear(): void;
};

/** The longest end of the text that may be the beginning of one of the words. */
function openEnd(text: string, words: readonly string[]): number {
  const longest = Math.max(0, ...words.map((word) => word.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(text.length - length);
    if (words.some((word) => word.length > length && word.startsWith(end))) return length;
  }
  return 0;
}

export function createStopWords(words: readonly string[]): StopWords {
  let held = '';
  return {
    push(text) {
      const whole = held + text;
      const places = words.map((word) => whole.indexOf(word)).filter((at) => at >= 0);
      if (places.length > 0) {
        held = '';
        return { text: whole.slice(0, Math.min(...places)), found: true };
      }
      const shown = whole.length - openEnd(whole, words);
      held = whole.slice(shown);
      return { text: whole.slice(0, shown), found: false };
    },
    rest() {
      const text = held;
      held = '';
      return text;
    },
    clear() {
      held = '';
    },
  };
}
