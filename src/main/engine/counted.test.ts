/** @file What a prompt is expected to take, from what the ones before it took. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../test/kit/random.ts';
import { createCounted } from './counted.ts';
import type { ModelMessage } from './ports.ts';
import { MESSAGE_OVERHEAD } from './tokens.ts';

/** A tokenizer that makes a fifth more of a card than of talk, as those of small models do. */
const countOf = (messages: readonly ModelMessage[]): number =>
  messages.reduce((sum, { role, content }) => sum + MESSAGE_OVERHEAD + Math.round(content.length * (role === 'system' ? 0.28 : 0.23)), 0);

describe('what a prompt is expected to take', () => {
  it('[TK1] is within 3 % from the third turn on, after half of the talk went too: 200 turns', () => {
    const random = createRandom(61);
    const counted = createCounted();
    const prose = (most: number) =>
      Array.from({ length: random.whole(20, most) }, () => random.pick(['rain', 'and', 'harbour', 'Anna,', 'bread.'])).join(' ');
    const system: ModelMessage = { role: 'system', content: prose(900).repeat(4) };
    let talk: ModelMessage[] = [];
    let [worst, went] = [0, 0];
    for (let turn = 0; turn < 200; turn++) {
      talk.push({ role: 'user', content: prose(120) });
      if (talk.length > 24) {
        talk = talk.slice(-11);
        went += 1;
      }
      const prompt = { model: 'm', messages: [system, ...talk] };
      const tokens = countOf(prompt.messages);
      const expected = counted.expect('c', prompt);
      if (turn >= 2) worst = Math.max(worst, Math.abs((expected ?? 0) - tokens) / tokens);
      counted.note('c', prompt, tokens);
      talk.push({ role: 'assistant', content: prose(60) });
    }
    console.log(`counted seed=61 turns=200 cut=${went} worst=${(100 * worst).toFixed(2)} %`);
    expect(went).toBeGreaterThan(5);
    expect(worst).toBeLessThan(0.03);
  });

  it('[TK2] is not known of another conversation or for another model', () => {
    const counted = createCounted();
    const prompt = { model: 'm', messages: [{ role: 'user' as const, content: 'Some words about rain.' }] };
    expect(counted.expect('c', prompt)).toBeUndefined();
    counted.note('c', prompt, 12);
    expect(counted.expect('c', prompt)).toBe(12);
    expect(counted.expect('d', prompt)).toBeUndefined();
    expect(counted.expect('c', { ...prompt, model: 'n' })).toBeUndefined();
  });

  it('[TK3] is not led astray by a server that counts nonsense', () => {
    const counted = createCounted();
    const words = (count: number) => ({ model: 'm', messages: [{ role: 'user' as const, content: 'word '.repeat(count) }] });
    counted.note('c', words(100), 110);
    counted.note('c', words(200), 90);
    counted.note('c', words(300), 90_000);
    expect(counted.expect('c', words(301))).toBeGreaterThan(90_000);
    expect(counted.expect('c', words(310))).toBeLessThan(95_000);
  });
});
