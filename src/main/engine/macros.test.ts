/** @file Macros: each by name, stable where it has to be, harmless where it is hostile. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../test/kit/random.ts';
import { expandMacros, type MacroScope } from './macros.ts';

const scope: MacroScope = { char: 'Sarah', user: 'Tom', original: 'The base.', seed: 'message-1', pickSeed: 'conversation-1' };
const expand = (text: string, more: Partial<MacroScope> = {}) => expandMacros(text, { ...scope, ...more }).text;

describe('macros', () => {
  it('[MC1] are told by name, whatever the case', () => {
    const cases = {
      '{{char}}, {{CHAR}}, {{ Char }}, <BOT>, <bot>, <Char>': 'Sarah, Sarah, Sarah, Sarah, Sarah, Sarah',
      '{{user}} and <USER>': 'Tom and Tom',
      'a{{// never, seen}}b{{comment: nor this}}c{{COMMENT:x}}d': 'abcd',
      '{{reverse:abc🙂}} {{REVERSE:{{char}}}}': '🙂cba haraS',
      '{{original}}!': 'The base.!',
      '{{{char}}} {{{{char}}': '{Sarah} {{Sarah',
      '{{random:only}} {{random:}}|{{pick:only}}': 'only |only',
    };
    for (const [text, expected] of Object.entries(cases)) expect(expand(text), text).toBe(expected);
  });

  it('[MC2] leave everything else byte for byte', () => {
    for (const text of [
      '{{unknown}} {{unknown:a,b}}',
      '{{char',
      'char}}',
      '{{ }}',
      '{char}',
      '{{roll:x}} {{roll:}} {{roll:0}} {{roll:0d6}} {{roll:100d6}} {{roll}} {{roll me}}',
      '\\, , {{',
      '<b>',
    ]) {
      expect(expand(text)).toBe(text);
    }
    expect(expand('{{original}}', { original: undefined as never })).toBe('');
  });

  it('[MC3] choose among their parts, with commas that are escaped; the same for the same seed', () => {
    const seen = new Set(Array.from({ length: 200 }, (_, index) => expand('{{random:a,b\\,c,{{char}} d}}', { seed: `m${index}` })));
    expect([...seen].toSorted()).toEqual(['Sarah d', 'a', 'b,c']);
    expect(expand('{{random::x::y,z}}', { seed: 'q' })).toMatch(/^(x|y,z)$/);
    // The specification writes it so itself.
    const doubled = Array.from({ length: 200 }, (_, index) => expand('{{pick::Hello,Hi,a\\,b}}', { pickSeed: `c${index}` }));
    expect([...new Set(doubled)].toSorted()).toEqual(['Hello', 'Hi', 'a,b']);
    const many = '{{random:1,2,3,4,5,6,7,8}}'.repeat(20);
    expect(expand(many)).toBe(expand(many));
    expect(expand(many)).not.toBe(expand(many, { seed: 'another' }));
    expect(new Set(expand('{{random:1,2,3,4,5,6,7,8}} '.repeat(20)).trim().split(' ')).size).toBeGreaterThan(3);
  });

  it('[MC4] a pick stays through a conversation, whatever the message', () => {
    const text = '{{pick:1,2,3,4,5,6,7,8,9}}'.repeat(10);
    const picked = expand(text);
    for (let message = 0; message < 50; message++) expect(expand(text, { seed: `m${message}` })).toBe(picked);
    expect(expand(text, { pickSeed: 'conversation-2' })).not.toBe(picked);
  });

  it('[MC5] roll within their sides', () => {
    const rolls = Array.from({ length: 500 }, (_, index) => Number(expand('{{roll:d6}}', { seed: `m${index}` })));
    expect(new Set(rolls)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(Number(expand('{{roll:20}}'))).toBeLessThanOrEqual(20);
    const thrown = (text: string) => new Set(Array.from({ length: 500 }, (_, index) => Number(expand(text, { seed: `m${index}` }))));
    expect([...thrown('{{roll:2d6}}')].toSorted((one, other) => one - other)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(thrown('{{ROLL 1d2 + 10}}')).toEqual(new Set([11, 12]));
    expect(thrown('{{roll:1d2-1}}')).toEqual(new Set([0, 1]));
  });

  it('[MC6] hide keys from the reader and not from the lorebook', () => {
    expect(expandMacros('A {{hidden_key:sword, shield}}{{HIDDEN_KEY: axe }}blade', scope)).toEqual({
      text: 'A blade',
      hiddenKeys: ['sword, shield', 'axe'],
    });
  });

  it('[MC7] never look at what they yielded', () => {
    expect(expand('{{char}} {{user}}', { char: '{{user}}', user: '{{char}}' })).toBe('{{user}} {{char}}');
    expect(expand('{{reverse:resu}}{{reverse:rahc}}')).toBe('userchar');
    expect(expand('{{original}}', { original: '{{char}} {{original}}' })).toBe('{{char}} {{original}}');
  });

  it('[MC8] take hostile text in linear time', () => {
    const shapes = [
      (n: number) => '{{'.repeat(n),
      (n: number) => '}}'.repeat(n),
      (n: number) => `${'{{reverse:'.repeat(n / 6)}x${'}}'.repeat(n / 6)}`,
      (n: number) => `{{random:${','.repeat(2 * n)}}}`,
      (n: number) => `${'{{random:{{'.repeat(n / 6)}`,
      (n: number) => '{{pick:a,b}}'.repeat(n / 6),
    ];
    for (const shape of shapes) {
      const took = (n: number) => {
        const began = performance.now();
        expand(shape(n));
        return performance.now() - began;
      };
      took(4_096);
      const [small, large] = [Math.min(took(8_192), took(8_192)), Math.min(took(65_536), took(65_536))];
      expect(large, shape(1).slice(0, 12)).toBeLessThan(10 * 8 * Math.max(small, 1));
    }
    const random = createRandom(77);
    const pieces = ['{{', '}}', ',', '\\,', 'char', 'user', 'random:', 'reverse:', 'x', '{{char}}', '//', ':'];
    let expanded = 0;
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: random.whole(1, 30) }, () => random.pick(pieces)).join('');
      if (expand(text) !== text) expanded += 1;
    }
    console.log(`macros seed=77 rounds=2000 expanded=${expanded}`);
    expect(expanded).toBeGreaterThan(500);
  });
});
