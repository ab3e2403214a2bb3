import { expect, it } from 'vitest';
import { nextSentences, spoken } from './sentences.ts';

/** Everything that is said while a text grows letter by letter, and the rest at its end. */
function listenTo(text: string): string[] {
  const lines: string[] = [];
  let until = 0;
  for (let length = 1; length <= text.length; length++) {
    const next = nextSentences(text.slice(0, length), until);
    until = next.until;
    if (next.said !== '') lines.push(next.said);
  }
  return [...lines, spoken(text.slice(until))].filter((line) => line !== '');
}

it('[W17] only whole sentences are said, each once', () => {
  expect(listenTo('It rains. Is it cold? 3.5 degrees, “they say.” So')).toEqual([
    'It rains.',
    'Is it cold?',
    '3.5 degrees, “they say.”',
    'So',
  ]);
});

it('[W17] code is named, not read', () => {
  const said = listenTo('Do this:\n\n```sh\nrm -rf . # a. b. c.\n```\n\nDone. Good.');
  expect(said.join(' ')).toBe('Do this: Code block. Done. Good.');
});

it('[W17] marks and addresses are not read', () => {
  expect(spoken('## A *fine* [day](https://x.org) with `code`\n- one\n> two')).toBe('A fine day with code one two');
});
