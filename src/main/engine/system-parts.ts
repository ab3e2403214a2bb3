/** @file The parts of the system message: decided by card, person and window alone, so that its bytes stay from turn to turn. */
import type { Character } from '../../shared/character.ts';
import type { SectionName } from '../../shared/conversation.ts';
import type { LeftOut } from '../../shared/inspection.ts';
import { EXAMPLES_SHARE, PERSON_SHARE, PERSONA_SHARE, WORLD_SHARE } from '../../shared/limits.ts';
import { fence } from './fence.ts';
import { type ActiveEntry, fitEntries, fixedEntries } from './lore/activate.ts';
import { expandMacros } from './macros.ts';
import { cutAtSentence, exampleText, type Person, personaText, personText, scopeOf } from './persona.ts';
import type { TokenCounter } from './tokens.ts';

/** One part of the system message, as it stands in it. */
export type SystemPart = { name: SectionName; text: string };

/** Between two parts of the system message. */
export const SYSTEM_JOINT = '\n\n';

export type SystemInput = {
  character: Character;
  person: Person;
  /** What {{pick}} and {{random}} of the card hang on. */
  conversationId: string;
  /** Examples are left out for R1-like models, which do worse with them (DeepSeek-R1 model card). */
  examples: boolean;
  counter: TokenCounter;
  contextTokens: number;
};

export type SystemParts = {
  /** Those with text, in their order, without the mandate. */
  parts: SystemPart[];
  omitted: Partial<Record<SectionName, string>>;
  leftOut: LeftOut[];
  warnings: string[];
  /** What fixed lore takes of the lorebook's own budget. */
  worldTokens: number;
};

const order: readonly SectionName[] = ['world-before', 'persona', 'person', 'world', 'examples'];
/** From the end that goes first where even the person's message would not fit. */
export const expendable: readonly SectionName[] = ['examples', 'world', 'world-before', 'person'];

const standsBefore = ({ entry }: ActiveEntry) =>
  entry.decorators.position === undefined ? entry.position === 'before' : entry.decorators.position === 'before_desc';

function worldOf({ character, counter, contextTokens }: SystemInput, expand: (text: string) => { text: string; hiddenKeys: string[] }) {
  const book = character.lorebook;
  if (!book) return { before: '', after: '', leftOut: [] };
  const budget = Math.min(Math.floor(contextTokens * WORLD_SHARE), book.tokenBudget ?? Number.POSITIVE_INFINITY);
  const { chosen, leftOut } = fitEntries(fixedEntries(book, expand), budget, (text) => counter.steady(text));
  const textOf = (entries: ActiveEntry[]) => entries.map(({ text }) => text).join('\n\n');
  return {
    before: textOf(chosen.filter(standsBefore)),
    after: textOf(chosen.filter((each) => !standsBefore(each))),
    leftOut,
  };
}

/** Whether a text of so many tokens is within what there is room for. */
type Check = { text: string; fits: boolean };
/** `conversationId` is undefined where nothing hangs on it. */
type Made = Omit<SystemInput, 'character' | 'counter' | 'conversationId'> & {
  conversationId: string | undefined;
  checks: readonly Check[];
  parts: Omit<SystemParts, 'worldTokens'> & { world: readonly string[] };
};

/** What was made for a character last: it stays the same from turn to turn, and so need not be made again. */
const made = new WeakMap<Character, Made>();

/** What {{random}}, {{pick}} and {{roll}} of a card come to hangs on the conversation. */
const hangsOnConversation = ({ lorebook, ...texts }: Character): boolean =>
  lorebook !== undefined ||
  [texts.description, texts.personality, texts.scenario, texts.systemPrompt, texts.messageExamples].some((text) =>
    /random|pick|roll/i.test(text),
  );

function knownParts({ character, person, conversationId, examples, counter, contextTokens }: SystemInput, room: number) {
  const known = made.get(character);
  if (!known || known.contextTokens !== contextTokens || known.examples !== examples) return undefined;
  if (known.person.name !== person.name || known.person.about !== person.about) return undefined;
  if (known.conversationId !== undefined && known.conversationId !== conversationId) return undefined;
  return known.checks.every(({ text, fits }) => counter.count(text) <= room === fits) ? known.parts : undefined;
}

/** `room` is what all of them may take together, in tokens; the persona never takes more than its share of the context. */
export function systemParts(input: SystemInput, room: number): SystemParts {
  const { world, ...parts } = knownParts(input, room) ?? makeParts(input, room);
  return { ...parts, worldTokens: world.reduce((sum, text) => sum + input.counter.count(text), 0) };
}

function makeParts(input: SystemInput, room: number): Made['parts'] {
  const { character, person, counter, contextTokens, conversationId, examples: wanted } = input;
  const scope = scopeOf(character, person, conversationId);
  const checks: Check[] = [];
  const isWithinRoom = (text: string): boolean => {
    const fits = counter.count(text) <= room;
    checks.push({ text, fits });
    return fits;
  };
  /** Shares are measured steadily: a part that came and went with every count would have all of the prompt read anew. */
  const within = (share: number) => (text: string) => {
    const fenced = fence('about', text);
    return counter.steady(fenced) <= contextTokens * share && isWithinRoom(fenced);
  };
  const persona = cutAtSentence(personaText(character, scope), within(PERSONA_SHARE));
  const about = cutAtSentence(personText(person), within(PERSON_SHARE));
  const world = worldOf(input, (text) => expandMacros(text, scope));
  const examples = exampleText(character, scope);
  const examplesFit = within(EXAMPLES_SHARE)(examples);
  const texts: Partial<Record<SectionName, string>> = {
    'world-before': world.before,
    persona: persona.text,
    person: about.text,
    world: world.after,
    examples: wanted && examplesFit ? examples : '',
  };
  const omitted: SystemParts['omitted'] = {};
  if (persona.cut) omitted.persona = 'Cut at a sentence: over a quarter of the context.';
  if (about.cut) omitted.person = 'Cut at a sentence: over its share of the context.';
  if (examples !== '' && !wanted) omitted.examples = 'This kind of model does worse with examples.';
  else if (!examplesFit) omitted.examples = 'No room for them in this context.';
  const parts = order.flatMap((name) => {
    const text = texts[name] ?? '';
    return text === '' ? [] : [{ name, text: fence(name.startsWith('world') ? 'lore' : 'about', text) }];
  });
  const warnings = persona.cut ? ['The character’s description is longer than a quarter of the context and was cut at a sentence.'] : [];
  const whole = { parts, omitted, leftOut: world.leftOut, warnings, world: [world.before, world.after] };
  const hangsOn = hangsOnConversation(character) ? conversationId : undefined;
  made.set(character, { person, conversationId: hangsOn, examples: wanted, contextTokens, checks, parts: whole });
  return whole;
}
