/** @file The kept document of a card: V1, V2 and V3 brought to the shape of V3, with everything unknown left where it was. */
import { fieldOf, type Json, type JsonObject, listOf, numberOf, objectOf, textOf } from './loose.ts';
import { cardFields } from './read-character.ts';

export type CardVersion = 1 | 2 | 3;
/** `{spec, spec_version, data}`, and whatever else stood beside these. */
export type CardDocument = JsonObject;

/** Required by V3; a card that lacks one gets it on the way out. */
const required: JsonObject = {
  name: '',
  description: '',
  personality: '',
  scenario: '',
  first_mes: '',
  mes_example: '',
  creator_notes: '',
  system_prompt: '',
  post_history_instructions: '',
  alternate_greetings: [],
  group_only_greetings: [],
  tags: [],
  creator: '',
  character_version: '',
  extensions: {},
};

const v1Fields = ['name', 'description', 'personality', 'scenario', 'first_mes', 'mes_example'] as const;
/** What older programs called the same. */
const olderNames: Readonly<Record<string, (typeof v1Fields)[number]>> = {
  char_name: 'name',
  char_persona: 'description',
  world_scenario: 'scenario',
  char_greeting: 'first_mes',
  example_dialogue: 'mes_example',
};

export function versionOf(value: JsonObject): CardVersion {
  const spec = textOf(fieldOf(value, 'spec'));
  if (spec === 'chara_card_v3') return 3;
  if (spec === 'chara_card_v2') return 2;
  return Object.keys(objectOf(fieldOf(value, 'data'))).length > 0 ? 2 : 1;
}

function fromV1(value: JsonObject): JsonObject {
  const data: JsonObject = {};
  const rest: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    const name = olderNames[key];
    if (v1Fields.some((known) => known === key) || Object.hasOwn(required, key)) put(data, key, field);
    else put(rest, key, field);
    if (name && !Object.hasOwn(value, name)) put(data, name, field);
  }
  return { ...rest, data };
}

/** Sets an own property whatever its name is; a plain assignment to `__proto__` would do something else. */
export function put(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

/** The document of a card, or undefined where the value describes no character. */
export function toDocument(value: JsonObject): { document: CardDocument; version: CardVersion } | undefined {
  const version = versionOf(value);
  if (version === 3) return cardFields(value) ? { document: value, version } : undefined;
  const whole = version === 1 ? fromV1(value) : value;
  const document: CardDocument = {
    ...whole,
    spec: 'chara_card_v3',
    spec_version: '3.0',
    data: { ...required, ...objectOf(fieldOf(whole, 'data')) },
  };
  return cardFields(document) ? { document, version } : undefined;
}

/** A document of our own; for a companion that is written here `at` is when, in ms since 1970. */
export const emptyDocument = (at?: number): CardDocument => ({
  spec: 'chara_card_v3',
  spec_version: '3.0',
  data: { ...required, ...(at === undefined ? {} : { creation_date: Math.floor(at / 1000) }) },
});

export const dataOf = (document: CardDocument): JsonObject => objectOf(fieldOf(document, 'data'));

/** Newer than what is known here. */
export const isNewer = (document: CardDocument): boolean => (numberOf(fieldOf(document, 'spec_version')) ?? 0) > 3;

export type Asset = { type: string; uri: string; name: string; ext: string };

export function assetsOf(document: CardDocument): Asset[] {
  return listOf(fieldOf(dataOf(document), 'assets')).map((asset) => ({
    type: textOf(fieldOf(asset, 'type')),
    uri: textOf(fieldOf(asset, 'uri')),
    name: textOf(fieldOf(asset, 'name')),
    ext: textOf(fieldOf(asset, 'ext')).toLowerCase(),
  }));
}

/** The place of the icon called main among the assets, else of the first icon; -1 where there is none. */
export function mainIconAt(icons: readonly { type: string; name: string }[]): number {
  const main = icons.findIndex(({ type, name }) => type === 'icon' && name === 'main');
  return main >= 0 ? main : icons.findIndex(({ type }) => type === 'icon');
}

/** The path of an asset that lies in the card's own file; the specification's spelling and the two others that are met. */
export function embeddedPath(uri: string): string | undefined {
  return /^(?:embeded:\/\/|embedded:\/\/|__asset:)(.+)$/.exec(uri)?.[1];
}

/** The document with every asset's address changed by the given function; the same object where none changes. */
export function withAddresses(document: CardDocument, change: (uri: string) => string): CardDocument {
  const data = dataOf(document);
  const assets = listOf(fieldOf(data, 'assets'));
  if (assets.every((asset) => change(textOf(fieldOf(asset, 'uri'))) === textOf(fieldOf(asset, 'uri')))) return document;
  const changed = assets.map((asset): Json => {
    const uri = textOf(fieldOf(asset, 'uri'));
    const next = change(uri);
    return next === uri ? (asset as Json) : { ...objectOf(asset), uri: next };
  });
  return { ...document, data: { ...data, assets: changed } };
}

/** As V3 wants it: every required field is there. */
export const complete = (document: CardDocument): CardDocument => ({ ...document, data: { ...required, ...dataOf(document) } });
