/** @file Joining what a model says when it goes on, on every chunk boundary. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../test/kit/random.ts';
import { createJoiner } from './continuation.ts';

const join = (before: string, chunks: string[], exact = false) => {
  const joiner = createJoiner(before, exact);
  return before + chunks.map((chunk) => joiner.push(chunk)).join('') + joiner.end();
};

const cases: { name: string; before: string; next: string; whole: string }[] = [
  { name: 'words that go on', before: 'It was the card', next: ' with the jam.', whole: 'It was the card with the jam.' },
  { name: 'a missing space', before: 'It was the card', next: 'with the jam.', whole: 'It was the card with the jam.' },
  { name: 'a missing space after a sentence', before: 'It rained.', next: 'Then it stopped.', whole: 'It rained. Then it stopped.' },
  { name: 'a paragraph', before: 'It rained.\n\n', next: 'Then it stopped.', whole: 'It rained.\n\nThen it stopped.' },
  { name: 'punctuation', before: 'It rained', next: ', all day.', whole: 'It rained, all day.' },
  {
    name: 'a word begun again',
    before: 'the card with the thumb',
    next: 'thumbprint of jam',
    whole: 'the card with the thumbprint of jam',
  },
  { name: 'a word said twice on purpose', before: 'It was very', next: ' very late.', whole: 'It was very very late.' },
  {
    name: 'the end said again',
    before: 'You put her hands back in the kitchen',
    next: 'her hands back in the kitchen for an evening.',
    whole: 'You put her hands back in the kitchen for an evening.',
  },
  {
    name: 'all of it said again',
    before: 'You put her hands back. It was',
    next: 'You put her hands back. It was a good evening.',
    whole: 'You put her hands back. It was a good evening.',
  },
  {
    name: 'all of it said again and nothing more',
    before: 'You put her hands back.',
    next: 'You put her hands back.',
    whole: 'You put her hands back.',
  },
  {
    name: 'a beginning like an earlier one',
    before: 'The sea was grey. The wind rose',
    next: 'The sea was loud now.',
    whole: 'The sea was grey. The wind rose The sea was loud now.',
  },
  { name: 'nothing', before: 'It rained.', next: '', whole: 'It rained.' },
];

describe('going on', () => {
  it.each(cases)('[ST2] joins $name alike on every chunk boundary', ({ before, next, whole }) => {
    for (let first = 0; first <= next.length; first++) {
      for (let second = first; second <= next.length; second++) {
        const chunks = [next.slice(0, first), next.slice(first, second), next.slice(second)];
        expect(join(before, chunks), JSON.stringify(chunks)).toBe(whole);
      }
    }
    expect(join(before, [...next])).toBe(whole);
  });

  it('[ST2] puts nothing between and drops nothing where the model goes on from its last word', () => {
    expect(join('the card with the thumb', ['print of jam'], true)).toBe('the card with the thumbprint of jam');
    expect(join('You put her hands back', ['You put her hands back'], true)).toBe('You put her hands backYou put her hands back');
  });

  it('[ST2] takes repetitions of any length away, and nothing else', () => {
    const random = createRandom(23);
    const words = ['harbour', 'lamp', 'in', 'the', 'old', 'kitchen', 'was', 'slowly', 'turning', 'blue'];
    let repeated = 0;
    const rounds = 2_000;
    for (let round = 0; round < rounds; round++) {
      const sentence = (count: number) => Array.from({ length: count }, () => random.pick(words)).join(' ');
      const before = sentence(random.whole(4, 40));
      const rest = ` ${round} ${sentence(5)}.`;
      const again = before.split(' ').slice(-random.whole(4, 40)).join(' ');
      const chunks = (again + rest).match(/.{1,7}/g) ?? [];
      if (again.length < 12) continue;
      repeated += 1;
      expect(join(before, chunks)).toBe(before + rest);
    }
    console.log(`joined seed=23 rounds=${rounds} repeated=${repeated}`);
    expect(repeated).toBeGreaterThan(rounds / 2);
  });

  it('[ST2] takes linear time', () => {
    const before = 'ab '.repeat(5_000);
    const began = performance.now();
    join(before, [...'ab '.repeat(500)]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
