/** @file Our own Ollama as a Model: what it tells while it comes and goes, and what it does about a model that is missing. */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, collect, faultOf, signal } from '../../../../test/contracts/model-questions.ts';
import { putRelease } from '../../../../test/kit/ollama/release.ts';
import { ownModel } from '../../../../test/kit/own-model.ts';
import { familyOf, WAIT } from '../../../../test/kit/own-ollama.ts';
import { temporaryFolder } from '../../../../test/kit/service.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { Fault } from '../../../shared/faults.ts';
import type { ModelStatus, Progress } from '../../../shared/status.ts';
import { findLocalOllama } from '../ollama/find.ts';
import { createOllamaModel } from '../ollama/model.ts';
import type { OwnOllama } from './own-ollama.ts';
import type { OwnOllamaOptions } from './own-world.ts';

const opened: { model: OwnOllama; folder: ReturnType<typeof temporaryFolder> }[] = [];
function open(options: string[] = [], more: (folder: string) => Partial<OwnOllamaOptions> = () => ({})) {
  const folder = temporaryFolder('own-model');
  const path = realpathSync(folder.path);
  const model = ownModel(path, putRelease(join(path, 'release'), ...options).binary, more(path));
  opened.push({ model, folder });
  const told: ModelStatus[] = [model.status()];
  model.onStatus((status) => told.push(status));
  const until = (state: ModelStatus['state']) => expect.poll(() => model.status().state, WAIT).toBe(state);
  const states = () => told.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
  return { model, told, until, states, path, family: () => familyOf(path) };
}
afterEach(async () => {
  for (const { model, folder } of opened.splice(0)) {
    await model.close();
    await expect.poll(() => familyOf(realpathSync(folder.path)), WAIT).toEqual([]);
    folder.remove();
  }
});

/** A clock that runs so many times faster, over a probe that gives up so much sooner. */
const TIMES = 10;
const fast = {
  clock: {
    now: () => performance.now() * TIMES,
    after(ms: number, action: () => void) {
      const timer = setTimeout(action, ms / TIMES);
      return () => clearTimeout(timer);
    },
  },
  probe: async (url: string) => (await findLocalOllama(url, 200)) !== undefined,
};

describe.skipIf(process.platform !== 'linux')('an Ollama of our own', () => {
  it('[U32] tells every state on its way, keeps its log, and is the model that was there', async () => {
    const { model, until, states } = open();
    expect(model.status()).toMatchObject({ state: 'starting', reason: 'Our own Ollama is being started.', model: 'asked/for:1b' });
    await until('ready');
    expect(states()).toEqual(['starting', 'ready']);
    expect(model.defaultModel()).toBe('smollm2:135m');
    expect(model.log().some((line) => line.includes('Listening on 127.0.0.1:'))).toBe(true);
    await model.close();
    expect(model.status()).toMatchObject({ state: 'stopped', reason: 'The program is being closed.' });
    expect((await faultOf(model.list(signal()))).code).toBe('shutting-down');
  });

  it('[MD21] tells which graphics cards its server found, anew at every start', async () => {
    const { model, until } = open(['--card', 'A card;24.0 GiB;22.9 GiB']);
    await until('ready');
    await expect
      .poll(() => model.shelf?.graphics?.(), WAIT)
      .toEqual([{ name: 'A card', totalBytes: 24 * 1024 ** 3, freeBytes: Math.round(22.9 * 1024 ** 3) }]);
    await model.stop();
    model.retry();
    await until('ready');
    await expect.poll(() => model.shelf?.graphics?.()?.length, WAIT).toBe(1);
  });

  it('[U32] a server that says nothing more is ended and started again, and who asks meanwhile is answered', async () => {
    const { model, until, family, states } = open([], () => fast);
    await until('ready');
    const server = family().find(({ executable }) => executable === realpathSync(process.execPath));
    process.kill(server?.pid ?? 0, 'SIGSTOP');
    await until('degraded');
    await until('ready');
    expect(states()).toEqual(['starting', 'ready', 'degraded', 'starting', 'ready']);
    expect(family().map(({ pid }) => pid)).not.toContain(server?.pid);
    expect((await collect(model.chat(ask(model.defaultModel(), 'Hello'), signal()))).text).not.toBe('');
  });

  it('[U32] a request that meets a server which has just died is made of the next one; one that was answered in part is not', async () => {
    const { model, until, family } = open(['--token-ms', '50']);
    await until('ready');
    const kill = () => {
      const server = family().find(({ executable }) => executable === realpathSync(process.execPath));
      process.kill(server?.pid ?? 0, 'SIGKILL');
    };
    kill();
    const after = await Promise.all([
      model.describe(model.defaultModel(), signal()),
      collect(model.chat(ask(model.defaultModel(), 'Hello'), signal())),
    ]);
    expect(after[0].name).toBe('smollm2:135m');
    expect(after[1].done).toBeDefined();

    const chunks: string[] = [];
    const talking = (async () => {
      for await (const chunk of model.chat(ask(model.defaultModel(), 'Go on'), signal())) {
        chunks.push(chunk.type);
        if (chunks.filter((type) => type === 'text').length === 3) kill();
      }
    })();
    const fault = await faultOf(talking);
    expect(fault.code).toBe('model-crashed');
    expect(chunks.filter((type) => type === 'text').length).toBeGreaterThanOrEqual(3);
  });

  it('[U32] who waits for it can leave at once', async () => {
    const { model } = open([], () => ({ probe: async () => false }));
    const control = new AbortController();
    const waiting = Promise.all([faultOf(model.list(control.signal)), faultOf(collect(model.chat(ask('any', 'Hello'), control.signal)))]);
    control.abort();
    expect((await waiting).map(({ code }) => code)).toEqual(['cancelled', 'cancelled']);
  });

  it('[U10] stays stopped until somebody tries again', async () => {
    const { model, until, family } = open();
    await until('ready');
    await model.stop();
    expect(model.status()).toMatchObject({ state: 'stopped', reason: 'Our own Ollama is stopped.' });
    expect(family()).toEqual([]);
    expect((await faultOf(model.list(signal()))).code).toBe('model-offline');
    model.retry();
    await until('ready');
    expect(await model.list(signal())).toHaveLength(1);
  });

  it('[U13] where no model can answer the starter model is fetched with progress; why it cannot be had is told, and tried again when asked', async () => {
    const told: Progress = { label: 'Downloading the starter model', doneBytes: 5, totalBytes: 10 };
    const gate = Promise.withResolvers<void>();
    let obtained = 0;
    const refusal = new Fault('download-failed', 'The starter model could not be downloaded; connect to the internet and try again.');
    const { model, until, states } = open(['--model', 'nomic-embed-text:latest'], () => ({
      // The scripted server has one model that cannot converse, whatever lies in its folder.
      connect: (baseUrl) =>
        createOllamaModel({ baseUrl, model: 'asked/for:1b', silenceMs: 5_000, log: silentLog, fixed: false, anyModel: false }),
      starter: {
        find: async () => undefined,
        async obtain(_signal, onProgress) {
          obtained += 1;
          onProgress(told);
          await gate.promise;
          throw refusal;
        },
      },
    }));
    await until('installing');
    expect(model.status()).toMatchObject({ progress: told, reason: 'Downloading the starter model; this happens only once.' });
    gate.resolve();
    await until('absent');
    expect(model.status()).toMatchObject({ reason: refusal.message, fault: { code: 'download-failed' } });
    expect(states()).toEqual(['starting', 'installing', 'absent']);
    expect(obtained).toBe(1);
    model.retry();
    await expect.poll(() => obtained, WAIT).toBe(2);
    await until('absent');
  });

  it('[U4] uses the models folder that the person chose, and its own again', async () => {
    const { model, until, path, family } = open([], (folder) => ({
      inherited: { PATH: process.env['PATH'], OLLAMA_MODELS: join(folder, 'theirs') },
    }));
    await until('ready');
    expect(model.status().choice).toEqual({ because: 'A test says so.' });
    const theirs = join(path, 'theirs');
    mkdirSync(join(theirs, 'manifests', 'registry.ollama.ai', 'library', 'llama3'), { recursive: true });
    writeFileSync(join(theirs, 'manifests', 'registry.ollama.ai', 'library', 'llama3', '8b'), '{}');
    const environment = () => family().map(({ pid }) => pid);
    const before = environment();
    await model.shareModels(theirs);
    await until('ready');
    expect(environment()).not.toEqual(before);
    expect(model.status().choice?.theirModels).toBeUndefined();
    await model.shareModels(undefined);
    await until('ready');
    expect(model.status().choice?.theirModels).toEqual({ folder: theirs, models: 1 });
  });

  it('[U2] without a binary it is absent and says so', async () => {
    const folder = temporaryFolder('own-absent');
    const model = ownModel(folder.path, '', {
      places: {
        named: undefined,
        resources: undefined,
        checkout: folder.path,
        dataFolder: folder.path,
        path: '',
        platform: 'linux',
        architecture: 'x64',
        versionOf: async () => undefined,
      },
    });
    opened.push({ model, folder });
    await expect
      .poll(() => model.status(), WAIT)
      .toMatchObject({
        state: 'absent',
        engine: 'none',
        reason: 'There is no Ollama on this machine that could be started.',
        fault: { code: 'engine-missing' },
      });
    expect((await faultOf(model.list(signal()))).code).toBe('engine-missing');
  });
});
