/** @file What the window hears of the embedded engine, from nothing at all to a model that answers, and in every failure. */
import { cpSync, createReadStream, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedModel, EmbeddedModelOptions } from '../../src/main/adapters/embedded/embedded-model.ts';
import { createStarterModel } from '../../src/main/adapters/embedded/starter-model.ts';
import { starterSource } from '../../src/main/adapters/embedded/starter-source.ts';
import { type ModelStatus, modelStatusSchema } from '../../src/shared/status.ts';
import { ask, collect, endOf, faultOf, signal, until } from '../contracts/model-questions.ts';
import { createHeardLog, embeddedOptions, makeEmbedded, starterFile, whyNoEmbedded } from '../kit/embedded.ts';

const skip = await whyNoEmbedded();

describe.skipIf(skip !== undefined)(`states of the embedded engine${skip ? ` (skipped: ${skip})` : ''}`, { timeout: 120_000 }, () => {
  let folder: string;
  let server: Server | undefined;
  let models: EmbeddedModel[] = [];
  let requests: (string | undefined)[] = [];
  let closing = new AbortController();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'persona-states-'));
  });
  afterEach(async () => {
    await Promise.all(models.map((model) => model.close()));
    models = [];
    closing.abort();
    closing = new AbortController();
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    requests = [];
    rmSync(folder, { recursive: true, force: true });
  });

  /** A hub with the real file, whole or drop by drop. */
  async function openHub(slowly = false, port = 0): Promise<string> {
    const file = await starterFile();
    const drip = async (response: ServerResponse) => {
      for await (const chunk of createReadStream(file)) {
        if (closing.signal.aborted) return;
        response.write(chunk);
        await setTimeout(20);
      }
    };
    const made = createServer((request, response) => {
      requests.push(request.headers.range);
      response.writeHead(200, { 'content-length': starterSource.bytes });
      if (slowly) void drip(response);
      else createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve));
    server = made;
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
  }

  /** A model whose starter comes from an address, and all it says of its state. */
  function listenTo(more: Partial<EmbeddedModelOptions>, address?: string) {
    const options = { ...embeddedOptions, dataFolder: folder, ...more };
    const source = { ...starterSource, address: address ?? '' };
    const fetched = createStarterModel({ ...options, starterPath: undefined, source, pythons: ['no-python-here'] });
    const model = makeEmbedded({ ...options, ...(address === undefined ? {} : { starterPath: undefined, starter: fetched }) });
    models.push(model);
    const heard: ModelStatus[] = [model.status()];
    model.onStatus((status) => heard.push(modelStatusSchema.parse(status)));
    const states = () => heard.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
    return { model, heard, states };
  }

  const ownFile = (content: string): string => {
    const path = join(folder, 'Own.gguf');
    writeFileSync(path, content);
    return path;
  };

  /** The engine's program and lock, without its packages. */
  const copyTool = (to: string) =>
    cpSync(embeddedOptions.toolFolder, to, { recursive: true, filter: (path) => !path.includes('node_modules') });

  it('[E40] nothing is started or fetched before it is needed; then it says how far it is, in bytes', async () => {
    const { model, heard, states } = listenTo({}, await openHub());
    expect(model.status().state).toBe('absent');
    expect(model.defaultModel()).toBe('SmolLM2-135M-Instruct.Q4_1');
    expect(requests).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    await model.prepare();
    expect(states()).toEqual(['absent', 'installing', 'loading', 'ready']);
    const bytes = heard.flatMap(({ progress }) => (progress ? [progress.doneBytes] : []));
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(heard.find(({ progress }) => progress)?.progress?.totalBytes).toBe(starterSource.bytes);
    expect(model.status()).toMatchObject({ engine: 'embedded', starter: true, label: 'SmolLM2 135M Q4_1' });
    expect(requests).toHaveLength(1);
    const reply = await collect(model.chat(ask(model.defaultModel(), 'Hello!'), signal()));
    expect(reply.done?.finish).toBeDefined();
  });

  it('[E41] where the model cannot be had it fails with one sentence that names STARTER_MODEL, and a retry works', async () => {
    const address = await openHub();
    server?.close();
    const { model, states } = listenTo({}, address);
    const fault = await faultOf(collect(model.chat(ask(model.defaultModel(), 'Hello?'), signal())));
    expect(fault.code).toBe('download-failed');
    expect(model.status().state).toBe('failed');
    expect(model.status().reason).toContain('STARTER_MODEL');
    expect(model.status().fault?.code).toBe('download-failed');
    await openHub(false, Number(new URL(address).port));
    model.retry();
    await until(model, 'ready');
    expect(states()).toEqual(['absent', 'installing', 'failed', 'installing', 'loading', 'ready']);
  });

  it('[E42] a file that llama.cpp cannot load fails with a sentence, and the next try looks at it again', async () => {
    const starterPath = ownFile(`GGUF${'x'.repeat(5_000)}`);
    const { model } = listenTo({ starterPath });
    await model.prepare();
    expect(model.status()).toMatchObject({
      state: 'failed',
      fault: { code: 'model-loading-failed', retryable: true },
      model: 'Own',
      label: 'Own',
    });
    expect((await faultOf(model.describe('Own', signal()))).code).toBe('model-loading-failed');
    rmSync(starterPath);
    expect((await faultOf(model.describe('Own', signal()))).code).toBe('model-missing');
  });

  it('[E43] an engine that cannot be started is a fault like any other', async () => {
    const { model } = listenTo({ nodePath: join(folder, 'no-node') });
    expect((await faultOf(model.preload(model.defaultModel(), 2_048, signal()))).code).toBe('model-loading-failed');
    const tool = join(folder, 'tool');
    const { model: without } = listenTo({ toolFolder: tool });
    expect((await endOf(without.describe(without.defaultModel(), signal()))).fault?.code).toBe('engine-missing');
    expect(existsSync(tool)).toBe(false);
  });

  it('[E46] what the process cannot do becomes a sentence, with its words behind "Details" alone', async () => {
    const tool = join(folder, 'tool');
    copyTool(tool);
    symlinkSync(join(embeddedOptions.toolFolder, 'node_modules'), join(tool, 'node_modules'));
    const info = { name: '', size: '', family: 'llama', quantisation: '', contextTokens: 512, threads: 1 };
    const answers = `(m) => m.type === 'load' ? { type: 'loaded', info: ${JSON.stringify(info)} } : { id: m.id, type: 'failed', loading: m.type === 'prepare', reason: 'no memory' }`;
    writeFileSync(join(tool, 'engine.mjs'), `process.on('message', (message) => process.send((${answers})(message)));`);
    const { model } = listenTo({ toolFolder: tool });
    const preload = await faultOf(model.preload(model.defaultModel(), 512, signal()));
    expect(preload).toMatchObject({ code: 'model-loading-failed', detail: 'no memory' });
    const chat = await faultOf(collect(model.chat(ask(model.defaultModel(), 'Hello?'), signal())));
    expect(chat).toMatchObject({ code: 'model-failed', detail: 'no memory' });
    expect(chat.message + preload.message).not.toContain('no memory');
    expect(model.status().state).toBe('ready');
  });

  it('[E47] where the engine cannot be installed the download beside it is called off, and goes on with the next try', async () => {
    const tool = join(folder, 'tool');
    copyTool(tool);
    const npm = join(folder, 'npm');
    const arrived = `until ls ${join(folder, 'data', 'models')}/*.part; do sleep 0.05; done`;
    writeFileSync(npm, `#!/bin/sh\n${arrived}\nexit 1\n`, { mode: 0o700 });
    const { model } = listenTo({ toolFolder: tool, dataFolder: join(folder, 'data'), npm }, await openHub(true));
    expect((await faultOf(model.describe(model.defaultModel(), signal()))).code).toBe('engine-missing');
    expect(model.status()).toMatchObject({ state: 'failed', fault: { code: 'engine-missing' } });
    expect(readdirSync(join(folder, 'data', 'models')).map((name) => name.endsWith('.part'))).toEqual([true]);
  });

  it('[E44] who waits for a download can go, the download goes on; closing ends it and keeps what came', async () => {
    const log = createHeardLog();
    const { model, heard } = listenTo({ log }, await openHub(true));
    const control = new AbortController();
    const waiting = endOf(collect(model.chat(ask(model.defaultModel(), 'Hello?'), control.signal)));
    await until(model, 'installing');
    control.abort();
    expect((await waiting).fault?.code).toBe('cancelled');
    expect(model.status().state).toBe('installing');
    const pulled: number[] = [];
    for await (const { doneBytes } of model.pull(model.defaultModel(), signal())) if (pulled.push(doneBytes) >= 3) break;
    expect(pulled[2]).toBeGreaterThan(0);
    await model.close();
    expect(readdirSync(join(folder, 'models')).map((name) => name.endsWith('.part'))).toEqual([true]);
    expect(heard.at(-1)?.state).toBe('stopped');
    expect((await faultOf(model.describe(model.defaultModel(), signal()))).code).toBe('shutting-down');
    expect(log.last('engine-loaded')).toBeUndefined();
  });

  it('[E45] it is listed where it is there, and removed where it is ours', async () => {
    const { model } = listenTo({}, await openHub());
    expect(await model.list(signal())).toEqual([]);
    expect(requests).toEqual([]);
    const last = { status: '', doneBytes: 0 };
    for await (const progress of model.pull(model.defaultModel(), signal())) Object.assign(last, progress);
    expect(last).toEqual({ status: 'The model is ready.', doneBytes: starterSource.bytes, totalBytes: starterSource.bytes });
    expect(await model.list(signal())).toMatchObject([
      { name: model.defaultModel(), contextTokens: 8_192, parameterSize: '135M', quantisation: 'Q4_1' },
    ]);
    await model.remove(model.defaultModel(), signal());
    expect(model.status().state).toBe('stopped');
    expect(await model.list(signal())).toEqual([]);
    expect(readdirSync(join(folder, 'models'))).toEqual([]);
  });
});
