/** @file What stands where something was forgotten, and how text that holds it is cleaned of it. Pure: the store applies it. */
import { FORGET_CHARACTERS } from '../../../shared/notes-limits.ts';
import { contentStems } from './note-words.ts';

export const FORGOTTEN = '[forgotten]';

/** A sentence that shares this much of its words with what is forgotten tells it again. */
const RETELLS = 0.6;
/** Shorter sentences are not looked for by themselves: "Thank you very much." is nobody's secret. */
const OWN_SENTENCE_CHARACTERS = 20;
/** Fewer words than this retell nothing. */
const FEWEST_STEMS = 2;

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?…]["'”’)]*)\s+|\n+/u);
const collapsed = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

/** The forms in which a text may stand elsewhere word for word, the longest first: whole, on one line, sentence by sentence. */
export function traces(texts: readonly string[]): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const whole of [text, text.trim(), collapsed(text), collapsed(text).replace(/[.!?…]+$/u, '')]) {
      if (whole.length >= FORGET_CHARACTERS) found.add(whole);
    }
    for (const sentence of sentencesOf(text).map(collapsed)) if (sentence.length >= OWN_SENTENCE_CHARACTERS) found.add(sentence);
  }
  return [...found].sort((one, other) => other.length - one.length);
}

/** Takes every trace out of a text. */
export function withoutTraces(text: string, found: readonly string[]): string {
  let cleaned = text;
  for (const trace of found) if (cleaned.includes(trace)) cleaned = cleaned.replaceAll(trace, FORGOTTEN);
  return cleaned;
}

/** Whether a text tells again what is forgotten, in whatever words: most of the one's or most of the other's are shared. */
function retells(text: string, forgotten: readonly ReadonlySet<string>[]): boolean {
  const stems = contentStems(text);
  if (stems.size < FEWEST_STEMS) return false;
  return forgotten.some((about) => {
    if (about.size < FEWEST_STEMS) return false;
    let shared = 0;
    for (const stem of stems) if (about.has(stem)) shared += 1;
    return shared >= FEWEST_STEMS && shared / Math.min(stems.size, about.size) >= RETELLS;
  });
}

/** The words of what is forgotten, for `withoutRetellings`. */
export function forgottenWords(texts: readonly string[]): ReadonlySet<string>[] {
  const pieces = new Set(texts.flatMap((text) => [text, ...sentencesOf(text).map(collapsed)]));
  return [...pieces].map(contentStems).filter(({ size }) => size >= FEWEST_STEMS);
}

/** A text made by the program, such as a summary or a block of recalled memories, without the lines and sentences that tell it again. */
export function withoutRetellings(text: string, forgotten: readonly ReadonlySet<string>[]): string {
  const clean = (line: string): string => {
    const [, mark = '', words = ''] = /^(\s*(?:[-*] )?)(.*)$/su.exec(line) ?? [];
    const kept = sentencesOf(words).map((sentence) => (retells(sentence, forgotten) ? FORGOTTEN : sentence));
    if (!kept.includes(FORGOTTEN) && !retells(words, forgotten)) return line;
    const rest = kept.includes(FORGOTTEN) ? kept : [FORGOTTEN];
    return mark + rest.filter((sentence, index) => sentence !== FORGOTTEN || rest[index - 1] !== FORGOTTEN).join(' ');
  };
  return text.split('\n').map(clean).join('\n');
}
