/** @file What is kept of a text beside its words: a few bits of what it holds, and the signs of its meaning. */

/** What can be told of a text at a glance, one bit each. */
export const flag = { question: 1, time: 2, number: 4, name: 8, first: 16 } as const;

/** Bits of the sign code that stands for a vector while all of them are looked through. */
export const CODE_WORDS = 4;

/** All but `time` and `first`, which hang on more than the text. */
export function flagsOf(text: string): number {
  let flags = 0;
  if (text.includes('?')) flags |= flag.question;
  if (/\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|once|twice)\b/i.test(text)) flags |= flag.number;
  if (/[\p{Ll},] (?!I\b)\p{Lu}\p{Ll}/u.test(text)) flags |= flag.name;
  return flags;
}

/** The signs of a vector's numbers, as bits. */
export function codeOf(vector: Float32Array): Int32Array {
  const code = new Int32Array(CODE_WORDS);
  for (let at = 0; at < CODE_WORDS * 32; at++) {
    if ((vector[at] ?? 0) > 0) code[at >> 5] = (code[at >> 5] ?? 0) | (1 << (at & 31));
  }
  return code;
}
