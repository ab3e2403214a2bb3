/** @file A new note among the known ones: joined, superseding, out of date, or new. */
import { expect, it } from 'vitest';
import { createRandom } from '../../../../test/kit/random.ts';
import { fixedWords, isNegated, likeness } from './note-words.ts';
import { notesByRule } from './rules.ts';
import { comparable, type KeptNote, sameAs, settleAll } from './settle-notes.ts';

let made = 0;
const settle = (said: [at: number, text: string][], known: KeptNote[] = []) => {
  const drafts = said.flatMap(([at, text]) => notesByRule({ id: `m${at}`, number: at, conversationId: 'c', at, text }));
  return settleAll(drafts, known, () => `n${++made}`, 100);
};
const home = (text: string, saidAt: number): KeptNote => ({
  id: 'known',
  kind: 'you',
  subject: 'home',
  single: true,
  text,
  saidAt,
  edited: false,
});

it('[ME8] a newer fact takes the place of an older one, within one batch too', () => {
  const { notes } = settle(
    [
      [1, 'I live in York.'],
      [2, 'I live in Leeds.'],
    ],
    [home('You live in Rome.', 0)],
  );
  expect(notes.map(({ text, supersedes }) => [text, supersedes])).toEqual([
    ['You live in York.', ['known']],
    ['You live in Leeds.', [notes[0]?.id]],
  ]);
});

it('[ME8] what was said earlier and is learnt later is history from the start', () => {
  const { notes } = settle([[1, 'I live in York.']], [home('You live in Leeds.', 5)]);
  expect(notes).toMatchObject([{ text: 'You live in York.', supersedes: [], supersededBy: 'known' }]);
});

it('[ME9] the same said once more is the same note with one more source', () => {
  const { notes, joins } = settle([[6, 'As I said: fine. I live in Leeds!']], [home('You live in Leeds.', 5)]);
  expect(notes).toEqual([]);
  expect(joins).toMatchObject([{ id: 'known', source: { messageId: 'm6' }, quote: 'I live in Leeds!' }]);
});

it('[ME9] likes and dislikes, other names and other numbers are not the same', () => {
  const taste = (text: string): KeptNote => ({
    id: 'known',
    kind: 'likes',
    subject: 'taste:oliv',
    single: true,
    text,
    saidAt: 1,
    edited: false,
  });
  expect(settle([[2, 'I don’t like olives.']], [taste('You like olives.')]).notes).toMatchObject([{ supersedes: ['known'] }]);
  const sister: KeptNote = {
    id: 'known',
    kind: 'people',
    subject: 'people:sister:marit',
    single: false,
    text: 'Your sister is called Marit.',
    saidAt: 1,
    edited: false,
  };
  expect(settle([[2, 'My sister Jule is here.']], [sister])).toMatchObject({
    notes: [{ text: 'Your sister is called Jule.', supersedes: [] }],
    joins: [],
  });
});

it('[ME9] a glance leaves out none that is the same, over random notes', () => {
  const seed = 20261127;
  const random = createRandom(seed);
  const words =
    'You like plum plums Cake cakes the a and not never very Nora’s Nora ZÜRICH Zürich Ångström running runs 7 12 party parties ΣΟΦΟΣ'.split(
      ' ',
    );
  const note = () => Array.from({ length: random.whole(1, 7) }, () => random.pick(words)).join(' ');
  const names = (text: string) => [...new Set(fixedWords(text))].sort().join(' ');
  let [pairs, same] = [0, 0];
  for (let at = 0; at < 4_000; at++) {
    const one = note();
    const isSame = sameAs(one);
    for (const other of [note(), one.normalize('NFD'), one.toUpperCase(), `${one} ${note()}`]) {
      const plain = isNegated(one) === isNegated(other) && names(one) === names(other) && likeness(one, other) >= 0.8;
      expect([one, other, isSame(comparable(other))]).toEqual([one, other, plain]);
      pairs += 1;
      if (plain) same += 1;
    }
  }
  console.log(`same notes: seed ${seed}, ${pairs} pairs, ${same} the same`);
  expect(same).toBeGreaterThan(pairs / 20);
});
