/** @file The committed word list and emoji names against the packages they come from. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { moodFiles, readEmojiNames, readValences } from '../scripts/make-lexicon.ts';

const resources = join(import.meta.dirname, '..', 'resources', 'mood');

it.each(Object.entries(moodFiles()))('[V8] resources/mood/%s is what scripts/make-lexicon.ts writes from the packages', (name, content) => {
  expect(readFileSync(join(resources, name), 'utf8')).toBe(content);
});

it('[V8] the packages are the ones the counts and corrections are for', () => {
  const versionOf = (name: string): unknown =>
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8')).version;
  expect([versionOf('vader-sentiment'), versionOf('emoji.json')]).toEqual(['1.1.3', '11.0.0']);
});

it('[V8] there are 7,506 words and 1,212 names, the corrected ones among them', () => {
  const valences = readValences();
  const names = readEmojiNames();
  expect([Object.keys(valences).length, Object.keys(names).length]).toEqual([7_506, 1_212]);
  expect([valences['heart'], valences['hearts'], valences['flawed'], valences['badass']]).toEqual([3.2, 3.3, -2.1, 1.4]);
  expect([names['\u{1f392}'], names['\u{1f9f1}'], names['\u{1f3ff}']]).toEqual(['school backpack', 'bricks', 'dark skin tone']);
  expect(Object.values(names).filter((name) => name.includes('\u229b'))).toEqual([]);
  expect(Object.values(valences).filter((valence) => !(Math.abs(valence) <= 4))).toEqual([]);
});
