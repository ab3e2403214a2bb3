/** @file The fields of a card as a character: bare (V1), under `data` (V2, V3) or under `character` (some services). */
import type { Character, CharacterOptions } from '../../../shared/character.ts';
import { fieldOf, type JsonObject, numberOf, objectOf, saysSomething, textOf, textsOf } from './loose.ts';
import { readLorebook } from './read-lorebook.ts';

/** Half of what the contract allows in UTF-16 units, so that whole characters always fit. */
const NAME_CHARACTERS = 100;
/** Lists without an end would fill every window that shows them. */
const MOST_GREETINGS = 200;
const MOST_TAGS = 100;
const TAG_CHARACTERS = 60;

const describing = ['name', 'description', 'personality', 'persona', 'system_prompt', 'scenario'] as const;

/** Cards carry their fields under `data`, some services under `character`, and a card may lie in either; the innermost that says anything counts. */
export function cardFields(value: unknown, depth = 0): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 2) return undefined;
  const inner = cardFields(fieldOf(value, 'data'), depth + 1) ?? cardFields(fieldOf(value, 'character'), depth + 1);
  if (inner) return inner;
  return describing.some((key) => saysSomething(textOf(fieldOf(value, key)))) ? objectOf(value) : undefined;
}

/** One line, as a header and a list show it, cut between whole characters. */
export function lineOf(text: string, characters: number): string {
  const line = text
    .slice(0, 4 * characters)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return Array.from(line).slice(0, characters).join('').trim();
}

/** Hue and chroma that this program wrote into a card's own corner; never out of their ranges. */
function accentOf(fields: JsonObject): Pick<Character, 'accent'> {
  const accent = fieldOf(fieldOf(fieldOf(fields, 'extensions'), 'persona_engine'), 'accent');
  const hue = numberOf(fieldOf(accent, 'hue'));
  const chroma = numberOf(fieldOf(accent, 'chroma'));
  const inRange = hue !== undefined && hue >= 0 && hue <= 360 && chroma !== undefined && chroma >= 0 && chroma <= 0.14;
  return { accent: inRange ? { hue, chroma } : { hue: 352, chroma: 0.135 } };
}

/** A card's notes in one language: the general ones, else the English ones, else the first. */
function notesOf(fields: JsonObject): string {
  const general = textOf(fieldOf(fields, 'creator_notes'));
  const many = objectOf(fieldOf(fields, 'creator_notes_multilingual'));
  return general || textOf(fieldOf(many, 'en')) || textOf(Object.values(many)[0]);
}

/** The character that the card describes, or undefined where nothing in it describes one. `options` are the person's own. */
export function readCharacter(id: string, value: unknown, options: CharacterOptions): Character | undefined {
  const fields = cardFields(value);
  if (!fields) return undefined;
  const text = (key: string) => textOf(fieldOf(fields, key));
  const [description, persona] = [text('description'), text('persona')];
  const others = [description, text('personality'), text('scenario'), text('system_prompt')].map((one) => one.trim());
  const more = others.includes(persona.trim()) ? '' : persona;
  const lorebook = readLorebook(fieldOf(fields, 'character_book'));
  return {
    id,
    name: lineOf(text('name'), NAME_CHARACTERS) || id,
    nickname: lineOf(text('nickname'), NAME_CHARACTERS),
    description: [description, more].filter(saysSomething).join('\n\n'),
    personality: text('personality'),
    scenario: text('scenario'),
    systemPrompt: text('system_prompt'),
    firstMessage: text('first_mes'),
    alternateGreetings: textsOf(fieldOf(fields, 'alternate_greetings')).slice(0, MOST_GREETINGS),
    groupOnlyGreetings: textsOf(fieldOf(fields, 'group_only_greetings')).slice(0, MOST_GREETINGS),
    messageExamples: text('mes_example'),
    postHistory: text('post_history_instructions'),
    ...(lorebook ? { lorebook } : {}),
    ...accentOf(fields),
    options,
    tags: textsOf(fieldOf(fields, 'tags'))
      .map((tag) => lineOf(tag, TAG_CHARACTERS))
      .filter((tag) => tag !== '')
      .slice(0, MOST_TAGS),
    creatorNotes: notesOf(fields),
    creator: lineOf(text('creator'), NAME_CHARACTERS),
    characterVersion: lineOf(text('character_version'), NAME_CHARACTERS),
  };
}

/** What holds where a person has chosen nothing for a character. */
export const plainOptions: CharacterOptions = { thinking: 'model', tone: { enabled: true } };
