/** @file Notes without any model: a few forms of sentence in which people tell lasting things about themselves. */
import { CONFIDENCE, NOTE_CHARACTERS, QUOTE_CHARACTERS, RULE_NOTES } from '../../../shared/notes-limits.ts';
import type { NoteDraft, SpokenMessage } from './draft.ts';
import { contentStems } from './note-words.ts';
import { toI, toYou } from './person.ts';
import { type Found, forms, rules } from './rule-forms.ts';
import { earnestSentences } from './sentences.ts';

/** Only at the start, and never "do you remember" or "remember when". */
const REMEMBER =
  /^(?:(?:and|also|oh|so|ok|okay|please|hey|\p{Lu}\p{Ll}+),? )*(?:please )?(?:remember|don['’]t (?:ever )?forget|do not forget|keep in mind|note)(?: this)?(?:,| that|:) (?<what>\S.{5,})$/iu;

function ended(text: string): string {
  const whole = text.trim();
  return /[.!?…]$/u.test(whole) ? whole : `${whole}.`;
}

function told(what: string): Found {
  const words = what.replace(/[.!\s]+$/u, '');
  return {
    kind: 'told',
    subject: `told:${[...contentStems(words)].sort().join('-')}`,
    single: false,
    text: `You asked to have this remembered: “${words}”`,
  };
}

/** "My name is Tom and I live in Leeds" is two. */
const TWO_IN_ONE = /,? and (?=(?:I|my)\b)/u;

function firstFound(words: string): Found | undefined {
  for (const rule of rules) {
    const found = rule(words);
    if (found) return found;
  }
  return undefined;
}

function readSentence(sentence: string): Found[] {
  const asked = REMEMBER.exec(sentence)?.groups?.['what'];
  const parts = (asked ?? sentence).split(TWO_IN_ONE);
  const found = parts.map(firstFound).filter((each) => each !== undefined);
  return found.length === 0 && asked !== undefined ? [told(asked)] : found;
}

function draftOf({ kind, subject, single, text }: Found, sentence: string, message: SpokenMessage): NoteDraft {
  const { id: messageId, conversationId, at } = message;
  return {
    kind,
    subject,
    single,
    text: ended(kind === 'told' ? text : toYou(text)),
    quote: sentence.slice(0, QUOTE_CHARACTERS),
    origin: 'words',
    confidence: CONFIDENCE.rule,
    source: { conversationId, messageId, at },
  };
}

/** What one message tells for good, in its own words; nothing where it is in doubt. */
export function notesByRule(message: SpokenMessage): NoteDraft[] {
  const drafts: NoteDraft[] = [];
  for (const sentence of earnestSentences(message.text)) {
    for (const found of readSentence(sentence)) {
      const draft = draftOf(found, sentence, message);
      if (draft.text.length <= NOTE_CHARACTERS && !drafts.some(({ text }) => text === draft.text)) drafts.push(draft);
    }
  }
  return drafts.slice(0, RULE_NOTES);
}

/** A text with any letter beyond Latin-1 is read by a translation of its own. */
const WARM_WORDS = [
  'Nothing that is told for good.',
  'Nothing of the kind, once more.',
  'It’s nothing of the kind.',
  'It’s nothing, once more.',
];

/** The engine translates an expression when it is first used, and better when it is used again: a step for each, so that none holds the loop for long. */
export function* warmRules(): Generator<void, void> {
  for (const words of WARM_WORDS) {
    earnestSentences(words);
    REMEMBER.exec(words);
    yield;
    for (const form of forms) {
      form.exec(words);
      yield;
    }
  }
  for (const words of WARM_WORDS) {
    aboutWhat(words);
    yield;
  }
}

/** What a note written by hand is about, where it has one of those forms; so that it takes the place of what it contradicts. */
export function aboutWhat(note: string): Pick<Found, 'subject' | 'single'> | undefined {
  const [found, ...more] = earnestSentences(toI(note)).flatMap(readSentence);
  return found && more.length === 0 ? { subject: found.subject, single: found.single } : undefined;
}
