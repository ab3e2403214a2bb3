/** @file What a model answered when it drew notes: read, checked word by word against what the person wrote, or left out. */
import { type LearntNote, learntAnswerSchema, learntNoteSchema } from '../../../shared/learning.ts';
import { CONFIDENCE, LEARN_NOTES, QUOTE_CHARACTERS } from '../../../shared/notes-limits.ts';
import { ownWords } from '../mood/own-words.ts';
import type { NoteDraft, SpokenMessage } from './draft.ts';
import { contentStems, likeness } from './note-words.ts';
import { supportFor } from './support.ts';

/** What the model was shown besides the messages, so that it could say what a new fact replaces. */
export type KnownNote = { id: string; text: string };
export type LearntNotes = {
  drafts: NoteDraft[];
  /** Why others were left out, counted by reason; for the log, which holds no words of a person. */
  dropped: Record<string, number>;
};

/** Of these a person has one at a time. */
const SINGLE = new Set([
  'name',
  'home',
  'work',
  'job',
  'age',
  'birthday',
  'partner',
  'employer',
  'school',
  'nationality',
  'origin',
  'diet',
  'address',
  'wife',
  'husband',
]);
const ALIKE: Record<string, string> = {
  job: 'work',
  employer: 'work',
  occupation: 'work',
  profession: 'work',
  residence: 'home',
  city: 'home',
  location: 'home',
  address: 'home',
  'date of birth': 'birthday',
};
/** Below this a claimed replacement has nothing to do with what it claims to replace. */
const REPLACES_LIKENESS = 0.15;
/** A note speaks about the person; what speaks to the companion is an order, not a fact. */
const ORDER =
  /\b(?:ignore|disregard|you must|you should always|system prompt|instructions?|respond (?:only|with)|answer (?:only|with)|jailbreak|<\/?\w+>)\b/iu;

/** The JSON of an answer, where there is one: whole, or in a fence that some models put round it. */
function parsed(answer: string): unknown {
  const text = answer.trim().replace(/^```(?:json)?\s*|\s*```$/gu, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function subjectOf({ about, kind, text }: LearntNote): { subject: string; single: boolean } {
  const plain = about.toLowerCase();
  const name = ALIKE[plain] ?? plain;
  if (kind === 'you' && SINGLE.has(name)) return { subject: name, single: true };
  return { subject: `${kind}:${[...contentStems(`${about} ${text}`)].sort().join('-').slice(0, 80)}`, single: false };
}

function draftOf(note: LearntNote, messages: readonly SpokenMessage[], known: readonly KnownNote[]): NoteDraft | string {
  const source = messages[note.message - 1];
  if (!source) return 'message';
  if (ORDER.test(note.text)) return 'order';
  const support = supportFor(note.text, ownWords(source.text));
  if (!support.held) return support.reason;
  const claimed = known[note.replaces - 1];
  const replaces = claimed && likeness(claimed.text, note.text) >= REPLACES_LIKENESS ? claimed.id : undefined;
  return {
    kind: note.kind,
    text: /[.!?…”]$/u.test(note.text) ? note.text : `${note.text}.`,
    ...subjectOf(note),
    origin: 'model',
    confidence: Math.round(CONFIDENCE[note.sure] * support.share * 100) / 100,
    quote: support.quote.slice(0, QUOTE_CHARACTERS),
    source: { conversationId: source.conversationId, messageId: source.id, at: source.at },
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Undefined where the answer is no answer at all: cut, empty, or of another form. */
export function readLearntNotes(answer: string, messages: readonly SpokenMessage[], known: readonly KnownNote[]): LearntNotes | undefined {
  const whole = learntAnswerSchema.safeParse(parsed(answer));
  if (!whole.success) return undefined;
  const result: LearntNotes = { drafts: [], dropped: {} };
  const drop = (reason: string) => {
    result.dropped[reason] = (result.dropped[reason] ?? 0) + 1;
  };
  for (const each of whole.data.notes) {
    const note = learntNoteSchema.safeParse(each);
    if (!note.success) drop('form');
    else if (result.drafts.length >= LEARN_NOTES) drop('many');
    else {
      const draft = draftOf(note.data, messages, known);
      if (typeof draft === 'string') drop(draft);
      else result.drafts.push(draft);
    }
  }
  return result;
}
