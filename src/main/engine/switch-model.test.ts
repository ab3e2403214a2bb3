/** @file One model takes over from another while somebody still listens to the first. */
import { describe, expect, it } from 'vitest';
import { createFakeModel } from '../../../test/kit/fake-model.ts';
import type { ModelChunk, ModelRequest } from './ports.ts';
import { createSwitchModel } from './switch-model.ts';

const request: ModelRequest = { model: 'm', messages: [], temperature: 1, topP: 1, contextTokens: 512, replyTokens: 10 };
const never = new AbortController().signal;

describe('a model that another takes over from', () => {
  it('[U70] the reply that runs ends with the old one, which is closed only then; the next is the new one’s, and its state is told', async () => {
    const old = createFakeModel();
    const next = createFakeModel();
    const closed: string[] = [];
    const gate = Promise.withResolvers<void>();
    const slow = {
      ...old,
      async *chat(): AsyncGenerator<ModelChunk> {
        yield { type: 'text', text: 'old ' };
        await gate.promise;
        yield { type: 'text', text: 'end' };
      },
      close: async () => void closed.push('old'),
    };
    const fresh = {
      ...next,
      status: () => ({ ...next.status(), label: 'New' }),
      async *chat(): AsyncGenerator<ModelChunk> {
        yield { type: 'text', text: 'new' };
      },
      close: async () => void closed.push('new'),
    };
    const model = createSwitchModel(slow);
    const labels: string[] = [];
    model.onStatus(({ label }) => labels.push(label));
    const running = model.chat(request, never)[Symbol.asyncIterator]();
    expect((await running.next()).value).toEqual({ type: 'text', text: 'old ' });
    model.switchTo(fresh);
    expect(labels).toEqual(['New']);
    expect(model.status().label).toBe('New');
    expect((await model.chat(request, never)[Symbol.asyncIterator]().next()).value).toEqual({ type: 'text', text: 'new' });
    expect(closed).toEqual([]);
    gate.resolve();
    expect((await running.next()).value).toEqual({ type: 'text', text: 'end' });
    expect((await running.next()).done).toBe(true);
    expect(closed).toEqual(['old']);
    await model.close();
    expect(closed).toEqual(['old', 'new']);
  });

  it('[U70] who waits until nobody is answered waits for the reply that runs, and for nothing else', async () => {
    const gate = Promise.withResolvers<void>();
    const model = createSwitchModel({
      ...createFakeModel(),
      async *chat(): AsyncGenerator<ModelChunk> {
        yield { type: 'text', text: 'a' };
        await gate.promise;
      },
    });
    await model.idle();
    const replies = [1, 2].map(() => model.chat(request, never)[Symbol.asyncIterator]());
    for (const reply of replies) await reply.next();
    let silent = false;
    const waiting = model.idle().then(() => {
      silent = true;
    });
    await replies[0]?.return?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(silent).toBe(false);
    gate.resolve();
    expect((await replies[1]?.next())?.done).toBe(true);
    await waiting;
    await model.close();
  });

  it('[U70] one that nobody uses is closed at once', async () => {
    const closed: string[] = [];
    const model = createSwitchModel({ ...createFakeModel(), close: async () => void closed.push('old') });
    model.switchTo(createFakeModel());
    expect(closed).toEqual(['old']);
    await model.close();
  });
});
