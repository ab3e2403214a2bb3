/** @file What every implementation of the `Model` port promises, whatever answers behind it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../src/main/engine/ports.ts';
import type { ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { ask, askLong, collect, type Drained, endOf, faultOf, longPrompt, signal, until } from './model-questions.ts';

export type ModelUnderTest = {
  model: Model;
  /** A model that is there. */
  modelName: string;
  cleanup(): Promise<void>;
  /** The scripted server behind it, where there is one: then causes on the wire are checked too. */
  scripted?: ScriptedOllama;
};

export type ModelSuiteOptions = {
  /** Why it cannot run here; the reason is printed in the title. */
  skip?: string | undefined;
  /** Longest time for one of the tests, in milliseconds. */
  timeoutMs?: number;
};

/** An abort ends the call within this time (wire.md gives the whole chain a second). */
const ABORT_MS = 500;

/** Registers the suite; the factory is called twice: once for the whole suite and once for the test of `close`. */
export function registerModelSuite(name: string, factory: () => Promise<ModelUnderTest>, options: ModelSuiteOptions = {}): void {
  const title = options.skip ? `Model port: ${name} (skipped: ${options.skip})` : `Model port: ${name}`;
  describe.skipIf(options.skip !== undefined)(title, { timeout: options.timeoutMs ?? 30_000 }, () => {
    const made: { current?: ModelUnderTest } = {};
    const under = () => {
      if (!made.current) throw new Error('The factory has made no model.');
      return made.current;
    };
    beforeAll(async () => {
      made.current = await factory();
      await until(made.current.model, 'ready');
    }, options.timeoutMs ?? 60_000);
    afterAll(() => made.current?.cleanup());

    replies(under);
    aborts(under);
    refusals(under);
    knowledge(under);
    closing(factory);
  });
}

function expectWellFormed(reply: Drained): void {
  expect(reply.chunks.filter((chunk) => chunk.type === 'done')).toHaveLength(1);
  expect(reply.chunks.at(-1)?.type).toBe('done');
  for (const chunk of reply.chunks) {
    if (chunk.type === 'text' || chunk.type === 'thinking') expect(chunk.text.length).toBeGreaterThan(0);
    if (chunk.type === 'text') expect(chunk.text.isWellFormed()).toBe(true);
  }
}

function replies(under: () => ModelUnderTest): void {
  it('[M1] text comes in order, never empty, and done comes last and once', async () => {
    const { model, modelName } = under();
    const reply = await collect(model.chat(ask(modelName, 'Say hello in one sentence.'), signal()));
    expectWellFormed(reply);
    expect(reply.text.length + reply.thinking.length).toBeGreaterThan(0);
    expect(reply.done?.usage.promptTokens).toBeGreaterThan(0);
    expect(reply.done?.usage.replyTokens).toBeGreaterThan(0);
  });

  it('[M2] the limit of the reply is kept and said', async () => {
    const { model, modelName } = under();
    const request = { ...ask(modelName, 'Tell me a very long story about the sea.'), replyTokens: 6 };
    const reply = await collect(model.chat(request, signal()));
    expectWellFormed(reply);
    expect(reply.done?.finish).toBe('length');
    expect(reply.done?.usage.replyTokens).toBeLessThanOrEqual(6);
  });

  it('[M3] every script of the world goes there and comes back whole', async () => {
    const { model, modelName, scripted } = under();
    const words = 'naïve café 日本語 👩‍👩‍👧 \u0000\u2028 done';
    if (scripted) scripted.next({ kind: 'text', text: words });
    const reply = await collect(model.chat(ask(modelName, `Repeat exactly: ${words}`), signal()));
    expectWellFormed(reply);
    if (!scripted) return;
    expect(reply.text).toBe(words);
    expect(scripted.lastChat().messages.at(-1)?.content).toBe(`Repeat exactly: ${words}`);
  });

  it('[M4] replies one after the other and two at once all end', async () => {
    const { model, modelName } = under();
    const once = (words: string) => collect(model.chat(ask(modelName, words), signal()));
    expectWellFormed(await once('One word, please.'));
    expectWellFormed(await once('And another one.'));
    const both = await Promise.all([once('The first of two.'), once('The second of two.')]);
    both.forEach(expectWellFormed);
  });

  it('[M5] the start that two prompts share is not read again, where the server tells', async () => {
    const { model, modelName } = under();
    const first = ask(modelName, 'My favourite colour is green. Remember it for later, please.');
    const reply = await collect(model.chat(first, signal()));
    const second = { ...first, messages: [...first.messages] };
    second.messages.push({ role: 'assistant', content: reply.text || 'Yes.' }, { role: 'user', content: 'Which one?' });
    const answer = await collect(model.chat(second, signal()));
    const before = reply.done?.usage.promptTokens ?? 0;
    const usage = answer.done?.usage;
    expect(usage?.promptTokens).toBeGreaterThan(before);
    if (usage?.evaluatedTokens === undefined) return;
    expect(usage.evaluatedTokens).toBeLessThan(usage.promptTokens - before / 2);
  });
}

function aborts(under: () => ModelUnderTest): void {
  const expectNextWorks = async () => {
    const { model, modelName } = under();
    expectWellFormed(await collect(model.chat(ask(modelName, 'Are you still there?'), signal())));
  };

  it('[M6] a signal that has fired already ends the call before it begins', async () => {
    const { model, modelName, scripted } = under();
    const before = scripted?.chats().length;
    const fault = await faultOf(collect(model.chat(ask(modelName, 'Never mind.'), AbortSignal.abort())));
    expect(fault.code).toBe('cancelled');
    expect(scripted?.chats().length).toBe(before);
  });

  it('[M7] an abort while the prompt is read ends the call at once', async () => {
    const { model, modelName, scripted } = under();
    scripted?.next({ kind: 'hang', after: 0 });
    const control = new AbortController();
    const running = endOf(collect(model.chat(askLong(modelName, 'What was the last word?'), control.signal)));
    if (scripted) await scripted.waitFor((record) => record.path === '/api/chat' && record.endedAt === undefined);
    else await new Promise((resolve) => setTimeout(resolve, 300));
    const aborted = performance.now();
    control.abort();
    const { fault, at } = await running;
    expect(fault?.code).toBe('cancelled');
    expect(at - aborted).toBeLessThan(ABORT_MS);
    if (scripted) await scripted.waitFor((record) => record === scripted.chats().at(-1) && record.closedByClientAt !== undefined);
    await expectNextWorks();
  });

  it('[M8] an abort between two tokens ends the call at once, and the server learns of it', async () => {
    const { model, modelName, scripted } = under();
    scripted?.next({ kind: 'hang', after: 3 });
    const control = new AbortController();
    const request = { ...ask(modelName, 'Tell me a very long story about the sea.'), replyTokens: 400 };
    const marks = { aborted: 0 };
    const running = (async () => {
      for await (const chunk of model.chat(request, control.signal)) {
        if (marks.aborted > 0 || (chunk.type !== 'text' && chunk.type !== 'thinking')) continue;
        marks.aborted = performance.now();
        control.abort();
      }
    })();
    const { fault, at } = await endOf(running);
    expect(fault?.code).toBe('cancelled');
    expect(at - marks.aborted).toBeLessThan(ABORT_MS);
    if (scripted) await scripted.waitFor((record) => record === scripted.chats().at(-1) && record.closedByClientAt !== undefined);
    await expectNextWorks();
  });

  it('[M9] who stops listening stops the model', async () => {
    const { model, modelName, scripted } = under();
    scripted?.next({ kind: 'hang', after: 3 });
    const request = { ...ask(modelName, 'Count to one thousand.'), replyTokens: 400 };
    for await (const chunk of model.chat(request, signal())) if (chunk.type === 'text' || chunk.type === 'thinking') break;
    if (scripted) await scripted.waitFor((record) => record === scripted.chats().at(-1) && record.closedByClientAt !== undefined);
    await expectNextWorks();
  });
}

function refusals(under: () => ModelUnderTest): void {
  it('[M10] a model that is not there is a fault that says so', async () => {
    const { model, modelName } = under();
    const fault = await faultOf(collect(model.chat(ask('no-such-model:none', 'Hello?'), signal())));
    expect(fault.code).toBe('model-missing');
    expect((await faultOf(model.describe('no-such-model:none', signal()))).code).toBe('model-missing');
    expectWellFormed(await collect(model.chat(ask(modelName, 'And you?'), signal())));
  });

  it('[M11] a prompt that does not fit is refused, never cut', async () => {
    const { model, modelName } = under();
    const request = ask(modelName, longPrompt(6_000));
    const fault = await faultOf(collect(model.chat(request, signal())));
    expect(fault.code).toBe('context-overflow');
    if (fault.promptTokens !== undefined) expect(fault.promptTokens).toBeGreaterThan(request.contextTokens);
  });
}

function knowledge(under: () => ModelUnderTest): void {
  it('[M12] it knows what it is: name, label, context, and that it is listed', async () => {
    const { model, modelName } = under();
    const description = await model.describe(modelName, signal());
    expect(description.label.length).toBeGreaterThan(0);
    expect(description.contextTokens).toBeGreaterThanOrEqual(1024);
    const names = (await model.list(signal())).map((one) => one.name);
    expect(names).toContain(description.name);
    expect(names).toContain(model.defaultModel());
  });

  it('[M13] it is ready, and says with which model', async () => {
    const { model } = under();
    const status = await until(model, 'ready');
    expect(status.model).toBe(model.defaultModel());
    expect(status.reason.length).toBeGreaterThan(0);
    expect(status.fault).toBeUndefined();
  });

  it('[M14] loading ahead ends when the model is loaded, and at once when it is called off', async () => {
    const { model, modelName } = under();
    await model.preload(modelName, 2_048, signal());
    expect((await faultOf(model.preload(modelName, 2_048, AbortSignal.abort()))).code).toBe('cancelled');
    expectWellFormed(await collect(model.chat(ask(modelName, 'Loaded?'), signal())));
  });
}

function closing(factory: () => Promise<ModelUnderTest>): void {
  it('[M15] closing ends a reply that is under way with a fault, and may be done twice', async () => {
    const { model, modelName, scripted, cleanup } = await factory();
    try {
      await until(model, 'ready');
      scripted?.next({ kind: 'hang', after: 3 });
      const request = { ...ask(modelName, 'Tell me everything about the sea.'), replyTokens: 400 };
      const heard = Promise.withResolvers<void>();
      const running = endOf(
        (async () => {
          for await (const chunk of model.chat(request, signal())) if (chunk.type !== 'stage') heard.resolve();
        })(),
      );
      await Promise.race([heard.promise, running]);
      await model.close();
      expect(['shutting-down', 'cancelled']).toContain((await running).fault?.code);
      await model.close();
      expect((await faultOf(collect(model.chat(ask(modelName, 'Hello?'), signal())))).code).toBe('shutting-down');
    } finally {
      await cleanup();
    }
  });
}
