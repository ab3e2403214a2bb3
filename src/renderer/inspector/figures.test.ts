/** @file The inspector's figures and its comparison with the reply before. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../test/kit/random.ts';
import { sectionNames } from '../../shared/conversation.ts';
import { compareMessages } from './compared.ts';
import { groups, lasting, slices } from './figures.ts';
import { type DiffLine, diffLines, folded } from './line-diff.ts';

const message = (role: 'system' | 'user' | 'assistant', content: string) => ({ role, content });
const section = (id: 'mandate' | 'history' | 'examples', tokens: number, sent = true) => ({
  id,
  title: id,
  source: '',
  text: '',
  tokens,
  ...(sent ? { position: { message: 0, messages: 1, words: '' } } : {}),
});

describe('the inspector in the window', () => {
  it('[IW2] what was sent before counts as the same down to the first difference', () => {
    const before = [message('system', 'S'), message('user', 'note\n\nOne')];
    const now = [message('system', 'S'), message('user', 'One'), message('assistant', 'A'), message('user', 'Two')];
    const states = (compared: ReturnType<typeof compareMessages>) => [compared.messages.map(({ state }) => state), compared.gone.length];
    expect(states(compareMessages(now, before))).toEqual([['same', 'changed', 'new', 'new'], 0]);
    expect(compareMessages(now, before).messages[1]).toEqual({ state: 'changed', before: 'note\n\nOne' });
    expect(states(compareMessages([...before, message('assistant', 'A')], before))).toEqual([['same', 'same', 'new'], 0]);
    expect(states(compareMessages(now, []))).toEqual([['new', 'new', 'new', 'new'], 0]);
    // The oldest went, and what is left is read anew.
    const trimmed = [message('system', 'S'), message('assistant', 'A'), message('user', 'Two')];
    expect(states(compareMessages(trimmed, now))).toEqual([['same', 'again', 'again'], 1]);
    expect(compareMessages(trimmed, now).gone).toEqual([message('user', 'One')]);
  });

  it('[IW5] a difference shows every line of both texts once, and folds what is the same', () => {
    const words = ({ kind, text }: DiffLine) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`;
    expect(diffLines('a\nb\nc\nd', 'a\nx\nc\nd\ne').map(words)).toEqual([' a', '-b', '+x', ' c', ' d', '+e']);
    expect(diffLines('', 'a').map(words)).toEqual(['-', '+a']);
    expect(diffLines('a\na', 'a').map(words)).toEqual([' a', '-a']);
    const long = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    expect(folded(diffLines(long.join('\n'), long.with(20, 'other').join('\n')))).toEqual([
      { kind: 'folded', count: 18 },
      { kind: 'same', text: 'line 18' },
      { kind: 'same', text: 'line 19' },
      { kind: 'gone', text: 'line 20' },
      { kind: 'new', text: 'other' },
      { kind: 'same', text: 'line 21' },
      { kind: 'same', text: 'line 22' },
      { kind: 'folded', count: 17 },
    ]);
    const random = createRandom(17);
    let changed = 0;
    for (let round = 0; round < 500; round++) {
      const text = () => Array.from({ length: random.whole(1, 12) }, () => random.pick(['a', 'b', 'c', ''])).join('\n');
      const [before, now] = [text(), text()];
      const lines = diffLines(before, now);
      const of = (kinds: string[]) => lines.flatMap(({ kind, text: line }) => (kinds.includes(kind) ? [line] : [])).join('\n');
      expect([of(['same', 'gone']), of(['same', 'new'])]).toEqual([before, now]);
      if (before !== now) changed += 1;
    }
    console.log(`line-diff seed=17 rounds=500 changed=${changed}`);
    expect(changed).toBeGreaterThan(400);
  });

  it('[IW2] the bar never leaves the window, and shows only what was sent', () => {
    const parts = slices([section('mandate', 100), section('history', 5_000), section('examples', 50, false)], 1_000);
    expect(parts.map(({ id, from, share }) => [id, from, share])).toEqual([
      ['mandate', 0, 0.1],
      ['history', 0.1, 0.9],
    ]);
  });

  it('[IW2] every part of a prompt has its place among the others', () => {
    expect(groups.flatMap(({ of }): readonly string[] => of).toSorted()).toEqual([...sectionNames].toSorted());
  });

  it('[IW2] times are said in words', () => {
    expect([lasting(11.6), lasting(1_050), lasting(18_640)]).toEqual(['12 ms', '1.05 s', '18.6 s']);
  });
});
