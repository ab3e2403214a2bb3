/** @file What a note is about, by which a newer one takes the place of an older one. */
import { contentStems } from './note-words.ts';
import { aboutWhat } from './rules.ts';

const SUBJECT_CHARACTERS = 80;

/** Where no rule knows what it is about, it stands beside all others. */
export function aboutOf(kind: string, text: string): { subject: string; single: boolean } {
  return aboutWhat(text) ?? { subject: `${kind}:${[...contentStems(text)].sort().join('-').slice(0, SUBJECT_CHARACTERS)}`, single: false };
}
