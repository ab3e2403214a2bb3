/** @file A lorebook's keys, ready to be looked for: made once a book, since a book lives as long as its character. */

import { LORE_SCAN_CHARACTERS, LORE_SCAN_DEPTH, LORE_SCAN_MOST } from '../../../shared/limits.ts';
import type { Lorebook, LoreEntry } from '../../../shared/lorebook.ts';
import { createKeyMatcher, type KeyMatcher } from './key-matcher.ts';

type EntryKeys = { primary: number[]; secondary: number[]; additional: number[]; exclude: number[] };

export type Heard = {
  /** How many messages above the newest one a key was said last; undefined where it was not. */
  depthOf(key: number): number | undefined;
  /** Text that counts as said just now, for entries that trigger others. */
  alsoHear(text: string): void;
};

export type BookIndex = {
  keysOf(entry: LoreEntry): EntryKeys;
  /** Looks through the messages, newest first, as far as any entry may look. */
  listen(recent: readonly string[], book: Lorebook): Heard;
};

const none: EntryKeys = { primary: [], secondary: [], additional: [], exclude: [] };

function buildIndex(book: Lorebook): BookIndex {
  const exact: string[] = [];
  const folded: string[] = [];
  const numbers = new Map<string, number>();
  /** Even numbers are keys as they stand, odd ones those without a difference of case. */
  const numberOf = (key: string, caseSensitive: boolean) => {
    const [list, text, bit] = caseSensitive ? [exact, key, 0] : [folded, key.toLowerCase(), 1];
    const name = `${bit}${text}`;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const made = (list.push(text) - 1) * 2 + bit;
    numbers.set(name, made);
    return made;
  };
  const keys = new Map<LoreEntry, EntryKeys>();
  for (const entry of book.entries) {
    const patterns = new Set(entry.patterns);
    const numbered = (list: readonly string[] = []) =>
      list.flatMap((key) => (key.trim() === '' || patterns.has(key) ? [] : [numberOf(key.trim(), entry.caseSensitive)]));
    const { additionalKeys, excludeKeys } = entry.decorators;
    keys.set(entry, {
      primary: numbered(entry.keys),
      secondary: entry.selective ? numbered(entry.secondaryKeys) : [],
      additional: numbered(additionalKeys),
      exclude: numbered(excludeKeys),
    });
  }
  const matchers: [KeyMatcher, KeyMatcher] = [createKeyMatcher(exact), createKeyMatcher(folded)];
  return {
    keysOf: (entry) => keys.get(entry) ?? none,
    listen: (recent, { scanDepth, entries }) => listen(matchers, recent, deepest(scanDepth, entries)),
  };
}

function deepest(scanDepth: number | undefined, entries: readonly LoreEntry[]): number {
  const own = entries.reduce((most, { decorators }) => Math.max(most, decorators.scanDepth ?? 0), scanDepth ?? LORE_SCAN_DEPTH);
  return Math.min(own, LORE_SCAN_MOST);
}

function listen([exact, folded]: [KeyMatcher, KeyMatcher], recent: readonly string[], depth: number): Heard {
  const said = new Map<number, number>();
  const hear = (text: string, at: number) => {
    const part = text.slice(0, LORE_SCAN_CHARACTERS);
    const found = (bit: number) => (key: number) => {
      const number = key * 2 + bit;
      said.set(number, Math.min(said.get(number) ?? at, at));
    };
    exact.scan(part, found(0));
    folded.scan(part.toLowerCase(), found(1));
  };
  for (const [at, text] of recent.slice(0, depth).entries()) hear(text, at);
  return { depthOf: (key) => said.get(key), alsoHear: (text) => hear(text, 0) };
}

const known = new WeakMap<Lorebook, BookIndex>();

export function indexOf(book: Lorebook): BookIndex {
  const before = known.get(book);
  if (before) return before;
  const made = buildIndex(book);
  known.set(book, made);
  return made;
}
