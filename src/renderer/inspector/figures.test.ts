/** @file The inspector's figures and its comparison with the reply before. */
import { describe, expect, it } from 'vitest';
import { compareMessages } from './compared.ts';
import { lasting, slices } from './figures.ts';

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
    expect(compareMessages(now, before)).toEqual({ same: [true, false, false, false], gone: 1 });
    expect(compareMessages([...before, message('assistant', 'A')], before)).toEqual({ same: [true, true, false], gone: 0 });
    expect(compareMessages(now, [])).toEqual({ same: [false, false, false, false], gone: 0 });
  });

  it('[IW2] the bar never leaves the window, and shows only what was sent', () => {
    const parts = slices([section('mandate', 100), section('history', 5_000), section('examples', 50, false)], 1_000);
    expect(parts.map(({ id, from, share }) => [id, from, share])).toEqual([
      ['mandate', 0, 0.1],
      ['history', 0.1, 0.9],
    ]);
  });

  it('[IW2] times are said in words', () => {
    expect([lasting(11.6), lasting(1_050), lasting(18_640)]).toEqual(['12 ms', '1.05 s', '18.6 s']);
  });
});
