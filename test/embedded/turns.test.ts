/** @file The embedded engine with the real starter model: prefix, aborts, limits, and what happens when a process dies. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedModel } from '../../src/main/adapters/embedded/embedded-model.ts';
import type { ModelMessage, ModelRequest } from '../../src/main/engine/ports.ts';
import { collect, endOf, faultOf, longPrompt, signal, until } from '../contracts/model-questions.ts';
import { createHeardLog, embeddedOptions, makeEmbedded, whyNoEmbedded } from '../kit/embedded.ts';

const skip = await whyNoEmbedded();
const log = createHeardLog();
const short = 'You are Sarah, a candid companion.';
const system = `${short} ${'She likes the sea, small towns, old records and long walks in the rain. '.repeat(32)}`;

function requestOf(model: EmbeddedModel, messages: ModelMessage[], more: Partial<ModelRequest> = {}): ModelRequest {
  return { model: model.defaultModel(), messages, temperature: 0.8, topP: 0.9, contextTokens: 4_096, replyTokens: 32, seed: 11, ...more };
}

/** Alive as the system sees it; a process that has ended and waits to be asked about is not. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return false;
  try {
    return readFileSync(path, 'utf8').split(') ').at(-1)?.[0] !== 'Z';
  } catch {
    return false; // It ended between the two looks.
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

const say = (content: string, above = short): ModelMessage[] => [
  { role: 'system', content: above },
  { role: 'user', content },
];

describe.skipIf(skip !== undefined)(`embedded engine${skip ? ` (skipped: ${skip})` : ''}`, { timeout: 120_000 }, () => {
  let model: EmbeddedModel;
  const ask = (messages: ModelMessage[], more?: Partial<ModelRequest>) => collect(model.chat(requestOf(model, messages, more), signal()));

  beforeAll(async () => {
    model = makeEmbedded({ log });
    await model.prepare();
    await until(model, 'ready');
  }, 120_000);
  afterAll(() => model.close());

  it('[E1] a second and a third turn read the new message and its frame, and nothing that was read before', async () => {
    const messages = say('Hello! Who are you, and what do you like best?', system);
    let before = await ask(messages);
    expect(before.done?.usage.promptTokens).toBeGreaterThan(500);
    for (const words of ['What did you do yesterday evening?', 'Tell me more about that, with three emoji, please.']) {
      messages.push({ role: 'assistant', content: before.text }, { role: 'user', content: words });
      const next = await ask(messages);
      const usage = next.done?.usage;
      const [prompt = 0, reply = 0] = [before.done?.usage.promptTokens, before.done?.usage.replyTokens];
      const added = (usage?.promptTokens ?? 0) - prompt - reply;
      expect(added).toBeGreaterThan(0);
      expect(added).toBeLessThan(words.length / 2 + 12);
      // The last token of a reply that was cut at its limit had not been read yet.
      expect(usage?.evaluatedTokens).toBeLessThanOrEqual(added + 1);
      console.log(`[E1] read anew: ${usage?.evaluatedTokens} of ${usage?.promptTokens} tokens, ${usage?.promptMs} ms to the first token`);
      before = next;
    }
  });

  it('[E2] a change at the top is read anew, all of it', async () => {
    const reply = await ask(say('Hello!', `Today is Monday. ${system}`));
    expect(reply.done?.usage.evaluatedTokens).toBeGreaterThan(500);
  });

  it('[E3] an abort while 3,000 tokens are read ends the call and frees the engine long before they are', async () => {
    const long: ModelMessage[] = [{ role: 'user', content: `${longPrompt(1_500)}\nWhat was the last number?` }];
    expect((await faultOf(ask(long, { contextTokens: 512 }))).promptTokens).toBeGreaterThan(3_000);
    const control = new AbortController();
    const stages: string[] = [];
    const running = endOf(
      (async () => {
        for await (const chunk of model.chat(requestOf(model, long), control.signal)) {
          if (chunk.type !== 'stage') throw new Error('The prompt was read before the abort.');
          stages.push(chunk.stage);
          if (chunk.stage === 'reading') setTimeout(() => control.abort(), 500);
        }
      })(),
    );
    control.signal.addEventListener('abort', () => stages.push('aborted'));
    const { fault } = await running;
    const abortedAt = performance.now();
    expect(fault?.code).toBe('cancelled');
    expect(stages).toEqual(['reading', 'aborted']);
    const next = model.chat(requestOf(model, say('And now?')), signal())[Symbol.asyncIterator]();
    expect((await next.next()).value).toEqual({ type: 'stage', stage: 'reading' });
    const freeMs = performance.now() - abortedAt;
    await next.return?.();
    console.log(`[E3] free for the next chat ${Math.round(freeMs)} ms after the abort`);
    expect(freeMs).toBeLessThan(1_500);
  });

  it('[E4] an abort in the middle of a reply stops it within a token', async () => {
    const control = new AbortController();
    let texts = 0;
    const running = endOf(
      (async () => {
        for await (const chunk of model.chat(requestOf(model, say('Tell me a very long story.'), { replyTokens: 2_000 }), control.signal)) {
          if (chunk.type === 'text') texts += 1;
          if (texts === 3) control.abort();
        }
      })(),
    );
    expect((await running).fault?.code).toBe('cancelled');
    expect(texts).toBe(3);
    const abortedAt = performance.now();
    const stages = model.chat(requestOf(model, say('Tell me a very long story.')), signal())[Symbol.asyncIterator]();
    expect((await stages.next()).value).toEqual({ type: 'stage', stage: 'reading' });
    console.log(`[E4] free for the next chat ${Math.round(performance.now() - abortedAt)} ms after the abort`);
    expect(performance.now() - abortedAt).toBeLessThan(500);
    await stages.return?.();
  });

  it('[E5] of two chats at once the second waits in line, and can be called off while it waits', async () => {
    const ended: string[] = [];
    const first = ask(say('Count to twenty.'), { replyTokens: 60 }).then(() => ended.push('first'));
    const control = new AbortController();
    const second = endOf(collect(model.chat(requestOf(model, say('Never mind.')), control.signal)));
    const third = ask(say('One word.'), { replyTokens: 2 }).then(() => ended.push('third'));
    control.abort();
    expect((await second).fault?.code).toBe('cancelled');
    expect(ended).toEqual([]);
    await Promise.all([first, third]);
    expect(ended).toEqual(['first', 'third']);
  });

  it('[E6] a reply ends where the context is full; nothing is shifted out of it', async () => {
    const reply = await ask([{ role: 'user', content: 'Tell me a story that never ends.' }], {
      contextTokens: 96,
      replyTokens: 5_000,
      temperature: 1.5,
    });
    const usage = reply.done?.usage;
    expect(reply.done?.finish).toBe('length');
    expect((usage?.promptTokens ?? 0) + (usage?.replyTokens ?? 0)).toBe(96);
  });

  it('[E7] a prompt fits to the last token, and one that does not is refused with its true size', async () => {
    const messages: ModelMessage[] = [{ role: 'user', content: longPrompt(100) }];
    const size = (await ask(messages, { replyTokens: 1 })).done?.usage.promptTokens ?? 0;
    const fits = await ask(messages, { contextTokens: size + 1 });
    expect(fits.done?.usage.replyTokens).toBe(1);
    const fault = await faultOf(ask(messages, { contextTokens: size }));
    expect(fault.code).toBe('context-overflow');
    expect(fault.promptTokens).toBe(size);
  });

  it('[E8] another context length makes the context anew, and says that it loads', async () => {
    await ask(say('Hello!'), { contextTokens: 2_048, replyTokens: 1 });
    const kept = await ask(say('Hello!'), { contextTokens: 2_048, replyTokens: 1 });
    const changed = await ask(say('Hello!'), { contextTokens: 3_072, replyTokens: 1 });
    const stages = (reply: typeof kept) => reply.chunks.flatMap((chunk) => (chunk.type === 'stage' ? [chunk.stage] : []));
    expect(stages(kept)).toEqual(['reading']);
    expect(kept.done?.usage.evaluatedTokens).toBe(1);
    expect(stages(changed)).toEqual(['loading', 'reading']);
    expect(changed.done?.usage.evaluatedTokens).toBe(changed.done?.usage.promptTokens);
  });

  it('[E9] a last message of the assistant is gone on with, and the same seed gives the same words', async () => {
    const open: ModelMessage[] = [...say('How many days has a week?'), { role: 'assistant', content: 'A week has' }];
    const one = await ask(open, { temperature: 0, replyTokens: 6 });
    expect(one.text).toMatch(/7|seven/);
    const seeded = () => ask(say('Make up a name.'), { temperature: 1.2, seed: 3 });
    await seeded();
    expect((await seeded()).text).toBe((await seeded()).text);
  });

  it('[E10] killed in the middle of a reply: the turn fails with a sentence, the next one works', async () => {
    const pid = Number(log.last('engine-loaded')?.['pid']);
    let text = '';
    const fault = await faultOf(
      (async () => {
        for await (const chunk of model.chat(requestOf(model, say('Tell me a very long story.'), { replyTokens: 2_000 }), signal())) {
          if (chunk.type !== 'text') continue;
          if (text === '') process.kill(pid, 'SIGKILL');
          text += chunk.text;
        }
      })(),
    );
    expect(fault.code).toBe('model-crashed');
    expect(text).not.toBe('');
    const next = await ask(say('Are you there?'));
    expect(next.done?.usage.replyTokens).toBeGreaterThan(0);
    expect(next.chunks[0]).toEqual({ type: 'stage', stage: 'loading' });
    expect(Number(log.last('engine-loaded')?.['pid'])).not.toBe(pid);
    expect(model.status().state).toBe('ready');
  });

  it('[E11] a key press in the terminal is not the engine’s end, and when its parent is killed it goes too', async () => {
    const program = join(import.meta.dirname, '..', 'kit', 'programs', 'embedded-parent.ts');
    const parent = spawn(embeddedOptions.nodePath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const { pid } = JSON.parse(String((await lines.next()).value)) as { pid: number };
    for (const key of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, key);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isAlive(pid)).toBe(true);
    const killedAt = performance.now();
    parent.kill('SIGKILL');
    await untilGone(pid);
    const goneMs = performance.now() - killedAt;
    console.log(`[E11] gone ${Math.round(goneMs)} ms after its parent, in the middle of a prompt of half a minute`);
    expect(goneMs).toBeLessThan(2_000);
  });

  it('[E55] keeps to the shape that a reply was asked for in', async () => {
    const format = { type: 'object', properties: { notes: { type: 'array', items: { type: 'string', maxLength: 20 }, maxItems: 2 } } };
    for (const seed of [1, 2, 3]) {
      const { text } = await ask(say('I like rain and soup. Note that.'), { format, seed, replyTokens: 120 });
      const { notes } = JSON.parse(text) as { notes: string[] };
      expect(notes.every((note) => typeof note === 'string')).toBe(true);
    }
    expect((await ask(say('Hello?'))).text).not.toMatch(/^\{/);
  });

  it('[E12] closing ends the process', async () => {
    const own = createHeardLog();
    const other = makeEmbedded({ log: own });
    await other.prepare();
    const pid = Number(own.last('engine-loaded')?.['pid']);
    expect(isAlive(pid)).toBe(true);
    await other.close();
    expect(isAlive(pid)).toBe(false);
    expect((await faultOf(collect(other.chat(requestOf(other, say('Hello?')), signal())))).code).toBe('shutting-down');
  });
});
