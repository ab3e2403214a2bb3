/** @file Titles made from first messages, and titles as a search compares them. */
import { describe, expect, it } from 'vitest';
import { DERIVED_TITLE_CHARACTERS } from '../../../shared/limits.ts';
import { deriveTitle, foldTitle } from './title.ts';

describe('deriveTitle', () => {
  it.each([
    ['Hello Sarah', 'Hello Sarah'],
    ['\n\n  \t\r\n  second line \nthird', 'second line'],
    ['a\0b\u0007c', 'a b c'],
    [' \n ', ''],
    ['one\u2028two', 'one'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['x'.repeat(61), `${'x'.repeat(59)}…`],
    [`${'x'.repeat(59)} y and more`, `${'x'.repeat(59)}…`],
    [`word ${'x'.repeat(80)}`, 'word…'],
    ['👩'.repeat(61), `${'👩'.repeat(59)}…`],
  ])('[S2] %j becomes %j', (text, title) => {
    expect(deriveTitle(text)).toBe(title);
    expect(Array.from(deriveTitle(text)).length).toBeLessThanOrEqual(DERIVED_TITLE_CHARACTERS);
  });

  it('[S2] a megabyte without a line break takes no time to speak of', () => {
    const before = performance.now();
    deriveTitle('word '.repeat(200_000));
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('foldTitle', () => {
  it('[S4] makes letters of both cases and both ways of writing an accent equal', () => {
    expect(foldTitle('ÉCOLE Ω')).toBe(foldTitle('e\u0301cole ω'));
    expect(foldTitle('a')).not.toBe(foldTitle('b'));
  });
});
