/** @file The Ollama adapter beyond the port's contract: what it sends, when it asks again, what it knows of its server. */
import { afterEach, describe, expect, it } from 'vitest';
import { ask, collect, endOf, faultOf, signal, until } from '../../../../test/contracts/model-questions.ts';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { starterModel, thinkingModel } from '../../../../test/kit/ollama/models.ts';
import { createPair, keptLog, type Pair } from '../../../../test/kit/ollama/pair.ts';
import { createScriptedOllama } from '../../../../test/kit/ollama/scripted-ollama.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { PROBE_EVERY_MS, STAGE_AFTER_MS } from '../../../shared/limits.ts';
import { createOllamaModel } from './model.ts';

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

  it('[O10] a server that does not say is no reason to fail', async () => {
    const { model, scripted } = await open({ pace: { firstTokenMs: STAGE_AFTER_MS * 2 } });
    scripted.next({ kind: 'empty-500' }, '/api/ps');
    const reply = await collect(model.chat(question(), signal()));
    expect(reply.chunks.some((chunk) => chunk.type === 'stage')).toBe(false);
    expect(reply.done).toBeDefined();
  });
});

describe('what is known of the server', () => {
  const probes = async (pair: Pair, clock: ReturnType<typeof createFakeClock>, state: 'ready' | 'failed' | 'absent') => {
    const reached = until(pair.model, state);
    clock.advance(PROBE_EVERY_MS);
    return reached;
  };

  it('[O11] gone at the next look, back at the next look, each with a sentence', async () => {
    const clock = createFakeClock();
    const pair = await open({}, { clock });
    expect(pair.model.status()).toMatchObject({ state: 'ready', engine: 'scripted', label: 'Scripted replies', contextTokens: 8_192 });
    await pair.scripted.kill();
    const failed = await probes(pair, clock, 'failed');
    expect(failed.fault?.code).toBe('model-offline');
    expect(failed.reason).toContain(`127.0.0.1:${pair.scripted.port}`);
    const again = await createScriptedOllama({ port: pair.scripted.port });
    await probes(pair, clock, 'ready');
    await again.close();
  });

  it('[O11] a server that accepts and says nothing is gone too', async () => {
    const clock = createFakeClock();
    const pair = await open({}, { clock });
    pair.scripted.always({ kind: 'hang', after: 0 }, '/api/version');
    const failed = until(pair.model, 'failed');
    const state = { over: false };
    void failed.then(() => {
      state.over = true;
    });
    await expect.poll(() => clock.advance(1_000) ?? state.over, { interval: 2 }).toBe(true);
    expect((await failed).fault?.code).toBe('model-timeout');
  });

  it('[O11] what is no Ollama is said to be none', async () => {
    const clock = createFakeClock();
    const pair = await open({}, { clock });
    pair.scripted.always({ kind: 'status', status: 200, body: '<html>router</html>', type: 'text/html' }, '/api/version');
    expect((await probes(pair, clock, 'failed')).fault?.code).toBe('model-failed');
  });

  it('[O11] a model whose file cannot be loaded is said to be so before anybody asks it', async () => {
    const { model } = await open({ models: [{ ...starterModel, broken: true }] });
    expect(model.status()).toMatchObject({ state: 'failed', fault: { code: 'model-loading-failed' } });
  });

  it('[O11] a reply that finds nobody makes it look at once', async () => {
    const { model, scripted } = await open({}, { clock: createFakeClock() });
    await scripted.kill();
    const failed = until(model, 'failed');
    await faultOf(collect(model.chat(question(), signal())));
    expect((await failed).fault?.code).toBe('model-offline');
  });

  it('[O12] a model that is not there is absent, and another takes its place only where that is allowed', async () => {
    const embedding = {
      ...starterModel,
      name: 'nomic-embed-text:latest',
      family: 'nomic-bert',
      sizeBytes: 9e9,
      capabilities: ['embedding'],
    };
    const models = [embedding, starterModel, { ...starterModel, name: 'llama3.2:1b', sizeBytes: 1_300_000_000, parameterSize: '1.2B' }];
    for (const generation of ['0.33', '0.24'] as const) {
      const strict = await open({ models, generation }, { model: 'mistral' });
      expect(strict.model.status()).toMatchObject({ state: 'absent', model: 'mistral', fault: { code: 'model-missing' } });
      expect(strict.model.defaultModel()).toBe('mistral');
      const lenient = await open({ models, generation }, { model: 'mistral', anyModel: true });
      expect(lenient.model.status()).toMatchObject({ state: 'ready', model: 'llama3.2:1b' });
      expect((await lenient.model.list(signal())).map((one) => one.name)).toEqual(['smollm2:135m', 'llama3.2:1b']);
    }
  });

  it('[O12] a server without a password in any sentence, log line or request line', async () => {
    const scripted = await createScriptedOllama();
    const { log, lines } = keptLog();
    const baseUrl = scripted.url.replace('http://', 'http://user:s3cret@');
    const model = createOllamaModel({ baseUrl, model: starterModel.name, silenceMs: 1_000, log, fixed: true });
    try {
      const status = await until(model, 'ready');
      await scripted.kill();
      const fault = await faultOf(collect(model.chat(question(), signal())));
      expect(JSON.stringify([status, fault.toWire(), lines])).not.toContain('s3cret');
      expect(lines.length).toBeGreaterThan(0);
    } finally {
      await model.close();
    }
  });

  it('[O12] nothing of a conversation is in the log', async () => {
    const { log, lines } = keptLog();
    const { model, scripted } = await open({}, { log });
    const request = ask(starterModel.name, 'the quick brown secret');
    await collect(model.chat(request, signal()));
    scripted.next({ kind: 'bad-line', after: 2, line: '{"message":{"content":"secret' });
    await faultOf(collect(model.chat(request, signal())));
    scripted.next({ kind: 'error-line', after: 2, error: 'unexpected EOF' });
    await faultOf(collect(model.chat(request, signal())));
    expect(JSON.stringify(lines)).not.toMatch(/secret|quick/);
  });

  it('[O12] a server that is not there at the start is a state, not an error', async () => {
    const model = createOllamaModel({ baseUrl: 'http://127.0.0.1:1', model: 'x', silenceMs: 1_000, log: silentLog, fixed: false });
    expect(model.status().state).toBe('starting');
    expect((await until(model, 'failed')).reason).toContain('start Ollama');
    await model.close();
  });
});
