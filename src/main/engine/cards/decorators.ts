/** @file The decorators at the head of a lorebook entry (card specification V3): read, or kept as they stand. */
import { type LoreDecorators, lorePositions } from '../../../shared/lorebook.ts';

export type DecoratedText = {
  decorators: LoreDecorators;
  /** Lines that are kept and not followed. */
  unsupported: string[];
  /** The text under them. */
  content: string;
};

const LINE = /^(@@@?)([A-Za-z_]+)(?:[ \t]+(.*))?$/;
/** More decorators than any entry has; what follows is text. */
const MOST_LINES = 64;

const whole = (value: string): number | undefined => {
  const number = Number(value);
  return /^\d{1,7}$/.test(value) && number <= 1_000_000 ? number : undefined;
};
const oneOf = <Choice extends string>(choices: readonly Choice[], value: string): Choice | undefined =>
  choices.find((choice) => choice === value.toLowerCase());

/** Comma-separated, `\,` is a comma within a key. */
function keysOf(value: string): string[] | undefined {
  const keys = value.split(/(?<!\\),/).map((key) => key.replaceAll('\\,', ',').trim());
  const said = keys.filter((key) => key !== '');
  return said.length === 0 ? undefined : said;
}

type Reader = (value: string) => LoreDecorators | undefined;
const given = <Value>(value: Value | undefined, make: (value: Value) => LoreDecorators) => (value === undefined ? undefined : make(value));

/** Those that mean nothing here are named, with the reason, in honour-lore.ts. */
const readers: Readonly<Record<string, Reader>> = {
  activate_only_after: (value) => given(whole(value), (activateOnlyAfter) => ({ activateOnlyAfter })),
  activate_only_every: (value) => given(whole(value) || undefined, (activateOnlyEvery) => ({ activateOnlyEvery })),
  keep_activate_after_match: () => ({ keepActivateAfterMatch: true }),
  dont_activate_after_match: () => ({ dontActivateAfterMatch: true }),
  depth: (value) => given(whole(value), (depth) => ({ depth })),
  scan_depth: (value) => given(whole(value), (scanDepth) => ({ scanDepth })),
  is_greeting: (value) => given(whole(value), (isGreeting) => ({ isGreeting })),
  position: (value) => given(oneOf(lorePositions, value), (position) => ({ position })),
  ignore_on_max_context: () => ({ ignoreOnMaxContext: true }),
  additional_keys: (value) => given(keysOf(value), (additionalKeys) => ({ additionalKeys })),
  exclude_keys: (value) => given(keysOf(value), (excludeKeys) => ({ excludeKeys })),
  activate: () => ({ activate: true }),
  dont_activate: () => ({ dontActivate: true }),
};
const names = new Map(Object.entries(readers));
/** Decorators that are followed, where their values are understood. */
export const followedDecorators: ReadonlySet<string> = new Set(names.keys());

/** Nobody writes into what was read, so that the many entries without any share one. */
const noLines: string[] = [];

/** Where the first sign stands that is no white space. */
function firstSign(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** Reads the decorator lines; the first of a name counts, and a fallback (`@@@name`) where the one above it was not understood. */
export function readDecorators(text: string): DecoratedText {
  const decorators: LoreDecorators = {};
  let unsupported = noLines;
  let understood = true;
  let at = firstSign(text, 0);
  if (!text.startsWith('@@', at)) return { decorators, unsupported, content: text };
  const read: string[] = [];
  for (let line = 0; line < MOST_LINES && text.startsWith('@@', at); line++) {
    const end = text.indexOf('\n', at);
    const words = text.slice(at, end < 0 ? text.length : end).trim();
    const [, signs, named = '', value = ''] = LINE.exec(words) ?? [];
    if (signs === undefined) break;
    at = end < 0 ? text.length : firstSign(text, end + 1);
    if (signs === '@@@' && understood) continue;
    const name = named.toLowerCase();
    const found = read.includes(name) ? {} : names.get(name)?.(value.trim());
    understood = found !== undefined;
    if (found) read.push(name);
    else unsupported = [...unsupported, words];
    Object.assign(decorators, found);
  }
  // The specification: where there is a position, the depth is none.
  if (decorators.position !== undefined) delete decorators.depth;
  return { decorators, unsupported, content: text.slice(at).trim() };
}
