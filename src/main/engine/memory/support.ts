/** @file Whether a note is held up by the person's own words: every name and number of it, nearly every word, and its yes or no. */
import { allStems, contentStems, fixedWords, isNegated } from './note-words.ts';

/** Of the content words of a note, what must stand in the message. A sentence put in other words still keeps its nouns. */
const SUPPORTED_SHARE = 0.7;
/** Stems this long that begin alike are one word: "photograph" and "photography". */
const PREFIX = 4;

export type Support =
  | { held: true; share: number; quote: string }
  | { held: false; reason: 'names' | 'words' | 'negation' | 'question' | 'empty' };

function has(stems: ReadonlySet<string>, stem: string): boolean {
  if (stems.has(stem)) return true;
  if (stem.length < PREFIX || /\p{N}/u.test(stem)) return false;
  for (const other of stems) {
    if (other.length >= PREFIX && (other.startsWith(stem) || stem.startsWith(other)) && Math.abs(other.length - stem.length) <= 3)
      return true;
  }
  return false;
}

/** The sentence of the message that shares most with the note; the first of equals. */
function bestSentence(note: string, message: string): string {
  const wanted = contentStems(note);
  let best = { sentence: '', shared: -1 };
  for (const sentence of message.split(/(?<=[.!?…])\s+|\n+/u)) {
    const stems = allStems(sentence);
    let shared = 0;
    for (const stem of wanted) if (has(stems, stem)) shared += 1;
    if (shared > best.shared) best = { sentence: sentence.trim(), shared };
  }
  return best.sentence;
}

/** Compares a note with the one message it cites; `message` is what the person wrote, without code, quotes and addresses. */
export function supportFor(note: string, message: string): Support {
  const wanted = contentStems(note);
  if (wanted.size === 0) return { held: false, reason: 'empty' };
  const said = allStems(message);
  if (fixedWords(note).some((word) => !has(said, word))) return { held: false, reason: 'names' };
  let found = 0;
  for (const stem of wanted) if (has(said, stem)) found += 1;
  const share = found / wanted.size;
  if (share < SUPPORTED_SHARE) return { held: false, reason: 'words' };
  const quote = bestSentence(note, message);
  if (/\?["'”’)]*$/u.test(quote)) return { held: false, reason: 'question' };
  if (isNegated(note) !== isNegated(quote)) return { held: false, reason: 'negation' };
  return { held: true, share, quote };
}
