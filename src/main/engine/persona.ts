/** @file A character's card as text for the prompt, and who the person is to it: data below the mandate, never above it. */
import type { Character } from '../../shared/character.ts';
import type { Settings } from '../../shared/settings.ts';
import { expandMacros, type MacroScope } from './macros.ts';

/** The person, where nobody said what to call them. */
const PERSON = 'User';
/** Where the search for a cut begins, in characters. */
const FIRST_REACH = 4_096;

export type Person = { name: string; about: string };

/** Who the person is for this character: its own choice before what the settings say. */
export function personFor(character: Character, { person }: Pick<Settings, 'person'>): Person {
  const own = character.options.person;
  return { name: own?.name || person.name, about: own?.about || person.about };
}

/** What macros stand for; `place` is what their choices hang on: a conversation where the text stays, a message where it comes once. */
export function scopeOf(character: Character, person: Person, conversationId: string, place = conversationId): MacroScope {
  return {
    char: character.nickname.trim() || character.name,
    user: person.name.trim() || PERSON,
    seed: `${place}/${character.id}`,
    pickSeed: `${conversationId}/${character.id}`,
  };
}

/**
 * Everything a card says about who the character is; identical texts are sent once (wire.md). A system prompt that holds
 * {{original}} takes the rest in at that place.
 */
export function personaText(character: Character, scope: MacroScope): string {
  const expand = (text: string, more: Partial<MacroScope> = {}) => expandMacros(text.trim(), { ...scope, ...more }).text;
  const base = [character.description, character.personality, character.scenario].map((part) => expand(part));
  const name = `Name: ${character.name}`;
  const joined = (parts: string[]) => parts.filter((part, index) => part !== '' && parts.indexOf(part) === index).join('\n\n');
  const original = joined(base);
  if (!/\{\{\s*original\s*\}\}/i.test(character.systemPrompt)) return joined([name, ...base, expand(character.systemPrompt)]);
  return joined([name, expand(character.systemPrompt, { original })]);
}

/** Example exchanges, without the card format's separators; empty where there are none. */
export function exampleText(character: Character, scope: MacroScope): string {
  const examples = character.messageExamples
    .split(/<START>/i)
    .map((example) => expandMacros(example.trim(), scope).text)
    .filter((example) => example !== '');
  return examples.length === 0 ? '' : `How ${scope.char} sounds:\n\n${examples.join('\n\n')}`;
}

/** Empty where the person said nothing about themselves. */
export function personText({ name, about }: Person): string {
  const [called, words] = [name.trim(), about.trim()];
  if (called === '' && words === '') return '';
  return ['The person you talk with:', called === '' ? '' : `Name: ${called}`, words].filter((part) => part !== '').join('\n');
}

export function greetingText(greeting: string, scope: MacroScope): string {
  return expandMacros(greeting, scope).text;
}

/** Every way in which a conversation may begin, the first message first; none that is empty or there twice. */
export function greetingTexts({ firstMessage, alternateGreetings }: Character, scope: MacroScope): string[] {
  const texts = [firstMessage, ...alternateGreetings].map((greeting) => greetingText(greeting, scope));
  return [...new Set(texts.filter((text) => text.trim() !== ''))];
}

/** As much of the text as fits, cut after a sentence, and whether anything was cut. */
export function cutAtSentence(text: string, fits: (text: string) => boolean): { text: string; cut: boolean } {
  if (fits(text)) return { text, cut: false };
  // A foreign card may be a hundred times too long: only what might fit is looked through.
  let reach = FIRST_REACH;
  while (reach < text.length && fits(text.slice(0, reach))) reach *= 2;
  const ends = [...text.slice(0, reach).matchAll(/[.!?…]["'”’)]*(?=\s)|\n/g)].map((match) => match.index + match[0].length);
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, ends[middle - 1]).trimEnd())) low = middle;
    else high = middle - 1;
  }
  return { text: text.slice(0, low === 0 ? 0 : ends[low - 1]).trimEnd(), cut: true };
}
