/** @file Requests that nobody waits for: when they run, what they send, and how they make way. */

import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { createFakeModel, done, text } from '../../../test/kit/fake-model.ts';
import { createFixedSettings } from '../../../test/kit/fixed-settings.ts';
import { beginConversation, ended } from '../../../test/kit/house.ts';
import { noMemory } from '../../../test/kit/no-memory.ts';
import { silentLog } from '../../../test/kit/silent-log.ts';
import { BACKGROUND_AFTER_MS } from '../../shared/limits.ts';
import { createBuiltInCharacters } from '../adapters/characters/built-in.ts';
import { createIds } from '../adapters/log/system-clock.ts';
import { type BackgroundTask, createBackground } from './background.ts';

/** A conversation of two turns, and a background over its store with a model and a clock of its own. */
async function open() {
  const house = await beginConversation({ generation: { contextTokens: 2_048, maxTokens: 256 } });
  for (const turnId of ['t1', 't2']) {
    house.engine.startTurn({ turnId, conversationId: house.id, text: `Words of ${turnId}.` });
    await house.heard.until((event) => ended(event) && event.turnId === turnId);
  }
  const model = createFakeModel();
  const clock = createFakeClock();
  const state = { busy: false };
  const characters = createBuiltInCharacters();
  const ports = {
    model,
    clock,
    characters,
    store: house.store,
    memory: noMemory,
    ids: createIds(),
    log: silentLog,
    settings: createFixedSettings({ contextTokens: 2_048 }),
  };
  const background = createBackground(ports, () => state.busy);
  const taken: string[] = [];
  const task = (name: string, more: Partial<BackgroundTask> = {}): BackgroundTask => ({
    name,
    conversationId: house.id,
    ask: () => ({ instruction: `Do ${name}.`, replyTokens: 200 }),
    take: (reply) => void taken.push(reply),
    ...more,
  });
  const idle = async () => {
    clock.advance(BACKGROUND_AFTER_MS);
    await settle();
  };
  return { ...house, background, own: model, clock, state, taken, task, idle };
}
const settle = async () => {
  for (let step = 0; step < 20; step++) await new Promise((resolve) => setImmediate(resolve));
};

describe('background requests', () => {
  it('[BG1] are the conversation’s own prompt and one last message, with the same runner options', async () => {
    const { background, own, model, task, idle, taken } = await open();
    own.will([text('A summary.'), done()]);
    background.offer(task('summary', { ask: () => ({ instruction: 'Sum up.', replyTokens: 200, format: { type: 'object' } }) }));
    await idle();
    const before = model.requests.at(-1);
    const [request] = own.requests;
    expect(request?.messages.slice(0, before?.messages.length)).toEqual(before?.messages);
    expect(request?.messages.slice(before?.messages.length)).toEqual([
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Sum up.' },
    ]);
    expect(request).toMatchObject({
      contextTokens: before?.contextTokens,
      model: before?.model,
      replyTokens: 200,
      format: { type: 'object' },
    });
    expect(taken).toEqual(['A summary.']);
  });

  it('[BG2] wait for twenty seconds in which nobody speaks or is answered', async () => {
    const { background, own, clock, state, task, idle } = await open();
    background.offer(task('notes'));
    clock.advance(BACKGROUND_AFTER_MS - 1);
    background.stir();
    clock.advance(BACKGROUND_AFTER_MS - 1);
    state.busy = true;
    await idle();
    expect(own.requests).toHaveLength(0);
    state.busy = false;
    background.stir();
    await idle();
    expect(own.requests).toHaveLength(1);
  });

  it('[BG2] wait as long after a clock that was put back', async () => {
    const { background, own, clock, task, idle } = await open();
    background.offer(task('notes'));
    clock.advance(BACKGROUND_AFTER_MS - 1);
    background.stir();
    clock.jump(-3_600_000);
    clock.advance(3_600_001);
    expect(own.requests).toHaveLength(0);
    await idle();
    expect(own.requests).toHaveLength(1);
  });

  it('[BG3] let go of the model the moment a person speaks, and are asked again later', async () => {
    const { background, own, task, idle, taken } = await open();
    own.will([text('Half'), { type: 'pause', until: new Promise(() => undefined) }]);
    background.offer(task('notes'));
    await idle();
    background.stir();
    await settle();
    expect(own.aborted()).toBe(1);
    expect(taken).toEqual([]);
    own.will([text('Whole.'), done()]);
    await idle();
    expect(taken).toEqual(['Whole.']);
    await idle();
    expect(own.requests).toHaveLength(2);
  });

  it('[BG4] run one at a time, the newest of a name only, without thoughts', async () => {
    const { background, own, task, idle, taken } = await open();
    own.will([text('<think>Hm.</think>One.'), done()]);
    own.will([text('Two.'), done()]);
    background.offer(task('summary', { take: () => void taken.push('the older one') }));
    background.offer(task('summary'));
    background.offer(task('notes'));
    await idle();
    expect(taken).toEqual(['One.', 'Two.']);
    expect(own.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(['Do summary.', 'Do notes.']);
  });

  it('[BG5] never ask the starter model, nor where there is nothing to do, and a failure ends one of them alone', async () => {
    const { background, own, task, idle, taken } = await open();
    own.setStatus({ starter: true });
    background.offer(task('notes'));
    await idle();
    expect(own.requests).toHaveLength(0);
    own.setStatus({ starter: false });
    background.offer(task('nothing', { ask: () => undefined }));
    background.offer(task('elsewhere', { conversationId: 'gone' }));
    own.will([{ type: 'throw', error: new Error('broken') }]);
    own.will([text('Well.'), done()]);
    background.offer(task('titles'));
    background.stir();
    await idle();
    expect(taken).toEqual(['Well.']);
    background.close();
    background.offer(task('late'));
    await idle();
    expect(own.requests).toHaveLength(2);
  });
});
