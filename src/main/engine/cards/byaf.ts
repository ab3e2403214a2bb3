/** @file Backyard archives (BYAF): a manifest that names a character and its scenarios, as a card. */
import { CARD_JSON_BYTES } from '../../../shared/card-limits.ts';
import { type CardDocument, emptyDocument } from './document.ts';
import { readJson, tooLarge, unreadable } from './json-text.ts';
import { fieldOf, type Json, type JsonObject, listOf, objectOf, saysSomething, textOf, textsOf } from './loose.ts';

type Files = ReadonlyMap<string, Uint8Array>;
export type Backyard = { document: CardDocument; picture: Uint8Array | undefined /** Talk that stays behind. */; messages: number };

const MOST_SCENARIOS = 100;

/** Backyard's own placeholders, in the words of the card specifications. */
function macros(text: string): string {
  return text
    .replace(/#\{(character|user)\}:/gi, (_, who: string) => `{{${who.toLowerCase() === 'user' ? 'user' : 'char'}}}:`)
    .replace(/(?<!\{)\{(character|user)\}(?!\})/gi, (_, who: string) => `{{${who.toLowerCase() === 'user' ? 'user' : 'char'}}}`);
}

const words = (value: unknown, key: string): string => macros(textOf(fieldOf(value, key)));

function jsonAt(files: Files, path: string | undefined): JsonObject {
  const bytes = path === undefined ? undefined : files.get(path);
  return bytes ? readJson(bytes).value : {};
}

function book(character: JsonObject): JsonObject {
  const entries = listOf(fieldOf(character, 'loreItems')).map(
    (item, index): Json => ({
      keys: textOf(fieldOf(item, 'key'))
        .split(',')
        .map((key) => macros(key.trim()))
        .filter((key) => key !== ''),
      content: words(item, 'value'),
      extensions: {},
      enabled: true,
      insertion_order: index,
      use_regex: false,
    }),
  );
  return entries.length === 0 ? {} : { character_book: { extensions: {}, entries } };
}

const firstWords = (scenario: JsonObject): string => words(listOf(fieldOf(scenario, 'firstMessages'))[0], 'text');

function examples(scenario: JsonObject): string {
  const lines = listOf(fieldOf(scenario, 'exampleMessages'))
    .map((message) => words(message, 'text'))
    .filter(saysSomething);
  return lines.length === 0 ? '' : `<START>\n${lines.join('\n')}`;
}

/** A scenario as it is kept for other programs, without the talk in it: that is a person's own and in no card. */
function withoutTalk(scenario: JsonObject): JsonObject {
  const { messages: _, ...rest } = scenario;
  return rest;
}

function pictureOf(files: Files, character: JsonObject, path: string): Uint8Array | undefined {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const image of listOf(fieldOf(character, 'images'))) {
    const name = textOf(fieldOf(image, 'path'));
    const bytes = files.get(folder + name) ?? files.get(name);
    if (bytes) return bytes;
  }
  return undefined;
}

/** Each file once, and together no more than any card holds. */
function scenariosOf(files: Files, manifest: JsonObject): JsonObject[] {
  const paths = [...new Set(textsOf(fieldOf(manifest, 'scenarios')))].slice(0, MOST_SCENARIOS);
  const bytes = paths.reduce((sum, path) => sum + (files.get(path)?.length ?? 0), 0);
  if (bytes > CARD_JSON_BYTES) throw tooLarge('The scenarios of this archive are longer than any card’s');
  return paths.map((path) => jsonAt(files, path));
}

export const isBackyard = (files: Files): boolean => files.has('manifest.json') && !files.has('card.json');

/** Throws Fault('bad-request') where the archive names no character. */
export function readBackyard(files: Files): Backyard {
  const manifest = jsonAt(files, 'manifest.json');
  const path = textsOf(fieldOf(manifest, 'characters'))[0] ?? '';
  const character = jsonAt(files, path);
  const scenarios = scenariosOf(files, manifest);
  const [first = {}, ...others] = scenarios;
  const name = textOf(fieldOf(character, 'displayName')) || textOf(fieldOf(character, 'name'));
  if (!saysSomething(name) && !saysSomething(textOf(fieldOf(character, 'persona')))) throw unreadable('This archive names no character');
  const empty = emptyDocument();
  const document: CardDocument = {
    ...empty,
    data: {
      ...objectOf(empty['data']),
      name,
      description: words(character, 'persona'),
      scenario: words(first, 'narrative'),
      system_prompt: words(first, 'formattingInstructions'),
      first_mes: firstWords(first),
      alternate_greetings: others.map(firstWords).filter(saysSomething),
      mes_example: examples(first),
      creator: textOf(fieldOf(fieldOf(manifest, 'author'), 'username')) || textOf(fieldOf(manifest, 'author')),
      extensions: { backyard: { manifest, character, scenarios: scenarios.map(withoutTalk) } },
      ...book(character),
    },
  };
  const messages = scenarios.reduce((sum, scenario) => sum + listOf(fieldOf(scenario, 'messages')).length, 0);
  return { document, picture: pictureOf(files, character, path), messages };
}
