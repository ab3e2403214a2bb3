/** @file Whole turns through the engine. */
import { describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { beginConversation as begin, ended } from '../../../test/kit/house.ts';
import type { TurnEvent } from '../../shared/events.ts';
import { Fault } from '../../shared/faults.ts';

const gate = () => {
  let open = () => {};
  const until = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { until, open };
};

describe('a turn', () => {
  it('[T1] is accepted on disk, streamed in order without gaps, and ends on disk', async () => {
    const { engine, store, model, id, heard } = await begin();
    model.will([text('Hello'), text(' you.'), done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi Sarah' });
    const last = await heard.until(ended);
    expect(heard.events.map(({ type }) => type)).toEqual(['turn-accepted', 'turn-stage', 'text-delta', 'text-delta', 'turn-ended']);
    expect(heard.events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
    expect(last).toMatchObject({ status: 'complete', message: { text: 'Hello you.', status: 'complete' } });
    expect(store.page(id, 50).messages.map(({ role, text: words, status }) => [role, words, status])).toEqual([
      ['assistant', expect.stringContaining('Sarah'), 'complete'],
      ['user', 'Hi Sarah', 'complete'],
      ['assistant', 'Hello you.', 'complete'],
    ]);
  });

  it('[T2] has its words on disk before anything is heard of it', async () => {
    const { engine, store, id, heard } = await begin();
    let seen = '';
    engine.attach(id, (event) => {
      if (event.type === 'turn-accepted') seen = store.message(event.userMessage.id)?.text ?? '';
    });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Written first' });
    await heard.until(ended);
    expect(seen).toBe('Written first');
  });

  it('[T3] is the same turn when it is sent again', async () => {
    const { engine, store, model, id, heard } = await begin();
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Once' });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Once' });
    await heard.until(ended);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Once' });
    expect(model.requests).toHaveLength(1);
    expect(store.page(id, 50).messages.filter(({ role }) => role === 'user')).toHaveLength(1);
    expect(heard.events.at(-1)).toMatchObject({ type: 'turn-ended', status: 'complete' });
  });

  it('[T4] waits for the one before it, and answers after it', async () => {
    const { engine, model, id, heard } = await begin();
    const first = gate();
    model.will([text('One.'), { type: 'pause', until: first.until }, done()]);
    model.will([text('Two.'), done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'First' });
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'Second' });
    await heard.until(({ type }) => type === 'text-delta');
    expect(engine.attach(id, () => {}).snapshot).toMatchObject({
      live: { turnId: 'turn-1', text: 'One.' },
      waiting: [{ turnId: 'turn-2', text: 'Second' }],
    });
    first.open();
    await heard.until((event) => ended(event) && event.turnId === 'turn-2');
    expect(model.requests[1]?.messages.slice(-3).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('[T5] refuses the ninth that would wait, and keeps the rest', async () => {
    const { engine, model, id, heard } = await begin();
    const first = gate();
    model.will([{ type: 'pause', until: first.until }, text('One.'), done()]);
    for (let turn = 0; turn <= 8; turn++) engine.startTurn({ turnId: `turn-${turn}`, conversationId: id, text: 'More' });
    expect(() => engine.startTurn({ turnId: 'turn-9', conversationId: id, text: 'More' })).toThrow(
      expect.objectContaining({ code: 'too-many-requests' }),
    );
    first.open();
    await heard.until((event) => ended(event) && event.turnId === 'turn-8');
    expect(heard.events.filter(ended)).toHaveLength(9);
  });

  it('[T6] stops when asked, keeps what was written, and lets go of the model', async () => {
    const { engine, store, model, id, heard } = await begin();
    model.will([text('Half a'), { type: 'pause', until: new Promise(() => {}) }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Go on' });
    await heard.until(({ type }) => type === 'text-delta');
    engine.stopTurn('turn-1');
    expect(await heard.until(ended)).toMatchObject({ status: 'stopped', message: { text: 'Half a' } });
    expect(store.page(id, 50).messages.at(-1)).toMatchObject({ text: 'Half a', status: 'stopped' });
    expect(model.aborted()).toBe(1);
  });

  it('[T7] keeps what was said when the model dies mid-sentence, and the next turn works', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([text('Once upon'), { type: 'throw', error: new Fault('model-crashed', 'The engine ended.') }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'A story' });
    expect(await heard.until(ended)).toMatchObject({
      status: 'failed',
      fault: { code: 'model-crashed' },
      message: { text: 'Once upon', status: 'failed' },
    });
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'Again' });
    expect(await heard.until((event) => ended(event) && event.turnId === 'turn-2')).toMatchObject({ status: 'complete' });
  });

  it('[T8] never shows the words of an error it did not expect', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([{ type: 'throw', error: new TypeError('secret words at /home/somebody') }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    const last = await heard.until(ended);
    expect(last).toMatchObject({ status: 'failed', fault: { code: 'internal' } });
    expect(JSON.stringify(last)).not.toContain('secret');
  });

  it('[T9] answers a message once more beside the old reply', async () => {
    const { engine, store, model, id, heard } = await begin();
    model.will([text('One.'), done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await heard.until(ended);
    const user = store.page(id, 50).messages.find(({ role }) => role === 'user');
    model.will([text('Two.'), done()]);
    engine.retryTurn({ turnId: 'turn-2', conversationId: id, userMessageId: user?.id ?? '' });
    await heard.until((event) => ended(event) && event.turnId === 'turn-2');
    expect(store.page(id, 50).messages.at(-1)).toMatchObject({ text: 'Two.', sibling: { position: 2, count: 2 } });
    expect(model.requests[1]?.messages).toEqual(model.requests[0]?.messages);
  });

  it('[T10] saves partial text after a second at the latest, and again what came after it', async () => {
    const { engine, store, model, clock, id, heard } = await begin();
    const second = gate();
    const third = gate();
    model.will([
      text('Some words'),
      { type: 'pause', until: second.until },
      text(' and more'),
      { type: 'pause', until: third.until },
      text('\n</think>\nAfter all'),
      { type: 'pause', until: new Promise(() => {}) },
    ]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    const saved = async (deltas: number) => {
      await expect.poll(() => heard.events.filter(({ type }) => type === 'text-delta').length, { interval: 1 }).toBe(deltas);
      clock.advance(1_000);
      return store.page(id, 50).messages.at(-1);
    };
    await heard.until(({ type }) => type === 'turn-accepted');
    expect(store.page(id, 50).messages.at(-1)?.text).toBe('');
    expect(await saved(1)).toMatchObject({ text: 'Some words', status: 'writing' });
    second.open();
    expect(await saved(2)).toMatchObject({ text: 'Some words and more', status: 'writing' });
    third.open();
    expect(await saved(4)).toMatchObject({ text: 'After all', thinking: 'Some words and more\n', status: 'writing' });
    engine.stopTurn('turn-1');
    await heard.until(ended);
    // What is left is the silence after which something may be learnt, and the removal of what was deleted before the start.
    expect(clock.timers()).toBe(2);
  });

  it('[T11] compiles once more when the server finds the prompt too long, and learns from it', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([{ type: 'throw', error: new Fault('context-overflow', 'Too long.', { promptTokens: 2_500 }) }]);
    model.will([text('Fits.'), done(2_000)]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({ status: 'complete', message: { text: 'Fits.' } });
    expect(model.requests).toHaveLength(2);
  });

  it('[T16] is stopped with its words kept when the program closes, waiting ones too', async () => {
    const { engine, store, model, id, heard } = await begin();
    model.will([text('Half'), { type: 'pause', until: new Promise(() => {}) }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'First' });
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'Second' });
    await heard.until(({ type }) => type === 'text-delta');
    await engine.close();
    expect(
      store
        .page(id, 50)
        .messages.slice(1)
        .map((message) => [message.text, message.status]),
    ).toEqual([
      ['First', 'complete'],
      ['Half', 'stopped'],
      ['Second', 'complete'],
      ['', 'stopped'],
    ]);
    expect(() => engine.startTurn({ turnId: 'turn-3', conversationId: id, text: 'Third' })).toThrow(
      expect.objectContaining({ code: 'shutting-down' }),
    );
  });

  it('[T17] hands every listener the same events, whatever one of them does', async () => {
    const { engine, id, heard, logged } = await begin();
    engine.attach(id, () => {
      throw new Error('broken listener');
    });
    const second = { events: [] as TurnEvent[] };
    engine.attach(id, (event) => second.events.push(event));
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await heard.until(ended);
    expect(second.events).toEqual(heard.events);
    expect(logged.some(({ event }) => event === 'listener-failed')).toBe(true);
  });

  it('[T18] begins each prompt with the one before it', async () => {
    const { engine, model, id, heard } = await begin();
    for (let turn = 0; turn < 6; turn++) {
      engine.startTurn({ turnId: `turn-${turn}`, conversationId: id, text: `Message ${turn}` });
      await heard.until((event) => ended(event) && event.turnId === `turn-${turn}`);
    }
    const prompts = model.requests.map(({ messages }) => messages);
    for (const [index, prompt] of prompts.slice(1).entries()) {
      const before = prompts[index] ?? [];
      expect(prompt.slice(0, before.length)).toEqual(before);
    }
  });
});
