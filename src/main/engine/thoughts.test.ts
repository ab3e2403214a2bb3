/** @file The thought splitter, on every chunk boundary. */
import { describe, expect, it } from 'vitest';
import { createThoughtSplitter, type ThoughtPart } from './thoughts.ts';

function collect(parts: ThoughtPart[]): { text: string; thinking: string } {
  let text = '';
  let thinking = '';
  for (const part of parts) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'thinking') thinking += part.text;
    else if (part.type === 'text-was-thought') [text, thinking] = ['', thinking + text];
    else [text, thinking] = [thinking, ''];
  }
  return { text, thinking };
}

function split(chunks: string[], expectsThought = false) {
  const splitter = createThoughtSplitter({ expectsThought });
  return collect([...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()]);
}

const cases: { name: string; raw: string; text: string; thinking: string; expectsThought?: boolean }[] = [
  { name: 'a plain reply', raw: 'Hello there.\nHow are you?', text: 'Hello there.\nHow are you?', thinking: '' },
  { name: 'a thought, then a reply', raw: '<think>\nShe greets.\n</think>\n\nHello.', text: 'Hello.', thinking: 'She greets.\n' },
  { name: 'white space before the opener', raw: '\n  <think>so</think>Yes.', text: 'Yes.', thinking: 'so' },
  { name: 'the long form of the tag', raw: '<thinking>hm</thinking>Yes.', text: 'Yes.', thinking: 'hm' },
  { name: 'a missing closer', raw: '<think>I go on and on', text: '', thinking: 'I go on and on' },
  { name: 'a missing opener', raw: 'I should greet.\n</think>\n\nHello.', text: 'Hello.', thinking: 'I should greet.\n' },
  {
    name: 'a missing opener that was expected',
    raw: 'I should greet.</think>\n\nHello.',
    text: 'Hello.',
    thinking: 'I should greet.',
    expectsThought: true,
  },
  { name: 'an expected thought that was no thought', raw: 'Hello.\nYou.', text: 'Hello.\nYou.', thinking: '', expectsThought: true },
  { name: 'an expected thought with its opener', raw: '\n<think>hm</think>Hello.', text: 'Hello.', thinking: 'hm', expectsThought: true },
  { name: 'two blocks', raw: '<think>a</think>One.\n<think>b</think>\nTwo.', text: 'One.\n\nTwo.', thinking: 'ab' },
  { name: 'a tag in a sentence', raw: 'Write `<think>` and </think> so.', text: 'Write `<think>` and </think> so.', thinking: '' },
  {
    name: 'tags in fenced code',
    raw: 'So:\n```xml\n<think>\nx\n</think>\n```\nDone.',
    text: 'So:\n```xml\n<think>\nx\n</think>\n```\nDone.',
    thinking: '',
  },
  { name: 'a tag after fenced code', raw: '```\na\n```\n<think>b</think>Done.', text: '```\na\n```\nDone.', thinking: 'b' },
  { name: 'almost a tag', raw: '<thin ice>\n<think\n</thinker>', text: '<thin ice>\n<think\n</thinker>', thinking: '' },
  { name: 'a lone angle bracket in a thought', raw: '<think>a < b </thin c</think>Yes', text: 'Yes', thinking: 'a < b </thin c' },
  { name: 'a lone angle bracket at the end', raw: 'a\n<', text: 'a\n<', thinking: '' },
  { name: 'inline code at the start of a line', raw: '`x`\n``y``', text: '`x`\n``y``', thinking: '' },
  { name: 'deep indentation', raw: `a\n\n${' '.repeat(20)}<think>b`, text: `a\n\n${' '.repeat(20)}<think>b`, thinking: '' },
];

describe('thought splitter', () => {
  it.each(cases)('[T20] reads $name', ({ raw, text, thinking, expectsThought }) => {
    expect(split([raw], expectsThought)).toEqual({ text, thinking });
  });

  it.each(cases)('[T21] reads $name alike on every pair of chunk boundaries', ({ raw, text, thinking, expectsThought }) => {
    for (let first = 0; first <= raw.length; first++) {
      for (let second = first; second <= raw.length; second++) {
        const chunks = [raw.slice(0, first), raw.slice(first, second), raw.slice(second)];
        expect(split(chunks, expectsThought), JSON.stringify(chunks)).toEqual({ text, thinking });
      }
    }
    expect(split([...raw], expectsThought)).toEqual({ text, thinking });
  });

  it('[T22] streams a reply without waiting for its lines to end', () => {
    const splitter = createThoughtSplitter({ expectsThought: false });
    expect(splitter.push('Hel')).toEqual([{ type: 'text', text: 'Hel' }]);
    expect(splitter.push('lo <')).toEqual([{ type: 'text', text: 'lo <' }]);
  });

  it('[T23] drops what a thought has over the cap and still finds its end', () => {
    const { text, thinking } = split(['<think>', 'x'.repeat(100_000), 'y'.repeat(100_000), '</think>Yes.']);
    expect(thinking).toHaveLength(65_536);
    expect(text).toBe('Yes.');
  });

  it('[T24] takes linear time on hostile input', () => {
    const raw = '<think>'.repeat(20_000) + '\n<'.repeat(50_000) + ' '.repeat(100_000);
    const started = performance.now();
    for (let at = 0, splitter = createThoughtSplitter({ expectsThought: false }); at < raw.length; at += 7)
      splitter.push(raw.slice(at, at + 7));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
