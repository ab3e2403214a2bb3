/** @file Backyard archives (BYAF): a manifest that names a character and its scenarios, as a card. */
import { CARD_JSON_BYTES } from '../../../shared/card-limits.ts';
import { type CardDocument, emptyDocument } from './document.ts';
import { readJson, tooLarge, unreadable } from './json-text.ts';
import { fieldOf, type Json, type JsonObject, listOf, objectOf, saysSomething, textOf, textsOf } from './loose.ts';

type Files = ReadonlyMap<string, Uint8Array>;
export type Backyard = {
  document: CardDocument;
  picture: Uint8Array | undefined;
  /** Its pictures as files of the card, the shown one among them. */
  assets: Map<string, Uint8Array>;
  /** Talk that stays behind. */
  messages: number;
  /** Characters beside the first. */
  others: number;
};

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

type Picture = { type: 'icon' | 'background'; name: string; path: string; bytes: Uint8Array };

/** The character's pictures, the first one being the shown one, then the backgrounds of its scenarios; each file once. */
function picturesOf(files: Files, character: JsonObject, path: string, scenarios: readonly JsonObject[]): Picture[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const found: Picture[] = [];
  const add = (type: Picture['type'], address: string, name: string) => {
    const bytes = files.get(folder + address) ?? files.get(address);
    if (!bytes || found.some((picture) => picture.bytes === bytes)) return;
    const number = found.filter((picture) => picture.type === type).length;
    const ending = /\.([A-Za-z0-9]{1,5})$/.exec(address)?.[1]?.toLowerCase() ?? 'png';
    const main = number === 0;
    const file = `assets/${type}/images/${main ? 'main' : number}.${ending}`;
    found.push({ type, name: main ? 'main' : name || String(number), path: file, bytes });
  };
  for (const image of listOf(fieldOf(character, 'images'))) add('icon', textOf(fieldOf(image, 'path')), textOf(fieldOf(image, 'label')));
  for (const scenario of scenarios) add('background', textOf(fieldOf(scenario, 'backgroundImage')), textOf(fieldOf(scenario, 'title')));
  return found;
}

const assetOf = ({ type, name, path }: Picture): Json => ({
  type,
  uri: `embeded://${path}`,
  name,
  ext: path.slice(path.lastIndexOf('.') + 1),
});

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
  const short = textOf(fieldOf(character, 'name'));
  const name = textOf(fieldOf(character, 'displayName')) || short;
  if (!saysSomething(name) && !saysSomething(textOf(fieldOf(character, 'persona')))) throw unreadable('This archive names no character');
  const author = fieldOf(manifest, 'author');
  const pictures = picturesOf(files, character, path, scenarios);
  const empty = emptyDocument();
  const document: CardDocument = {
    ...empty,
    data: {
      ...objectOf(empty['data']),
      name,
      ...(saysSomething(short) && short !== name ? { nickname: short } : {}),
      description: words(character, 'persona'),
      scenario: words(first, 'narrative'),
      system_prompt: words(first, 'formattingInstructions'),
      first_mes: firstWords(first),
      alternate_greetings: others.map(firstWords).filter(saysSomething),
      mes_example: examples(first),
      creator: textOf(fieldOf(author, 'name')) || textOf(author),
      creator_notes: textOf(fieldOf(author, 'backyardURL')),
      ...(pictures.length === 0 ? {} : { assets: pictures.map(assetOf) }),
      extensions: { backyard: { manifest, character, scenarios: scenarios.map(withoutTalk) } },
      ...book(character),
    },
  };
  const messages = scenarios.reduce((sum, scenario) => sum + listOf(fieldOf(scenario, 'messages')).length, 0);
  const assets = new Map(pictures.map(({ path: file, bytes }) => [file, bytes]));
  const picture = pictures.find(({ type }) => type === 'icon')?.bytes;
  return { document, picture, assets, messages, others: listOf(fieldOf(manifest, 'characters')).length - 1 };
}
