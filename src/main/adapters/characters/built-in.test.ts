/** @file Sarah's own card. */
import { expect, it } from 'vitest';
import { plainOptions, readCharacter } from '../../engine/cards/read-character.ts';
import { defuse } from '../../engine/fence.ts';
import { exampleText, personaText, scopeOf } from '../../engine/persona.ts';
import { createTokenCounter } from '../../engine/tokens.ts';
import { sarahCard } from './built-in.ts';

it('[KA60] Sarah’s card takes at most 900 tokens of the system message, examples and all', () => {
  const sarah = readCharacter('default', sarahCard, plainOptions);
  if (!sarah) throw new Error('there is no Sarah');
  const scope = scopeOf(sarah, { name: '', about: '' }, 'c1');
  const words = [personaText(sarah, scope), exampleText(sarah, scope)].join('\n\n');
  // Before it has learnt anything, the counter errs on the side of too many.
  const tokens = createTokenCounter(undefined).count(words);
  console.log(`sarah tokens=${tokens} characters=${words.length}`);
  expect(tokens).toBeLessThanOrEqual(900);
  expect(defuse(words)).toBe(words);
  expect(sarah.alternateGreetings.length).toBeGreaterThanOrEqual(3);
});
