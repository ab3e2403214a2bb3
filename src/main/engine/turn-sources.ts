/** @file What the block above the person's words can be made of: the moment, the card's last words, memories, triggered lore. */
import type { Character } from '../../shared/character.ts';
import type { Tone } from '../../shared/mood.ts';
import type { ContextSources, ToldSnippet } from './context-draft.ts';
import { activeEntries, type LoreMoment } from './lore/activate.ts';
import { expandMacros } from './macros.ts';
import type { Snippet } from './memory-port.ts';
import { greetingText, type Person, scopeOf } from './persona.ts';
import type { Clock, Store } from './ports.ts';

export type SourceInput = {
  clock: Clock;
  tone: Tone;
  character: Character;
  person: Person;
  snippets: readonly Snippet[];
  /** What picks hang on, and what chances hang on. */
  conversationId: string;
  messageId: string;
  facts: LoreMoment['facts'];
  /** Entries that were triggered before, as far as that matters to them. */
  loreBefore: ReadonlySet<string>;
  /** Hears which entries were triggered whose triggering matters later. */
  triggered(ids: readonly string[]): void;
};

/** A memory with its day and whose words it is, so that "last week" and "you said" can be told apart; another service's stays as it came. */
function dated(snippet: Snippet, clock: Pick<Clock, 'words'>): ToldSnippet {
  if (!snippet.source) return snippet;
  const { kind, speaker, at } = snippet.source;
  const day = clock.words(at).replace(/(?:,| at)? \d{1,2}:\d{2}$/, '');
  const said = speaker === 'person' ? 'they said' : 'you said';
  const opening = { message: `On ${day} ${said}:`, note: `Known since ${day}:`, summary: `A conversation up to ${day}:` }[kind];
  return { ...snippet, opening };
}

const sounds: Record<Tone['direction'], string> = { low: 'Their words sound low.', warm: 'Their words sound glad.', steady: '' };

export function turnSources(input: SourceInput): ContextSources {
  const { clock, tone, character, person, conversationId, messageId } = input;
  const scope = scopeOf(character, person, conversationId, messageId);
  const book = character.lorebook;
  return {
    now: [`It is ${clock.words(clock.now())}.`, sounds[tone.direction]].filter((part) => part !== '').join('\n'),
    postHistory: expandMacros(character.postHistory, scope).text,
    snippets: input.snippets.map((snippet) => dated(snippet, clock)),
    loreBudget: book?.tokenBudget ?? Number.POSITIVE_INFINITY,
    lore(path) {
      if (!book) return [];
      const recent = path.map(({ text }) => text).reverse();
      const moment: LoreMoment = { recent, facts: input.facts, before: input.loreBefore, expand: (text) => expandMacros(text, scope) };
      const { active, remembered } = activeEntries(book, moment);
      input.triggered(remembered);
      return active;
    },
  };
}

/** What few lorebook entries ask of a conversation on disk; looked up once, and only if asked. */
export function factsOf(
  store: Pick<Store, 'pathFacts'>,
  character: Character,
  person: Person,
  conversationId: string,
  /** The message that the person's own one stands below; null at the very start. */
  parentId: string | null,
): LoreMoment['facts'] {
  let known: ReturnType<LoreMoment['facts']> | undefined;
  return () => {
    if (known) return known;
    const { replies, firstText } = parentId === null ? { replies: 0, firstText: undefined } : store.pathFacts(parentId);
    const scope = scopeOf(character, person, conversationId);
    const greetings = [character.firstMessage, ...character.alternateGreetings].map((greeting) => greetingText(greeting, scope));
    const greeting = firstText === undefined ? -1 : greetings.indexOf(firstText);
    known = { replies, greeting: greeting < 0 ? undefined : greeting };
    return known;
  };
}

const MOST_REMEMBERED = 500;
export const loreKey = (conversationId: string) => `lore:${conversationId}`;

/** Entries whose triggering matters later are remembered by their ids, a conversation at a time. */
export function loreMemory(store: Pick<Store, 'value' | 'setValue'>, { lorebook }: Character, conversationId: string) {
  const saved = lorebook ? store.value(loreKey(conversationId)) : undefined;
  const before: ReadonlySet<string> = new Set(saved === undefined ? [] : (JSON.parse(saved) as string[]));
  return {
    before,
    keep(ids: readonly string[]) {
      if (ids.every((id) => before.has(id))) return;
      store.setValue(loreKey(conversationId), JSON.stringify([...new Set([...before, ...ids])].slice(-MOST_REMEMBERED)), 'soon');
    },
  };
}
