/** @file Writes resources/mood/*.json (word valences, emoji names) from the npm packages vader-sentiment 1.1.3 and emoji.json 11.0.0. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

const PACKAGES = createRequire(import.meta.url);
const TARGET = join(import.meta.dirname, '..', 'resources', 'mood');

/** Words that the package's list of 2017 lacks or values otherwise than the reference's list of today. */
const WORD_CORRECTIONS = { heart: 3.2, hearts: 3.3, flawed: -2.1, badass: 1.4 };

/** Names that emoji.json 11.0.0 writes otherwise than the reference. */
const EMOJI_CORRECTIONS = {
  '\u{1f392}': 'school backpack',
  '\u{1f97f}': 'woman\u2019s flat shoe',
  '\u{1f9f1}': 'bricks',
  '\u{1f3fb}': 'light skin tone',
  '\u{1f3fc}': 'medium-light skin tone',
  '\u{1f3fd}': 'medium skin tone',
  '\u{1f3fe}': 'medium-dark skin tone',
  '\u{1f3ff}': 'dark skin tone',
};

/** emoji.json marks names that were new in its edition with this. */
const NEW_MARK = '\u229b ';

const emojiEntries = z.array(z.object({ char: z.string(), name: z.string() }));

/** Word valences (about -4..4) from the package's tab-separated list; the last line of a repeated word counts. */
export function readValences(): Record<string, number> {
  const list = readFileSync(PACKAGES.resolve('vader-sentiment/vader_lexicon.txt'), 'utf8');
  const valences = new Map<string, number>();
  for (const line of list.split('\n')) {
    const [word, valence] = line.trim().split('\t');
    if (word && valence) valences.set(word, Number(valence));
  }
  for (const [word, valence] of Object.entries(WORD_CORRECTIONS)) valences.set(word, valence);
  return sorted(valences);
}

/** Names of the emoji that are one code point; longer ones never match in the reference. */
export function readEmojiNames(): Record<string, string> {
  const entries = emojiEntries.parse(JSON.parse(readFileSync(PACKAGES.resolve('emoji.json/emoji.json'), 'utf8')));
  const names = new Map<string, string>();
  for (const { char, name } of entries) {
    if (Array.from(char).length === 1) names.set(char, name.startsWith(NEW_MARK) ? name.slice(NEW_MARK.length) : name);
  }
  for (const [char, name] of Object.entries(EMOJI_CORRECTIONS)) names.set(char, name);
  return sorted(names);
}

/** Both files as they are committed: name and exact text. */
export function moodFiles(): Record<'lexicon.json' | 'emoji.json', string> {
  return {
    'lexicon.json': asJson({
      source: 'npm vader-sentiment 1.1.3 (vader_lexicon.txt) with four corrections; made by scripts/make-lexicon.ts',
      licence: 'MIT, Copyright (c) 2016 C.J. Hutto; see resources/notices/mood.md',
      valences: readValences(),
    }),
    'emoji.json': asJson({
      source: 'npm emoji.json 11.0.0, single code points, with eight corrections; made by scripts/make-lexicon.ts',
      licence: 'MIT; see resources/notices/mood.md',
      names: readEmojiNames(),
    }),
  };
}

function sorted<Value>(entries: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function asJson(content: object): string {
  return `${JSON.stringify(content, null, 1)}\n`;
}

if (import.meta.main) {
  mkdirSync(TARGET, { recursive: true });
  for (const [name, content] of Object.entries(moodFiles())) writeFileSync(join(TARGET, name), content);
}
