/** @file What is left of a text when something is forgotten. */
import { expect, it } from 'vitest';
import { forgottenWords, traces, withoutRetellings, withoutTraces } from './forgotten-text.ts';

const secret = 'I buried the tin under the apple tree. Thank you.';

it('[ME20] takes the words out, whole or sentence by sentence, and leaves short ones that anybody says', () => {
  const found = traces([secret]);
  expect(withoutTraces(`They wrote: ${secret} Fine.`, found)).toBe('They wrote: [forgotten] Fine.');
  expect(withoutTraces('So: I buried the tin under the apple tree. Good.', found)).toBe('So: [forgotten] Good.');
  expect(withoutTraces('Thank you.', found)).toBe('Thank you.');
});

it('[ME20] in summaries and recalled lines takes out what tells it again in other words', () => {
  const words = forgottenWords([secret]);
  const summary = 'They found the recipe cards. They buried a tin below an apple tree. They will cook on Sunday.';
  expect(withoutRetellings(summary, words)).toBe('They found the recipe cards. [forgotten] They will cook on Sunday.');
  const block = '<memory>\n- 3 May, they said: the tin lies buried by the apple tree\n- They like plum cake.\n</memory>';
  expect(withoutRetellings(block, words)).toBe('<memory>\n- [forgotten]\n- They like plum cake.\n</memory>');
});
