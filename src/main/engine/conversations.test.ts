/** @file Conversations through the engine, and the opening that is read before anybody speaks. */
import { describe, expect, it } from 'vitest';
import { beginConversation as begin, createTestHouse, ended } from '../../../test/kit/house.ts';
import { Fault } from '../../shared/faults.ts';
import { createBuiltInCharacters } from '../adapters/characters/built-in.ts';
import { createIds } from '../adapters/log/system-clock.ts';
import { createNoLibrary } from './cards/no-library.ts';
import type { Clock } from './ports.ts';

const settle = async () => {
  for (let step = 0; step < 20; step++) await new Promise((resolve) => setImmediate(resolve));
};

describe('warm-up', () => {
  it('[T25] reads the opening of a new conversation when the embedded engine is ready, and makes way for a turn', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([{ type: 'pause', until: new Promise(() => {}) }]);
    model.setStatus({ engine: 'embedded' });
    await expect.poll(() => model.requests.length).toBe(1);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({ status: 'complete' });
    expect(model.aborted()).toBe(1);
    expect(model.requests[0]).toMatchObject({ replyTokens: 1 });
    expect(model.requests[0]?.messages[0]).toEqual(model.requests[1]?.messages[0]);
  });

  it('[T25] is begun no more once it was called off, by a person or by the end, though the engine has come back meanwhile', async () => {
    for (const callOff of ['speak', 'close'] as const) {
      const { engine, model, id, heard } = await begin();
      model.will([{ type: 'pause', until: new Promise(() => {}) }]);
      model.setStatus({ engine: 'embedded' });
      await expect.poll(() => model.requests.length).toBe(1);
      model.setStatus({ state: 'loading' });
      model.setStatus({ state: 'ready' });
      if (callOff === 'close') await engine.close();
      else {
        engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
        await heard.until(ended);
      }
      await settle();
      expect(model.requests.map(({ replyTokens }) => replyTokens === 1)).toEqual(callOff === 'close' ? [true] : [true, false]);
    }
  });

  it('[T59] the opening is put together once on any other engine, and the model is asked for nothing', async () => {
    const built = createBuiltInCharacters();
    let found = 0;
    const find: typeof built.find = (...asked) => {
      found += 1;
      return built.find(...asked);
    };
    const library = (clock: Clock) => createNoLibrary({ ...built, find }, { clock, ids: createIds() });
    const { model } = createTestHouse({ library });
    for (const state of ['loading', 'ready', 'loading', 'ready'] as const) {
      model.setStatus({ state });
      await settle();
    }
    expect([found, model.requests.length]).toEqual([1, 0]);
  });
});

describe('conversations', () => {
  it('[T30] are hidden when deleted, come back when restored, and are gone after half a minute', async () => {
    const { engine, store, clock, id } = await begin();
    engine.deleteConversation(id);
    expect(() => engine.conversation(id)).toThrow(expect.objectContaining({ code: 'conversation-not-found' }));
    expect(engine.restoreConversation(id).id).toBe(id);
    engine.deleteConversation(id);
    clock.advance(31_000);
    // What was begun is finished first.
    await engine.close();
    expect(store.conversation(id)).toBeUndefined();
    expect(() => engine.restoreConversation(id)).toThrow(Fault);
  });

  it('[T31] of a pair are found again, and made where there is none', async () => {
    const { engine } = await begin();
    const made = await engine.conversationOf('somebody', 'default');
    expect((await engine.conversationOf('somebody', 'default')).id).toBe(made.id);
    await expect(engine.conversationOf('somebody', 'nobody')).rejects.toMatchObject({ code: 'character-not-found' });
  });
});
