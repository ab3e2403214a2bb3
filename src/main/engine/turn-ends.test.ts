/** @file How turns end: on a full disk, and when the model thinks. */
import { describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { beginConversation as begin, ended } from '../../../test/kit/house.ts';
import type { TurnEvent } from '../../shared/events.ts';
import { Fault } from '../../shared/faults.ts';

const said = (events: TurnEvent[]) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

describe('the end of a turn', () => {
  it('[T12] tells the person where there is no room on disk, and takes the next message', async () => {
    let full = true;
    const { engine, model, store, id, heard } = await begin({
      change: (store) => ({
        ...store,
        acceptTurn(start) {
          if (full) throw new Fault('store-full', 'The disk is full; your words are still in the box, so make room and send again.');
          return store.acceptTurn(start);
        },
      }),
    });
    model.will([text('Hel'), { type: 'pause', until: new Promise<void>(() => undefined) }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await heard.until(ended);
    expect(heard.events).toEqual([
      expect.objectContaining({ type: 'turn-ended', status: 'failed', fault: expect.objectContaining({ code: 'store-full' }) }),
    ]);
    expect(heard.events[0]).not.toHaveProperty('message');
    expect(store.page(id, 50).messages.filter(({ role }) => role === 'user')).toEqual([]);
    full = false;
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'Hi' });
    expect(await heard.until((event) => ended(event) && event.turnId === 'turn-2')).toMatchObject({ status: 'complete' });
    expect(model.aborted()).toBe(1);
  });

  it('[T19] tells nothing before the disk has the words, though the request has left', async () => {
    const disk = Promise.withResolvers<void>();
    const { engine, model, id, heard, store } = await begin({
      change: (store) => ({ ...store, acceptTurn: (start) => ({ ...store.acceptTurn(start), settled: disk.promise }) }),
    });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await model.asked();
    await new Promise(setImmediate);
    expect(model.requests.length).toBe(1);
    expect(heard.events).toEqual([]);
    disk.resolve();
    await heard.until(ended);
    expect(heard.events.map(({ type, seq }) => [type, seq]).slice(0, 2)).toEqual([
      ['turn-accepted', 0],
      ['turn-stage', 1],
    ]);
    expect(store.page(id, 50).messages.at(-1)).toMatchObject({ text: 'Hello.', status: 'complete' });
  });

  it('[T19] gives the words back and lets go of the model where the disk fails them', async () => {
    const disk = Promise.withResolvers<void>();
    const { engine, model, id, heard } = await begin({
      change: (store) => ({
        ...store,
        acceptTurn: (start) => ({ ...store.acceptTurn(start), ...(start.turnId === 'turn-1' ? { settled: disk.promise } : {}) }),
      }),
    });
    model.will([text('Hel'), { type: 'pause', until: new Promise<void>(() => undefined) }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'Are you there?' });
    await model.asked();
    disk.reject(new Fault('store-failed', 'The disk failed; send it again.'));
    await heard.until((event) => ended(event) && event.turnId === 'turn-2');
    expect(heard.events.filter(({ turnId }) => turnId === 'turn-1')).toEqual([
      expect.objectContaining({ type: 'turn-ended', status: 'failed', fault: expect.objectContaining({ code: 'store-failed' }) }),
    ]);
    expect(heard.events[0]).not.toHaveProperty('message');
    expect(model.aborted()).toBe(1);
  });

  it('[T57] says that a reply is over when the disk has it, and says then what was written', async () => {
    const disk = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const { engine, store, id, heard } = await begin({
      change: (store) => ({
        ...store,
        settled() {
          written.resolve();
          return disk.promise;
        },
      }),
    });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await written.promise;
    await new Promise(setImmediate);
    expect(heard.events.filter(ended)).toEqual([]);
    engine.stopTurn('turn-1');
    disk.resolve();
    expect(await heard.until(ended)).toMatchObject({ status: 'complete', message: { status: 'complete' } });
    expect(store.page(id, 50).messages.at(-1)).toMatchObject({ status: 'complete' });
  });

  it('[T58] that is begun the moment another ends runs alone: what comes next waits for it', async () => {
    const { engine, model, id, heard } = await begin();
    const second = Promise.withResolvers<void>();
    model.will([text('One.'), done()]);
    model.will([text('Two'), { type: 'pause', until: second.promise }, text('.'), done()]);
    model.will([text('Three.'), done()]);
    const off = engine.follow(id, (event) => {
      if (!ended(event)) return;
      off();
      engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'More' });
    });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await heard.until((event) => event.type === 'text-delta' && event.turnId === 'turn-2');
    engine.startTurn({ turnId: 'turn-3', conversationId: id, text: 'And more' });
    expect(engine.attach(id, () => undefined).snapshot).toMatchObject({ live: { turnId: 'turn-2' }, waiting: [{ turnId: 'turn-3' }] });
    expect(model.requests).toHaveLength(2);
    second.resolve();
    await heard.until((event) => ended(event) && event.turnId === 'turn-3');
    expect(JSON.stringify(model.requests[2]?.messages)).toContain('Two.');
  });

  it('[T56] shows nothing of a turn that the store has not taken yet, and tells of it then', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([{ type: 'pause', until: new Promise<void>(() => undefined) }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    const types: string[] = [];
    const { snapshot } = engine.attach(id, ({ type }) => types.push(type));
    expect(snapshot.live).toBeUndefined();
    expect(snapshot.messages.filter(({ role }) => role === 'user')).toEqual([]);
    await heard.until(({ type }) => type === 'turn-accepted');
    expect(types).toEqual(['turn-accepted']);
    expect(engine.attach(id, () => undefined).snapshot).toMatchObject({ live: { turnId: 'turn-1', userMessage: { text: 'Hi' } } });
    engine.stopTurn('turn-1');
    await heard.until(ended);
  });

  it('[T13] shows the whole reply even where its end could not be written', async () => {
    const { engine, id, heard } = await begin({
      change: (store) => ({
        ...store,
        finishTurn() {
          throw new Fault('store-full', 'The disk is full.');
        },
      }),
    });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({ status: 'failed', fault: { code: 'store-full' }, message: { text: 'Hello.' } });
  });

  it('[T14] keeps thoughts out of the reply and out of the next prompt', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([text('<think>She is'), text(' glad.</think>\n\nGood.'), done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'I won!' });
    expect(await heard.until(ended)).toMatchObject({ message: { text: 'Good.', thinking: 'She is glad.' } });
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'And now?' });
    await heard.until((event) => ended(event) && event.turnId === 'turn-2');
    expect(JSON.stringify(model.requests[1]?.messages)).not.toContain('She is glad');
    expect(said(heard.events.filter(({ turnId }) => turnId === 'turn-1'))).toBe('Good.');
  });

  it('[T15] fails in words where the model only thought, asked again too', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([text('<think>on and on'), done()]);
    model.will([done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({
      status: 'failed',
      fault: { code: 'model-failed' },
      message: { thinking: 'on and on' },
    });
  });

  it('[T55] that fails before anybody heard of recall’s own failure ends the turn alone, not the program', async () => {
    const broken = Promise.withResolvers<never>();
    const memory = { recall: () => broken.promise };
    const { engine, id, heard } = await begin({ memory, generation: { contextTokens: 512 } });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'word '.repeat(2_000) });
    expect(await heard.until(ended)).toMatchObject({ status: 'failed', fault: { code: 'prompt-too-large' } });
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => unheard.push(reason);
    process.once('unhandledRejection', listen);
    broken.reject(new Error('recall broke'));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    process.off('unhandledRejection', listen);
    expect(unheard).toEqual([]);
  });
});
