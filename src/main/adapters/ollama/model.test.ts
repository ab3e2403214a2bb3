/** @file The Ollama adapter beyond the port's contract: what it sends, when it asks again, what it says while it takes long. */
import { afterEach, describe, expect, it } from 'vitest';
import { ask, collect, endOf, faultOf, signal } from '../../../../test/contracts/model-questions.ts';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { starterModel, thinkingModel } from '../../../../test/kit/ollama/models.ts';
import { createPair, type Pair } from '../../../../test/kit/ollama/pair.ts';
import { MODEL_END_MS, STAGE_AFTER_MS } from '../../../shared/limits.ts';

const pairs: Pair[] = [];
async function open(...options: Parameters<typeof createPair>): Promise<Pair> {
  const pair = await createPair(...options);
  pairs.push(pair);
  return pair;
}
afterEach(async () => {
  for (const pair of pairs.splice(0)) await pair.close();
});
const question = (model = starterModel.name) => ask(model, 'Hello, you.');

describe('what is sent', () => {
  it('[O6] nothing is cut or shifted by the server, and every request has the same runner options', async () => {
    const { model, scripted } = await open();
    await model.preload(starterModel.name, 2_048, signal());
    await collect(model.chat(question(), signal()));
    await collect(model.chat({ ...question(), temperature: 0.2, topP: 0.5 }, signal()));
    expect(scripted.lastChat()).toMatchObject({
      model: 'smollm2:135m',
      stream: true,
      truncate: false,
      shift: false,
      keep_alive: '10m',
      options: { num_ctx: 2_048, num_predict: 24, temperature: 0.2, top_p: 0.5, seed: 7 },
    });
    expect(scripted.lastChat()).not.toHaveProperty('think');
    expect(scripted.counts.loads, 'loaded once, ahead').toBe(1);
  });

  it.each([404, 500, 200])(
    '[O19] a server that answers %s to /api/show and says nothing there is talked with all the same',
    async (status) => {
      const { model, scripted } = await open();
      scripted.always({ kind: 'status', status, body: '404 page not found', type: 'text/plain' }, '/api/show');
      expect(await model.describe(starterModel.name, signal())).toMatchObject({
        thinking: false,
        contextTokens: 8_192,
        capabilities: ['completion'],
      });
      expect((await collect(model.chat(question(), signal()))).text).not.toBe('');
    },
  );

  it('[O18] the shape of a reply is sent where one is asked for', async () => {
    const { model, scripted } = await open();
    const format = { type: 'object', properties: { notes: { type: 'array', items: { type: 'string' } } } };
    await collect(model.chat({ ...question(), format }, signal()));
    expect(scripted.lastChat()).toMatchObject({ format });
    await collect(model.chat(question(), signal()));
    expect(scripted.lastChat()).not.toHaveProperty('format');
  });

  it('[O6] a seed that is not asked for is not sent', async () => {
    const { model, scripted } = await open();
    const { seed: _, ...request } = question();
    await collect(model.chat(request, signal()));
    expect(scripted.lastChat().options).not.toHaveProperty('seed');
  });

  it('[O7] thoughts are asked for only where the model has them, and come apart from the text', async () => {
    const { model, scripted } = await open({ models: [starterModel, thinkingModel] });
    const thoughtful = { ...ask(thinkingModel.name, 'What do you think?'), replyTokens: 200 };
    const reply = await collect(model.chat({ ...thoughtful, think: true }, signal()));
    expect(scripted.lastChat().think).toBe(true);
    expect(reply.thinking).toContain('honest version');
    expect(reply.text).not.toContain('honest version');
    expect((await collect(model.chat({ ...thoughtful, think: false }, signal()))).thinking).toBe('');
    expect(scripted.lastChat().think).toBe(false);
    await collect(model.chat({ ...question(), think: true }, signal()));
    expect(scripted.lastChat()).not.toHaveProperty('think');
    expect(scripted.chats(), 'nothing had to be asked twice').toHaveLength(3);
  });

  it('[O7] a model that refuses thoughts all the same is asked once more without', async () => {
    const { model, scripted } = await open({ models: [thinkingModel] });
    scripted.next({ kind: 'think-unsupported', model: thinkingModel.name });
    const reply = await collect(model.chat({ ...question(thinkingModel.name), think: true }, signal()));
    expect(reply.done).toBeDefined();
    expect(scripted.chats().map((record) => (record.body as { think?: boolean }).think)).toEqual([true, undefined]);
  });
});

describe('asking again', () => {
  it('[O8] a connection that broke before the first byte is tried once more, and only once', async () => {
    const { model, scripted } = await open();
    scripted.next({ kind: 'reset', after: 0 });
    expect((await collect(model.chat(question(), signal()))).done).toBeDefined();
    expect(scripted.chats()).toHaveLength(2);
    scripted.next({ kind: 'reset', after: 0 });
    scripted.next({ kind: 'reset', after: 0 });
    expect((await faultOf(collect(model.chat(question(), signal())))).code).toBe('model-crashed');
    expect(scripted.chats()).toHaveLength(4);
  });

  it('[O8] all reasons to ask again share one repetition', async () => {
    const { model, scripted } = await open({ models: [thinkingModel] });
    scripted.next({ kind: 'think-unsupported', model: thinkingModel.name });
    scripted.next({ kind: 'reset', after: 0 });
    const fault = await faultOf(collect(model.chat({ ...question(thinkingModel.name), think: true }, signal())));
    expect(fault.code).toBe('model-crashed');
    expect(scripted.chats()).toHaveLength(2);
  });

  it('[O8] nothing is asked again after the first token, after a refusal, or after a second', async () => {
    const clock = createFakeClock();
    const { model, scripted } = await open({}, { clock });
    scripted.next({ kind: 'reset', after: 1 });
    await faultOf(collect(model.chat(question(), signal())));
    scripted.next({ kind: 'busy' });
    await faultOf(collect(model.chat(question(), signal())));
    scripted.setPace({ firstTokenMs: 60_000 });
    const running = endOf(collect(model.chat(question(), signal())));
    await scripted.waitFor((record) => record === scripted.chats()[2]);
    clock.advance(1_001);
    await scripted.kill();
    expect((await running).fault?.code).toBe('model-crashed');
    expect(scripted.chats()).toHaveLength(3);
  });

  it('[O9] a reply uses a connection that the looks at the server have warmed', async () => {
    const { model, scripted } = await open();
    const before = scripted.counts.connections;
    for (let turn = 0; turn < 5; turn += 1) await collect(model.chat(question(), signal()));
    expect(scripted.counts.connections).toBe(before);
  });

  it('[O9] a connection that ends a little after its reply is kept, and one that never ends is closed', async () => {
    const clock = createFakeClock();
    const { model, scripted } = await open({}, { clock });
    scripted.next({ kind: 'late-end', ms: 30 });
    await collect(model.chat(question(), signal()));
    const first = await scripted.waitFor((record) => record === scripted.chats()[0] && record.endedAt !== undefined);
    expect(first.closedByClientAt).toBeUndefined();
    scripted.next({ kind: 'late-end', ms: 600_000 });
    await collect(model.chat(question(), signal()));
    clock.advance(MODEL_END_MS);
    await scripted.waitFor((record) => record === scripted.chats()[1] && record.closedByClientAt !== undefined);
  });

  it('[O9] nobody in between: proxy variables are not looked at', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: 'http://127.0.0.1:9',
      http_proxy: 'http://127.0.0.1:9',
      NODE_USE_ENV_PROXY: '1',
      NO_PROXY: '',
    });
    try {
      const { model } = await open();
      expect((await collect(model.chat(question(), signal()))).done).toBeDefined();
    } finally {
      process.env = before;
    }
  });
});

describe('while it takes long', () => {
  it('[O10] a word about why: the model is being loaded', async () => {
    const { model, scripted } = await open({ pace: { loadMs: STAGE_AFTER_MS * 3 } });
    const states: string[] = [];
    model.onStatus((status) => states.push(status.state));
    const reply = await collect(model.chat(question(), signal()));
    expect(reply.chunks[0]).toEqual({ type: 'stage', stage: 'loading' });
    expect(reply.chunks.filter((chunk) => chunk.type === 'stage')).toHaveLength(1);
    expect(states).toEqual(['loading', 'ready']);
    expect(scripted.requests.filter((record) => record.path === '/api/ps')).toHaveLength(1);
  });

  it('[O10] or the prompt is being read; and no word where it is quick', async () => {
    const { model, scripted } = await open();
    expect((await collect(model.chat(question(), signal()))).chunks[0]?.type).toBe('text');
    scripted.setPace({ firstTokenMs: STAGE_AFTER_MS * 3 });
    expect((await collect(model.chat(question(), signal()))).chunks[0]).toEqual({ type: 'stage', stage: 'reading' });
  });

  it('[MD18] or another reply is being written, for which it waits', async () => {
    const { model } = await open({ pace: { tokenMs: 30 }, reply: () => ({ text: 'word '.repeat(60) }) });
    const first = model.chat(question(), signal())[Symbol.asyncIterator]();
    await first.next();
    const second = model.chat(question(), signal())[Symbol.asyncIterator]();
    expect((await second.next()).value).toEqual({ type: 'stage', stage: 'waiting' });
    await first.return?.(undefined);
    expect((await second.next()).value).toMatchObject({ type: 'text' });
    await second.return?.(undefined);
  });

  it('[O10] a server that does not say is no reason to fail', async () => {
    const { model, scripted } = await open({ pace: { firstTokenMs: STAGE_AFTER_MS * 2 } });
    scripted.next({ kind: 'empty-500' }, '/api/ps');
    const reply = await collect(model.chat(question(), signal()));
    expect(reply.chunks.some((chunk) => chunk.type === 'stage')).toBe(false);
    expect(reply.done).toBeDefined();
  });
});

describe('canned replies', () => {
  it('[O21] are nobody’s starter model, in the status and in the list alike; a real server’s is', async () => {
    const seen = async (version?: string) => {
      const { model } = await open(version === undefined ? {} : { version });
      const [listed] = (await model.shelf?.inventory(signal())) ?? [];
      return [model.status().engine, model.status().starter, listed?.name, listed?.starter];
    };
    expect(await seen()).toEqual(['scripted', false, starterModel.name, false]);
    expect(await seen('0.33.0')).toEqual(['ollama', true, starterModel.name, true]);
  });
});
