/** @file What a card asks for and does not get here, in one sentence each: kept in the file, but not followed, and why. */
import type { Character } from '../../../shared/character.ts';
import { defuse } from '../fence.ts';
import { assetsOf, type CardDocument, dataOf, embeddedPath, isNewer } from './document.ts';
import { count, listed, loreNotFollowed } from './honour-lore.ts';
import { fieldOf, listOf, objectOf, textOf } from './loose.ts';

const HTML = /<(?:script|style|div|span|img|iframe|font|p|br|table|a|b|i|center|details|video|audio)\b[^>]*>/i;
/** What `macros.ts` expands; everything else stays as it is written. */
const KNOWN_MACRO = /^(?:(?:char|user|original)$|(?:random|pick|roll|comment|hidden_key|reverse)\s*:|roll\s|\/\/)/i;

const wordsOf = (character: Character): string[] => [
  character.description,
  character.personality,
  character.scenario,
  character.systemPrompt,
  character.postHistory,
  character.messageExamples,
  character.firstMessage,
  ...character.alternateGreetings,
  ...(character.lorebook?.entries.map(({ content }) => content) ?? []),
];

function files(document: CardDocument, carried: number): string[] {
  const assets = assetsOf(document);
  const remote = assets.filter(
    ({ uri }) => /^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^(?:data|ccdefault|embeded|embedded|__asset):/i.test(uri),
  ).length;
  const others = assets.filter(({ type, uri }) => type !== 'icon' && (embeddedPath(uri) !== undefined || uri.startsWith('data:'))).length;
  return [
    ...(remote > 0 ? [`${count(remote, 'file points', 'files point')} to a web address. Nothing is fetched.`] : []),
    ...(others > 0 || carried > 1
      ? [
          `${count(Math.max(others, carried - 1), 'further picture or file', 'further pictures or files')}, such as moods and backgrounds. Only the main picture is shown.`,
        ]
      : []),
  ];
}

function extensions(document: CardDocument): string[] {
  const extra = objectOf(fieldOf(dataOf(document), 'extensions'));
  const scripts =
    listOf(extra['regex_scripts']).length > 0 ||
    /"(?:triggerscript|virtualscript|customScripts|scripts)"\s*:\s*(?:\[\s*\{|"[^"])/.test(JSON.stringify(extra));
  const depth = textOf(fieldOf(extra['depth_prompt'], 'prompt')) !== '';
  return [
    ...(scripts ? ['A script in “extensions”. Cards cannot run code.'] : []),
    ...(depth ? ['A note at a depth in “extensions”, which belongs to another program.'] : []),
  ];
}

/** Macros that stay as they are written, by their names. */
function unknownMacros(texts: readonly string[]): string[] {
  const macros = texts.flatMap((text) => [...text.matchAll(/\{\{([^{}]{1,60})\}\}/g)].map(([, name = '']) => name.trim()));
  return macros.filter((name) => !KNOWN_MACRO.test(name)).map((name) => `{{${name.split(/[:\s]/)[0]}}}`);
}

function texts(character: Character): string[] {
  const all = wordsOf(character);
  // Most texts hold none of these signs, and a lorebook has thousands.
  const tagged = all.filter((text) => text.includes('<') || text.includes('['));
  const unknown = unknownMacros(all.filter((text) => text.includes('{{')));
  const breaks = tagged.filter((text) => defuse(text) !== text).length;
  return [
    ...([...tagged, character.creatorNotes].some((text) => HTML.test(text)) ? ['HTML. It is shown as text and never drawn.'] : []),
    ...(unknown.length > 0 ? [`Placeholders of other programs: ${listed(unknown)}. They stay as they are written.`] : []),
    ...(breaks > 0
      ? [`Control words of language models in ${count(breaks, 'text', 'texts')}. They are broken up, so that they stay words.`]
      : []),
  ];
}

/** Everything of the card that has no effect here. `carried` is the number of files that came with it. */
export function notFollowed(character: Character, document: CardDocument, carried: number): string[] {
  const group = character.groupOnlyGreetings.length;
  return [
    ...loreNotFollowed(character, document),
    ...files(document, carried),
    ...extensions(document),
    ...texts(character),
    ...(group > 0 ? [`${count(group, 'greeting', 'greetings')} for groups. Conversations here are between two.`] : []),
    ...(isNewer(document) ? ['It follows a newer specification than this program knows.'] : []),
  ];
}
