/** @file Why something was recalled, in a sentence for the person. */
import type { Told } from './choose.ts';
import { dayWords } from './dates.ts';
import type { Dictionary } from './dictionary.ts';
import type { Question } from './question.ts';
import { kinds, type ScopeIndex } from './scope-index.ts';

const WORDS_TOLD = 3;

/** The question's words that stand in the item, as they are spelt there, the most telling ones first. */
function sharedWords(index: ScopeIndex, doc: number, question: Question, dictionary: Dictionary): string[] {
  const begin = index.data.begin[doc] ?? 0;
  const found = new Map<number, string>();
  for (let at = begin; at < begin + (index.data.length[doc] ?? 0); at++) {
    const word = index.words()[at] ?? -1;
    const term = dictionary.term(word);
    if (word >= 0 && question.terms.includes(term) && !found.has(term)) found.set(term, dictionary.spelling(word));
  }
  const frequency = (term: number) => index.postings[term]?.length ?? 0;
  return [...found]
    .sort(([a], [b]) => frequency(a) - frequency(b))
    .slice(0, WORDS_TOLD)
    .map(([, spelling]) => `“${spelling}”`);
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

function origin(index: ScopeIndex, doc: number): string {
  const day = dayWords(index.data.day[doc] ?? 0);
  const kind = kinds[index.data.kind[doc] ?? 0];
  if (kind === 'note') return `Noted from what you said on ${day}`;
  if (kind === 'summary') return `A summary of a conversation of ${day}`;
  return index.speakers[index.data.speaker[doc] ?? 0] === 'companion' ? `Said to you on ${day}` : `You said it on ${day}`;
}

/** "You said it on 12 May 2026; it has “sister” and “Leeds” in common with your message." */
export function reasonFor({ index, ranked, instead }: Told, question: Question, dictionary: Dictionary): string {
  const doc = instead ?? ranked.doc;
  const words = sharedWords(index, doc, question, dictionary);
  const why: string[] = [];
  if (ranked.inDays && question.days) why.push(`it is of the time you speak of (${question.days.words})`);
  if (words.length > 0) why.push(`it has ${listed(words)} in common with your message`);
  const before = index.data.previous[doc] ?? -1;
  const beside = before < 0 || why.length > 0 ? [] : sharedWords(index, before, question, dictionary);
  if (beside.length > 0) why.push(`it answers words with ${listed(beside)}`);
  if (why.length === 0) why.push('it is close in meaning to your message');
  const place = instead === undefined ? '' : `, in the place of what was said on ${dayWords(index.data.day[instead] ?? 0)}`;
  return `${origin(index, ranked.doc)}${place}; ${why.join(', and ')}.`;
}
