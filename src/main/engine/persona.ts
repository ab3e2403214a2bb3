/** @file A character's card as text for the prompt: data below the mandate, never above it. */
import type { Character } from '../../shared/character.ts';

/** The person, where a card speaks of {{user}}. */
const PERSON = 'User';
/** Where the search for a cut begins, in characters. */
const FIRST_REACH = 4_096;

const expand = (text: string, name: string) =>
  text.replace(/\{\{(char|user)\}\}/gi, (_, macro: string) => (macro.toLowerCase() === 'char' ? name : PERSON));

/** Everything a card says about who the character is; identical texts are sent once (wire.md). */
export function personaText(character: Character): string {
  const parts = [character.description, character.personality, character.scenario, character.systemPrompt].map((part) => part.trim());
  const distinct = parts.filter((part, index) => part !== '' && parts.indexOf(part) === index);
  return [`Name: ${character.name}`, ...distinct.map((part) => expand(part, character.name))].join('\n\n');
}

/** Example exchanges, without the card format's separators; empty where there are none. */
export function exampleText(character: Character): string {
  const examples = character.messageExamples
    .split(/<START>/i)
    .map((example) => expand(example.trim(), character.name))
    .filter((example) => example !== '');
  return examples.length === 0 ? '' : `How ${character.name} sounds:\n\n${examples.join('\n\n')}`;
}

export function greetingText(character: Character, greeting: string): string {
  return expand(greeting, character.name);
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
