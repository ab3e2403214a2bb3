/** @file Words, emoji names and capitals as the reference sees them. */
import { describe, expect, it } from 'vitest';
import { countOf, isInCapitals, spellEmoji, splitWords } from './tokens.ts';

describe('spellEmoji', () => {
  it.each([
    ['\u{1f600}', 'grinning face'],
    ['a\u{1f600}b', 'a grinning faceb'],
    [' \u{1f600}', ' grinning face'],
    ['a\n\u{1f600}', 'a\n grinning face'],
    ['\u{1f600}\u{1f600}', 'grinning face grinning face'],
    ['\u{1f600} \u{1f600}', 'grinning face grinning face'],
    ['\u2764\ufe0f', 'heart\ufe0f'],
    ['\ud83d plain \ude00', '\ud83d plain \ude00'],
    ['', ''],
  ])('[V1] writes %j as %j', (text, spelt) => {
    expect(spellEmoji(text)).toBe(spelt.replace('heart', spellEmoji('\u2764')));
  });
});

describe('splitWords', () => {
  it.each([
    ['  one\ttwo\u0085three\u001cfour\u3000', ['one', 'two', 'three', 'four']],
    ['not\ufeffsplit not\u200bhere', ['not\ufeffsplit', 'not\u200bhere']],
    ['(good) #happy "it\'s" great!!!!', ['good', 'happy', "it's", 'great']],
    ['ok. :) :-) ... (I)', ['ok.', ':)', ':-)', '...', '(I)']],
    ['(\u{1f9a9}\u{1f9a9}) (\u{1f9a9}\u{1f9a9}\u{1f9a9})', ['(\u{1f9a9}\u{1f9a9})', '\u{1f9a9}\u{1f9a9}\u{1f9a9}']],
    [' ', []],
  ])('[V1] splits %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});

describe('isInCapitals', () => {
  it.each([
    ['GOOD', true],
    ['\u00c9\u00c9', true],
    ['A1!', true],
    ['\u24b6', true],
    ['Good', false],
    ['123', false],
    ['A\u01c5', false],
    ['A\u00aa', false],
    ['', false],
  ])('[V1] of %j is %s', (word, capitals) => {
    expect(isInCapitals(word)).toBe(capitals);
  });
});

it('[V1] counts every mark', () => {
  expect([countOf('!', 'a!!b!'), countOf('!', ''), countOf('?', '!')]).toEqual([3, 0, 0]);
});
