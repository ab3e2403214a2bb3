/** @file Thinking before an answer: on, off, short, ended when it is too long, and asked again when nothing comes of it. */
import { describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { beginConversation, ended } from '../../../test/kit/house.ts';
import type { Generation, ModelChunk } from './ports.ts';
import { thinkingFor, thoughtLimit } from './thinking.ts';

const thought = (words: string): ModelChunk => ({ type: 'thinking', text: words });
const atLength: ModelChunk = { type: 'done', finish: 'length', usage: { promptTokens: 100, replyTokens: 24 } };
const native = { name: 'qwen3:8b', thinking: true };
const tags = { name: 'deepseek-r1:8b', thinking: false };

async function house(description: { name: string; thinking: boolean; continues?: boolean }, generation: Partial<Generation> = {}) {
  const made = await beginConversation({ generation });
  made.model.describeAs(description);
  const say = async () => {
    made.engine.startTurn({ turnId: 'turn-1', conversationId: made.id, text: 'Well?' });
    return made.heard.until(ended);
  };
  return { ...made, say };
}

describe('how a model is asked', () => {
  it('[TH1] native models by their switch, others not at all; the R1 family by what its server understands', async () => {
    const describe_ = { label: '', contextTokens: 8192, family: '' };
    const asked = (description: object, choice: 'model' | 'on' | 'off' | 'short') =>
      thinkingFor({ ...describe_, ...(description as typeof native) }, choice);
    expect((['model', 'on', 'short', 'off'] as const).map((choice) => asked(native, choice).think)).toEqual([undefined, true, true, false]);
    expect(asked({ name: 'llama3:8b', thinking: false }, 'off')).toEqual({ think: undefined, opensThought: false, words: '', after: [] });
    expect(asked(tags, 'on')).toMatchObject({ think: undefined, opensThought: true, after: [] });
    expect(asked(tags, 'off')).toMatchObject({ opensThought: true, words: expect.stringContaining('without thinking') });
    expect(asked({ ...tags, continues: true }, 'off')).toMatchObject({ opensThought: false, words: '', after: [{ role: 'assistant' }] });
    expect(asked({ ...native, name: 'deepseek-r1:8b' }, 'off')).toMatchObject({ think: false, words: expect.stringContaining('without') });
  });

  it('[TH6] a reply begins inside a thought where the template opens one, whatever the model is called; where it does not, it begins with words', () => {
    const base = { label: '', contextTokens: 8192, family: '' };
    const opens = (description: object, choice: 'model' | 'off' = 'model') =>
      thinkingFor({ ...base, ...(description as typeof native) }, choice).opensThought;
    expect([opens(tags), opens({ ...tags, opensThought: true }), opens({ ...tags, opensThought: false })]).toEqual([true, true, false]);
    expect(opens({ ...tags, opensThought: false }, 'off')).toBe(false);
    expect(thinkingFor({ ...base, ...tags, opensThought: false }, 'off').words).toContain('without thinking');
    const other = { name: 'qwq:32b', thinking: false };
    expect([opens(other), opens({ ...other, opensThought: true }), opens({ ...other, opensThought: true }, 'off')]).toEqual([
      false,
      true,
      true,
    ]);
    expect(opens({ ...native, opensThought: true })).toBe(false);
  });

  it('[TH1] the choice for all reaches the request, and what is sent is what the inspector shows', async () => {
    for (const [choice, think] of [
      ['on', true],
      ['off', false],
    ] as const) {
      const { say, model, engine, store, id } = await house(native, { thinking: choice });
      await say();
      expect(model.requests[0]?.think).toBe(think);
      const reply = store.page(id, 9).messages.at(-1);
      expect(engine.explainReply(reply?.id ?? '')).toMatchObject({
        faithful: 'exact',
        messages: model.requests[0]?.messages,
        sampling: { think },
      });
    }
    const { say, model } = await house(native);
    await say();
    expect(model.requests[0]).not.toHaveProperty('think');
  });
});

describe('a thought without an answer', () => {
  it('[TH2] native or in tags, the answer is asked for once more, without thinking; the thought is shown and never sent', async () => {
    for (const description of [native, tags, { ...tags, continues: true }]) {
      const { say, model, heard, engine, id } = await house(description);
      const first = description.thinking ? [thought('I wonder.'), atLength] : [text('<think>I wonder.'), atLength];
      const second = description.thinking ? [text('Yes.'), done()] : [text(description === tags ? '</think>Yes.' : 'Yes.'), done()];
      model.will(first);
      model.will(second);
      const end = await say();
      expect(end).toMatchObject({ status: 'complete', message: { text: 'Yes.', thinking: 'I wonder.' } });
      expect(end).toMatchObject({ message: { report: { warnings: [expect.stringContaining('once more')] } } });
      expect(model.requests).toHaveLength(2);
      expect(JSON.stringify(model.requests)).not.toContain('I wonder');
      if (description.thinking) expect(model.requests[1]?.think).toBe(false);
      const said = heard.events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
      expect(said).toBe('Yes.');
      engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'And?' });
      await heard.until((event) => ended(event) && event.turnId === 'turn-2');
      expect(JSON.stringify(model.requests[2])).not.toContain('I wonder');
    }
  });

  it('[TH2] asks once and no more', async () => {
    const { say, model } = await house(native);
    model.will([thought('I wonder.'), atLength]);
    model.will([thought('Still.'), atLength]);
    expect(await say()).toMatchObject({ status: 'failed', fault: { code: 'model-failed', message: /thought, but wrote no reply/ } });
    expect(model.requests).toHaveLength(2);
  });
});

describe('a thought that is too long', () => {
  it('[TH3] is ended, and the answer asked for', async () => {
    const { say, model } = await house(native, { thoughtTokens: 64 });
    model.will([...Array.from({ length: 100 }, () => thought('and on ')), { type: 'pause', until: new Promise(() => {}) }]);
    model.will([text('Yes.'), done()]);
    const end = await say();
    expect(end).toMatchObject({
      status: 'complete',
      message: { text: 'Yes.', report: { warnings: [expect.stringContaining('too long')] } },
    });
    expect(model.aborted()).toBe(1);
    expect(model.requests[1]?.think).toBe(false);
  });

  it('[TH3] leaves words their room, and is shorter where that is asked for', () => {
    expect(thoughtLimit('on', { thoughtTokens: 1_000 }, 4_000)).toBe(1_000);
    expect(thoughtLimit('on', { thoughtTokens: 1_000 }, 400)).toBe(300);
    expect(thoughtLimit('short', { thoughtTokens: 1_000 }, 4_000)).toBe(256);
  });

  it('[TH3] an answer after a thought is never cut, however long it is', async () => {
    const { say, model } = await house(native, { thoughtTokens: 64 });
    model.will([thought('Hm.'), text('word '.repeat(2_000)), done()]);
    expect(await say()).toMatchObject({ message: { text: 'word '.repeat(2_000) } });
    expect(model.requests).toHaveLength(1);
  });
});
