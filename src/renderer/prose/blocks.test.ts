import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../test/kit/random.ts';
import { type Blocks, noBlocks, splitBlocks } from './blocks.ts';

const everything = [
  '# Head',
  'A paragraph\nof two lines.',
  '- one\n- two\n  - inside\n\n  still two',
  '1. first\n2. second',
  '```ts\nconst a = `x`;\n\n# no head\n```',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '> quoted\nlazily',
  '    indented code',
  '---',
  'Under\n===',
  '<b>html</b>\ntext',
  '~~~\nnever closed\n\nstill code',
].join('\n\n');

const shape = (blocks: Blocks) => blocks.all.map(({ key, source, code }) => ({ key, source, code }));
const grow = (text: string, cuts: readonly number[]) =>
  [...cuts, text.length].reduce((known, cut) => splitBlocks(known, text.slice(0, cut)), noBlocks);

describe('blocks', () => {
  it('[W12] a text that grew letter by letter ends in the same blocks as the whole at once', () => {
    const letters = Array.from({ length: everything.length }, (_, index) => index);
    expect(shape(grow(everything, letters))).toEqual(shape(splitBlocks(noBlocks, everything)));
  });

  it('[W12] whatever the pieces it came in', () => {
    const seed = 12;
    const random = createRandom(seed);
    const runs = process.env['TEST_LONG'] ? 5_000 : 500;
    const whole = shape(splitBlocks(noBlocks, everything));
    let frozen = 0;
    for (let run = 0; run < runs; run++) {
      const cuts = Array.from({ length: random.whole(1, 12) }, () => random.whole(0, everything.length)).sort((a, b) => a - b);
      const grown = grow(everything, cuts);
      expect(shape(grown), `seed ${seed}, cuts ${cuts}`).toEqual(whole);
      frozen += grown.finished;
    }
    expect(frozen).toBeGreaterThan(runs);
    console.log(`[W12] blocks: seed ${seed}, ${runs} runs`);
  });

  it('[W12] no letter is lost: the blocks and what lies between them are the text', () => {
    const { all } = splitBlocks(noBlocks, everything);
    for (const [index, block] of all.entries()) {
      expect(everything.slice(block.key, block.key + block.source.length)).toBe(block.source);
      expect(everything.slice(block.key + block.source.length, all[index + 1]?.key ?? everything.length).trim()).toBe('');
    }
  });

  it('[W12] finished blocks stay the same objects while the text grows', () => {
    const before = splitBlocks(noBlocks, 'One.\n\nTwo.\n\nThree.\n\nFour');
    const after = splitBlocks(before, 'One.\n\nTwo.\n\nThree.\n\nFour goes on.');
    expect(before.finished).toBe(2);
    expect(after.all.slice(0, 3).every((block, index) => block === before.all[index])).toBe(true);
    expect(after.all[3]).not.toBe(before.all[3]);
  });

  it('[W12] a long list is finished in pieces while its end is written', () => {
    const list = Array.from({ length: 90 }, (_, index) => `${index + 1}. item ${index + 1}`).join('\n');
    const blocks = splitBlocks(noBlocks, list);
    expect(blocks.all.map((block) => block.source).join('')).toBe(list);
    expect(blocks.finished).toBe(3);
    expect(blocks.all[1]?.source.startsWith('21. ')).toBe(true);
  });

  it('[W12] a text that is another one begins anew', () => {
    const blocks = splitBlocks(splitBlocks(noBlocks, 'One.\n\nTwo.\n\nThree.'), 'Else.');
    expect(shape(blocks)).toEqual([{ key: 0, source: 'Else.', code: undefined }]);
  });

  it('[W12] code knows its language and whether it is closed', () => {
    const code = (text: string) => splitBlocks(noBlocks, text).all[0]?.code;
    expect(code('```ts\na')).toEqual({ text: 'a', language: 'ts', closed: false });
    expect(code('```ts\na\n```')).toEqual({ text: 'a', language: 'ts', closed: true });
    expect(code('````\n```\n```')?.closed).toBe(false);
    expect(code('~~~ python numbered\na\n~~~')).toEqual({ text: 'a', language: 'python', closed: true });
    expect(code('```')?.closed).toBe(false);
  });
});
