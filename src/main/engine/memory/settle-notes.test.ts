/** @file A new note among the known ones: joined, superseding, out of date, or new. */
import { expect, it } from 'vitest';
import { notesByRule } from './rules.ts';
import { type KeptNote, settleAll } from './settle-notes.ts';

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
