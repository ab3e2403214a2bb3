/** @file Where a new note goes among the known ones: it is the same as one, it takes the place of one, it is already out of date, or it is new. */
import { CONFIDENCE, SAME_NOTE } from '../../../shared/notes-limits.ts';
import type { NoteDraft } from './draft.ts';
import type { Learnt, NewNote } from './note-store.ts';
import { contentStems, fixedWords, isNegated, likeness } from './note-words.ts';

type Join = Learnt['joins'][number];

/** A kept note as it is compared. */
export type KeptNote = {
  id: string;
  kind: string;
  subject: string;
  single: boolean;
  text: string;
  saidAt: number;
  /** In the person's own wording. */
  edited: boolean;
};

/** What tells known notes that a draft may be settled among from all others. `marks`: one of these stands in whatever says the same; undefined where anything may. */
export type Sought = { subjects: string[]; ids: string[]; marks: string[] | undefined };

export function soughtFor(drafts: readonly Pick<NoteDraft, 'subject' | 'single' | 'text' | 'replaces'>[]): Sought {
  const marks = drafts.map(({ text }) => marksOf(text));
  return {
    subjects: drafts.filter(({ single }) => single).map(({ subject }) => subject),
    ids: drafts.flatMap(({ replaces }) => replaces ?? []),
    marks: marks.includes(undefined) ? undefined : [...new Set(marks.flatMap((some) => some ?? []))],
  };
}

/** Its longest stems, one more than may be missing in what says the same. */
function marksOf(text: string): string[] | undefined {
  const stems = [...contentStems(text)].sort((one, other) => other.length - one.length);
  return stems.length === 0 ? undefined : stems.slice(0, Math.floor(stems.length * (1 - SAME_NOTE) + ROUNDING) + 1);
}

/** More than what is lost in taking one number from another, and less than any part of a stem. */
const ROUNDING = 1e-9;

export type Settled =
  | { to: 'add'; supersedes: string[] }
  /** Said once more: the known one gets a further source. */
  | { to: 'join'; id: string }
  /** Something newer holds already; it is kept as history. */
  | { to: 'add-superseded'; by: string };

/** A text as it is compared: in small letters, and with letters and their marks in one. */
export type Comparable = { text: string; small: string; words: string };

export function comparable(text: string): Comparable {
  const small = text.toLowerCase();
  return { text, small, words: small.normalize('NFC') };
}

/**
 * Whether a text says word for word nearly the same as another, with the same names and numbers and the same yes or no.
 * Made once for the one and asked about thousands of others: a stem is how its word begins, so that most are seen not to be at a glance.
 */
export function sameAs(one: string): (other: Comparable) => boolean {
  const namesOf = (text: string) => [...new Set(fixedWords(text))].sort();
  const [stems, names, negated] = [[...contentStems(one)], namesOf(one), isNegated(one)];
  const named = names.join(' ');
  const needed = SAME_NOTE * stems.length;
  const mayBe = ({ small, words }: Comparable): boolean => {
    let left = stems.length;
    for (const stem of stems) if (!words.includes(stem) && --left < needed) return false;
    return names.every((name) => small.includes(name));
  };
  return (other) =>
    mayBe(other) && isNegated(other.text) === negated && namesOf(other.text).join(' ') === named && likeness(one, other.text) >= SAME_NOTE;
}

/** `known`: what holds now for this person and companion. */
export function settleNote(
  draft: Pick<NoteDraft, 'kind' | 'subject' | 'single' | 'text' | 'replaces' | 'source'>,
  known: readonly KeptNote[],
  compared: (note: KeptNote) => Comparable = ({ text }) => comparable(text),
): Settled {
  const isSame = sameAs(draft.text);
  const same = known.find((note) => isSame(compared(note)));
  return same ? { to: 'join', id: same.id } : settleRivals(draft, known);
}

/** The same for what is known to be none of those that hold. */
export function settleRivals(
  draft: Pick<NoteDraft, 'subject' | 'single' | 'replaces'> & { source: { at: number } },
  known: readonly KeptNote[],
): Exclude<Settled, { to: 'join' }> {
  const rivals = known.filter((note) => (draft.single && note.single && note.subject === draft.subject) || note.id === draft.replaces);
  const newer = rivals.find((note) => note.saidAt > draft.source.at);
  if (newer) return { to: 'add-superseded', by: newer.id };
  return { to: 'add', supersedes: rivals.map(({ id }) => id) };
}

/** Notes as a person writes them; the last one says the first once more. */
const WARM_NOTES = ['You live in Leeds, by the canal.', 'You have a sister called Marit.', 'You live in Leeds by the canal!'];

/** As with rules: what runs for the first time takes several times as long. */
export function* warmSettling(): Generator<void, void> {
  for (const text of WARM_NOTES) {
    const draft = { text, subject: 'x', single: false };
    soughtFor([draft]);
    yield;
    const known = WARM_NOTES.map((other, at) => ({ ...draft, id: String(at), text: other, kind: 'you', saidAt: at, edited: false }));
    settleNote({ ...draft, kind: 'you', source: { conversationId: '', messageId: '', at: 0 } }, known);
    yield;
  }
}

/** Settles several drafts in the order in which they were said; a later one sees the earlier ones. `make` gives each its id. */
export function settleAll(
  drafts: readonly NoteDraft[],
  known: readonly KeptNote[],
  make: () => string,
  at: number,
): { notes: NewNote[]; joins: Join[] } {
  let holding = [...known];
  const forms = new Map<string, Comparable>();
  const compared = ({ id, text }: KeptNote) => {
    const form = forms.get(id) ?? comparable(text);
    forms.set(id, form);
    return form;
  };
  const notes: NewNote[] = [];
  const joins: Join[] = [];
  for (const { source, replaces, ...draft } of drafts) {
    const settled = settleNote({ ...draft, source, ...(replaces === undefined ? {} : { replaces }) }, holding, compared);
    if (settled.to === 'join') {
      joins.push({ id: settled.id, source, quote: draft.quote, confidence: Math.min(1, draft.confidence + CONFIDENCE.again) });
      continue;
    }
    const id = make();
    const supersedes = settled.to === 'add' ? settled.supersedes : [];
    const supersededBy = settled.to === 'add-superseded' ? settled.by : undefined;
    notes.push({ ...draft, id, at, saidAt: source.at, source, pinned: false, edited: false, supersedes, supersededBy });
    holding = holding.filter((note) => !supersedes.includes(note.id));
    if (supersededBy === undefined) holding.push({ ...draft, id, saidAt: source.at, edited: false });
  }
  return { notes, joins };
}
