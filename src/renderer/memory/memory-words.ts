/** @file What the page of memories says of each one. */
import type { Memory, MemoryCounts, MemoryFilter, MemoryKind, NoteKind } from '../../shared/memories.ts';
import { listTime } from '../conversation/when.ts';

export type KindChoice = 'all' | MemoryKind;

export const kindChoices: readonly { value: KindChoice; words: string }[] = [
  { value: 'all', words: 'All' },
  { value: 'you', words: 'You' },
  { value: 'likes', words: 'Likes' },
  { value: 'people', words: 'People' },
  { value: 'plans', words: 'Plans' },
  { value: 'told', words: 'Asked' },
  { value: 'summary', words: 'Summaries' },
];

export const noteKindNames: readonly { value: NoteKind; words: string }[] = [
  { value: 'you', words: 'About you' },
  { value: 'likes', words: 'What you like' },
  { value: 'people', words: 'People' },
  { value: 'plans', words: 'Plans' },
  { value: 'told', words: 'Anything else' },
];

/** Where it is from, in a few words. */
export function originWords({ origin, edited, kind }: Memory): string {
  // A file may call its words the person's own; nobody here saw them written.
  if (origin === 'import') return 'from a file';
  if (edited) return 'in your wording';
  if (kind === 'summary') return 'summed up by the model';
  return { words: 'your own words', model: 'noted by the model', person: 'told by you' }[origin];
}

/** How sure it is, in a word; the number stands in its title. */
export function sureWords({ confidence }: Memory): string {
  return confidence >= 0.9 ? 'certain' : confidence >= 0.7 ? 'quite sure' : 'perhaps';
}

/** Who besides its own companion knows it, where sharing is switched on; undefined where nobody does. */
export function sharedWords({ shared, pinned, kind }: Memory): string | undefined {
  return (shared || pinned) && kind !== 'summary' ? 'shared with all companions' : undefined;
}

export function learnedWords(memory: Memory, now: number): string {
  return `learned ${listTime(memory.learnedAt, now)}`;
}

/** "2 of 7, only pinned": how many fit, and what of the menu narrows or widens the list. */
export function foundWords(filter: MemoryFilter, found: number, counts: MemoryCounts): string {
  const { pinned, shared, since, superseded } = filter;
  const all = counts.notes + counts.summaries + (superseded ? counts.superseded : 0);
  const chosen = [
    pinned && 'only pinned',
    shared && 'only shared',
    since !== undefined && 'only of the last week',
    superseded && 'with what is no longer true',
  ];
  return `${[`${found} of ${all}`, ...chosen].filter(Boolean).join(', ')}.`;
}

/** The beginning of a memory, for the name of a button that is about it. */
export const shortWords = (text: string): string => (text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text);

/** The first line of the page. */
export function countWords({ notes, summaries }: { notes: number; summaries: number }): string {
  const things = notes === 1 ? 'One thing' : `${notes} things`;
  const talks = summaries === 0 ? '' : summaries === 1 ? ' and one summary' : ` and ${summaries} summaries`;
  return `${things}${talks}, on this disk. Change or forget any of them; it takes effect with the next message.`;
}
