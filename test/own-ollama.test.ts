/** @file The service with an Ollama of its own: what it chooses, what it tells, and what it leaves alone. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelStatus } from '../src/shared/status.ts';
import { connect } from './kit/client.ts';
import { putRelease } from './kit/ollama/release.ts';
import { createScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { modelReady, type OwnHouse, ownHouse, spawnOwn, WAIT } from './kit/own-ollama.ts';

const opened: { house: OwnHouse; service: ReturnType<typeof spawnOwn> }[] = [];
const start = (house: OwnHouse, environment: Record<string, string> = {}) => {
  const service = spawnOwn(house, environment);
  opened.push({ house, service });
  return service;
};
afterEach(async () => {
  for (const { house, service } of opened.splice(0)) {
    service.child.kill('SIGKILL');
    await service.ended;
    await expect.poll(house.family, WAIT).toEqual([]);
    house.remove();
  }
});

async function statusOf(service: ReturnType<typeof spawnOwn>): Promise<ModelStatus> {
  await expect.poll(service.stdout, WAIT).toMatch(/ready on \S+\n/);
  const client = await connect(/ready on (\S+)/.exec(service.stdout())?.[1] ?? '');
  const { model } = await client.until('session-opened');
  client.close();
  return model;
}
const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

describe.skipIf(process.platform !== 'linux')('an Ollama of our own', () => {
  it('[U31] is chosen, started and talked to; window, health and log say what it is and why', async () => {
    const house = ownHouse('own-chosen');
    const service = start(house);
    await modelReady(service.log);
    const status = await statusOf(service);
    expect(status).toMatchObject({
      state: 'ready',
      model: 'smollm2:135m',
      choice: { because: expect.stringContaining('Our own Ollama runs the binary named by OLLAMA_BIN.') },
    });
    const url = /ready on (\S+)/.exec(service.stdout())?.[1] ?? '';
    const health = await (await fetch(`${url}/health`)).json();
    expect(health).toMatchObject({
      status: 'healthy',
      dependencies: {
        ollama: { state: 'healthy', reason: expect.stringContaining('Our own Ollama runs the binary named by OLLAMA_BIN.') },
      },
    });
    expect(service.log().find(({ event }) => event === 'model-chosen')).toMatchObject({ engine: 'own', because: status.choice?.because });
    const client = await connect(url);
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Hello' });
    expect((await client.until('turn-ended')).status).toBe('complete');
    const warden = house.family().find(({ group, pid }) => group === pid);
    expect(house.family().map(({ executable }) => executable)).toContain(house.release.runner);
    expect(warden?.executable).not.toContain('ollama');
    expect(filesIn(join(house.release.binary, '../..'))).toEqual(['bin', 'bin/ollama', 'lib', 'lib/ollama', 'lib/ollama/llama-server']);
  });

  it('[U31] a turn that comes while it starts waits for it', async () => {
    const house = ownHouse('own-early');
    const service = start(house);
    await expect.poll(service.stdout, WAIT).toMatch(/ready on \S+\n/);
    const client = await connect(/ready on (\S+)/.exec(service.stdout())?.[1] ?? '');
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Hello' });
    expect((await client.until('turn-ended')).status).toBe('complete');
  });

  it('[U31] with OLLAMA_BASE_URL nothing of our own is started', async () => {
    const house = ownHouse('own-named');
    const theirs = await createScriptedOllama();
    const service = start(house, { OLLAMA_BASE_URL: theirs.url });
    await modelReady(service.log);
    expect((await statusOf(service)).choice).toEqual({ because: 'OLLAMA_BASE_URL is set.' });
    expect(house.family()).toEqual([]);
    expect(readdirSync(house.dataFolder)).not.toContain('model-server');
    await theirs.close();
  });

  it('[U31] a binary that is named and is none is said to be so, without a stand-in, and looked for again when asked', async () => {
    const house = ownHouse('own-missing');
    const later = join(house.dataFolder, '..', 'later');
    const service = start(house, { OLLAMA_BIN: join(later, 'bin', 'ollama') });
    await expect.poll(() => service.log().some(({ event, state }) => event === 'server-state' && state === 'failed'), WAIT).toBe(true);
    expect(await statusOf(service)).toMatchObject({
      state: 'failed',
      reason:
        'Our own Ollama cannot be started: OLLAMA_BIN names no program that can be run. Everything written is kept; correct OLLAMA_BIN, or unset it.',
      fault: { code: 'model-offline' },
    });
    putRelease(later);
    const client = await connect(/ready on (\S+)/.exec(service.stdout())?.[1] ?? '');
    await client.ask({ type: 'retry-engine' });
    await modelReady(service.log);
  });

  it('[U4] the person’s own models are offered and not touched; once shared, they are used', async () => {
    const house = ownHouse('own-shared');
    const home = join(house.dataFolder, '..', 'home');
    const models = join(home, '.ollama', 'models');
    const manifest = join(models, 'manifests', 'registry.ollama.ai', 'library', 'llama3');
    mkdirSync(manifest, { recursive: true });
    writeFileSync(join(manifest, '8b'), '{}');
    const before = { files: filesIn(home), at: statSync(manifest).mtimeMs };
    const service = start(house, { HOME: home });
    await modelReady(service.log);
    expect((await statusOf(service)).choice?.theirModels).toEqual({ folder: '~/.ollama/models', models: 1 });
    service.child.kill('SIGTERM');
    await service.ended;
    expect({ files: filesIn(home), at: statSync(manifest).mtimeMs }).toEqual(before);

    writeFileSync(join(house.dataFolder, 'model-server', 'models-folder.txt'), models);
    const again = start(house, { HOME: home });
    await modelReady(again.log);
    expect((await statusOf(again)).choice?.theirModels).toBeUndefined();
    const environments = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => environmentOf(pid))
      .filter((environment) => environment.includes(`HOME=${house.dataFolder}/`));
    expect(environments.length).toBeGreaterThan(0);
    for (const environment of environments) expect(environment).toContain(`OLLAMA_MODELS=${models}`);
    again.child.kill('SIGTERM');
    await again.ended;
    expect({ files: filesIn(home), at: statSync(manifest).mtimeMs }).toEqual(before);
  });
});

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // Ended in the meantime, or somebody else's.
  }
}
