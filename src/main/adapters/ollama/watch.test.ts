/** @file What the Ollama adapter knows of its server, and when. */
import { afterEach, describe, expect, it } from 'vitest';
import { ask, collect, faultOf, signal, until } from '../../../../test/contracts/model-questions.ts';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { starterModel } from '../../../../test/kit/ollama/models.ts';
import { createPair, keptLog, type Pair } from '../../../../test/kit/ollama/pair.ts';
import { createScriptedOllama } from '../../../../test/kit/ollama/scripted-ollama.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { PROBE_EVERY_MS } from '../../../shared/limits.ts';
import { findLocalOllama } from './find.ts';
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
    expect(pair.model.status().reason).toContain('not a model');
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

describe('looking for one on this machine', () => {
  it('[O16] says its version and how many of its models can talk; nobody, nobody else and nobody in time are none', async () => {
    const embedding = { ...starterModel, name: 'nomic-embed-text:latest', capabilities: ['embedding'] };
    const { scripted } = await open({ models: [starterModel, embedding] });
    expect(await findLocalOllama(scripted.url, 5_000)).toEqual({ version: '0.33.0-scripted', models: 1 });
    expect(await findLocalOllama('http://127.0.0.1:1', 5_000)).toBeUndefined();
    scripted.next({ kind: 'status', status: 200, body: '<html>', type: 'text/html' }, '/api/version');
    expect(await findLocalOllama(scripted.url, 5_000)).toBeUndefined();
    scripted.next({ kind: 'hang', after: 0 }, '/api/tags');
    expect(await findLocalOllama(scripted.url, 100)).toBeUndefined();
  });
});
