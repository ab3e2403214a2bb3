/** @file Ollama is installed while the program runs, takes over from what answered before, and an installation survives the program. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeModel } from '../../test/kit/fake-model.ts';
import { entriesOf, tarOf } from '../../test/kit/ollama/archive.ts';
import { putRelease } from '../../test/kit/ollama/release.ts';
import { openReleaseServer, type ReleaseServer } from '../../test/kit/ollama/release-server.ts';
import { WAIT } from '../../test/kit/own-ollama.ts';
import { temporaryFolder } from '../../test/kit/service.ts';
import { silentLog } from '../../test/kit/silent-log.ts';
import type { RuntimeStatus } from '../shared/runtime.ts';
import { createSystemClock } from './adapters/log/system-clock.ts';
import { type ChoicePorts, chooseModel } from './choose-model.ts';
import { readConfig } from './config.ts';
import { type OpenedRuntime, openRuntime } from './own-runtime.ts';

const NAME = `ollama-linux-${process.arch === 'arm64' ? 'arm64' : 'amd64'}.tar.zst`;
const ports: ChoicePorts = { log: silentLog, clock: createSystemClock(), openServerLog: () => () => {} };

let folder: ReturnType<typeof temporaryFolder>;
let server: ReleaseServer;
let opened: OpenedRuntime[];

function configOf(environment: Record<string, string> = {}) {
  const read = readConfig({ PERSONA_DATA_DIR: join(folder.path, 'data'), OLLAMA_RELEASE_URL: server.base, ...environment });
  if ('problem' in read) throw new Error(read.problem.sentence);
  return read.config;
}

/** Where nothing is installed the embedded engine would answer; a model of the tests stands for it. */
async function open(environment?: Record<string, string>): Promise<OpenedRuntime & { states: RuntimeStatus['install']['state'][] }> {
  const config = configOf(environment);
  const choose: typeof chooseModel = async (given, rest) =>
    existsSync(join(given.dataFolder, 'ollama')) || environment
      ? chooseModel(given, rest)
      : { chosen: { engine: 'embedded', because: 'Nothing else is here.' }, model: createFakeModel(), own: undefined };
  const one = await openRuntime(config, ports, { pins: { version: '0.33.0', files: {} }, choose });
  opened.push(one);
  const states: RuntimeStatus['install']['state'][] = [];
  one.runtime.onStatus(({ install }) => states.at(-1) !== install.state && states.push(install.state));
  return { ...one, states };
}

const close = async ({ runtime, model }: OpenedRuntime) => {
  await runtime.close();
  await model.close();
};

describe.skipIf(process.platform !== 'linux')('Ollama itself', () => {
  beforeEach(async () => {
    folder = temporaryFolder('own-runtime');
    opened = [];
    putRelease(join(folder.path, 'release'));
    // Large enough that it can be watched while it comes.
    writeFileSync(join(folder.path, 'release', 'lib', 'ollama', 'libbulk.so'), randomBytes(400_000));
    server = await openReleaseServer({ [NAME]: await tarOf(entriesOf(join(folder.path, 'release')), 'tar.zst') });
  });
  afterEach(async () => {
    for (const one of opened) await close(one);
    await server.close();
    folder.remove();
  });

  it('[U71] is offered with everything a person wants to know before, and nothing is asked of anybody until then', async () => {
    const { runtime } = await open();
    const { install, server: ours } = runtime.status();
    expect(install).toMatchObject({
      state: 'offered',
      offer: { version: '0.33.0', file: NAME, hash: { from: 'release' }, folder: join(folder.path, 'data', 'ollama') },
    });
    expect(install.offer?.bytes).toBeUndefined();
    expect(ours).toBeUndefined();
    expect(server.requests).toEqual([]);
    await runtime.lookUp();
    expect(runtime.status().install.offer?.bytes).toBeGreaterThan(1_000);
    expect(runtime.licences().map(({ of, name }) => [of, name])).toEqual([
      ['Ollama', 'MIT'],
      ['llama.cpp', 'MIT'],
      ['Libraries inside both', 'MIT, BSD, Apache 2.0'],
    ]);
  });

  it('[U71] once installed it is started and answers, without a new start of the program; it can be stopped, and stays so until it is started', async () => {
    const { runtime, model, states, onModelWanted } = await open();
    const wanted: string[] = [];
    onModelWanted((name) => wanted.push(name));
    expect(runtime.status().install.offer?.model).toMatchObject({
      label: expect.stringMatching(/DeepSeek/),
      licence: expect.stringMatching(/Llama 3.1/),
    });
    runtime.install([], true);
    await expect.poll(() => runtime.status().server?.state, WAIT).toBe('ready');
    expect(wanted).toEqual([expect.stringMatching(/DeepSeek/)]);
    expect(states).toEqual(['looking', 'downloading', 'checking', 'unpacking', 'installed']);
    expect(model.status()).toMatchObject({
      engine: 'ollama',
      choice: { because: expect.stringContaining('Our own Ollama runs the binary fetched by this program.') },
    });
    await expect.poll(() => model.status().state, WAIT).toBe('ready');
    expect(runtime.status().server?.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(runtime.log().join('\n')).toMatch(/Listening on/);
    await runtime.stopServer();
    expect(runtime.status().server).toMatchObject({ state: 'stopped' });
    runtime.startServer();
    await expect.poll(() => runtime.status().server?.state, WAIT).toBe('ready');
  });

  it('[U72] an installation that the program’s end broke off goes on with the next start; a paused one waits', async () => {
    server.now = { pieceBytes: 8_192, pauseMs: 40 };
    const first = await open();
    first.runtime.install([]);
    await expect.poll(() => first.runtime.status().install.progress?.doneBytes ?? 0, WAIT).toBeGreaterThan(4_096);
    await close(first);
    const second = await open();
    await expect.poll(() => second.runtime.status().install.state, WAIT).toBe('downloading');
    await expect.poll(() => server.requests.at(-1)?.range ?? '', WAIT).toMatch(/^bytes=[1-9]/);
    second.runtime.pause();
    await expect.poll(() => second.runtime.status().install.state, WAIT).toBe('paused');
    expect(second.runtime.status().install.progress?.doneBytes).toBeGreaterThan(4_096);
    await close(second);
    const third = await open();
    await expect.poll(() => third.runtime.status().install.state, WAIT).toBe('paused');
    expect(third.runtime.status().install.progress).toMatchObject({ totalBytes: expect.any(Number), doneBytes: expect.any(Number) });
    server.now = {};
    third.runtime.install([]);
    await expect.poll(() => third.runtime.status().install.state, WAIT).toBe('installed');
  });

  it('[U72] calling it off leaves nothing; a failure says why, and trying again works', async () => {
    server.now = { pieceBytes: 8_192, pauseMs: 40 };
    const { runtime } = await open();
    runtime.install([]);
    await expect.poll(() => runtime.status().install.progress?.doneBytes ?? 0, WAIT).toBeGreaterThan(4_096);
    await runtime.cancel();
    expect(runtime.status().install.state).toBe('offered');
    expect(existsSync(join(folder.path, 'data', 'ollama.download'))).toBe(false);
    server.now = { list: 'nothing' };
    runtime.install([]);
    await expect.poll(() => runtime.status().install.state, WAIT).toBe('failed');
    expect(runtime.status().install).toMatchObject({ fault: { code: 'download-failed', retryable: true }, offer: { file: NAME } });
    server.now = {};
    runtime.install([]);
    await expect.poll(() => runtime.status().install.state, WAIT).toBe('installed');
  });

  it('[U75] parts for graphics cards are fetched for one that is here, which answers meanwhile; broken off, that goes on with the next start', async () => {
    const cuda = join(folder.path, 'release', 'lib', 'ollama', 'cuda_v13');
    mkdirSync(cuda);
    writeFileSync(join(cuda, 'libggml-cuda.so'), 'cuda');
    await server.close();
    server = await openReleaseServer({ [NAME]: await tarOf(entriesOf(join(folder.path, 'release')), 'tar.zst') });
    const first = await open();
    first.runtime.install([]);
    await expect.poll(() => first.runtime.status().server?.state, WAIT).toBe('ready');
    const { install } = first.runtime.status();
    expect(install).toMatchObject({ state: 'installed', graphics: [], offer: { graphics: expect.arrayContaining(['cuda']) } });
    const part = join(folder.path, 'data', 'ollama', 'lib', 'ollama', 'cuda_v13', 'libggml-cuda.so');
    expect(existsSync(part)).toBe(false);
    server.now = { pieceBytes: 8_192, pauseMs: 40 };
    first.runtime.install(['cuda'], false);
    await expect.poll(() => first.runtime.status().install.progress?.doneBytes ?? 0, WAIT).toBeGreaterThan(4_096);
    expect(first.runtime.status().server?.state).toBe('ready');
    await close(first);
    server.now = {};
    const second = await open();
    await expect.poll(() => second.runtime.status().install, WAIT).toMatchObject({ state: 'installed', graphics: ['cuda'] });
    expect(existsSync(part)).toBe(true);
    await expect.poll(() => second.runtime.status().server?.state, WAIT).toBe('ready');
  });

  it.each([
    ['OLLAMA_BASE_URL', 'http://127.0.0.1:1', /OLLAMA_BASE_URL names/],
    ['OLLAMA_BIN', '/nowhere/ollama', /OLLAMA_BIN names/],
  ])('[U73] is not offered where %s says otherwise', async (name, value, words) => {
    const { runtime } = await open({ [name]: value });
    expect(runtime.status().install).toMatchObject({ state: 'not-offered', reason: expect.stringMatching(words) });
    expect(() => runtime.install([])).toThrow(words);
    if (name === 'OLLAMA_BASE_URL') await expect(runtime.shareModels(true)).rejects.toThrow(/not ours/);
  });

  it('[U74] where nothing can answer, trying again finds what was installed by hand since', async () => {
    const broken = createFakeModel();
    const stuck = { ...broken, status: () => ({ ...broken.status(), state: 'failed' as const, engine: 'none' as const }) };
    const first = { chosen: { engine: 'embedded' as const, because: 'Nothing else is here.' }, model: stuck, own: undefined };
    const config = configOf();
    const choose: typeof chooseModel = async (given, rest) =>
      existsSync(join(given.dataFolder, 'ollama')) ? chooseModel(given, rest) : first;
    const one = await openRuntime(config, ports, { pins: { version: '0.33.0', files: {} }, choose });
    opened.push(one);
    one.model.retry();
    putRelease(join(config.dataFolder, 'ollama'));
    one.model.retry();
    await expect.poll(() => one.runtime.status().server?.state, WAIT).toBe('ready');
    expect(one.model.status().choice?.because).toContain('Our own Ollama runs the binary fetched by this program.');
  });
});
