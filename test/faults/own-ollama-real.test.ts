/** @file A real Ollama of our own with a model loaded, where OLLAMA_BIN and OLLAMA_TEST_MODELS name one: killed, and side-loaded into. */
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../kit/client.ts';
import { familyOf, modelReady, spawnOwn, WAIT } from '../kit/own-ollama.ts';
import { createRandom } from '../kit/random.ts';
import { temporaryFolder } from '../kit/service.ts';

const binary = process.env['OLLAMA_BIN'];
const models = process.env['OLLAMA_TEST_MODELS'];
const starter = process.env['STARTER_MODEL'];
const KILLS = process.env['TEST_LONG'] ? 10 : 2;
const SEED = 3;
const PATIENCE = { timeout: 120_000, interval: 10 };

const folders: ReturnType<typeof temporaryFolder>[] = [];
function house() {
  const folder = temporaryFolder('own-real');
  folders.push(folder);
  const dataFolder = join(folder.path, 'data');
  mkdirSync(join(dataFolder, 'model-server'), { recursive: true });
  return {
    dataFolder,
    environment: { OLLAMA_BIN: binary ?? '', PERSONA_DATA_DIR: dataFolder, MAX_TOKENS: '200', NUM_CTX: '4096' },
    family: () => familyOf(dataFolder),
  };
}
type House = ReturnType<typeof house>;
afterEach(() => {
  for (const { path, remove } of folders.splice(0)) {
    for (const { pid } of familyOf(join(path, 'data'))) process.kill(pid, 'SIGKILL');
    remove();
  }
});

async function talk(service: ReturnType<typeof spawnOwn>) {
  await expect.poll(service.stdout, WAIT).toMatch(/ready on \S+\n/);
  const client = await connect(/ready on (\S+)/.exec(service.stdout())?.[1] ?? '');
  const conversationId = await client.converse();
  await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Tell me about the sea.' });
  await client.until('text-delta');
  return client;
}
const start = (own: House, more: Record<string, string> = {}) =>
  spawnOwn({ ...own, release: { binary: '', runner: '', replaceServer: () => undefined }, remove: () => undefined }, more);
const names = (own: House) => own.family().map(({ executable }) => executable.split('/').at(-1));

const skip = binary && models ? undefined : 'OLLAMA_BIN and OLLAMA_TEST_MODELS name no binary and no folder with smollm2:135m';
describe.skipIf(skip !== undefined)(`a real Ollama of our own${skip ? ` (skipped: ${skip})` : ''}`, () => {
  it(`[U24] leaves no process over ${KILLS} kills with a model loaded`, { timeout: KILLS * 150_000 }, async () => {
    const random = createRandom(SEED);
    let slowest = 0;
    for (let round = 0; round < KILLS; round++) {
      const own = house();
      symlinkSync(models ?? '', join(own.dataFolder, 'model-server', 'models'));
      const service = start(own);
      await modelReady(service.log);
      await talk(service);
      expect(names(own)).toEqual(expect.arrayContaining(['persona-ollama', 'llama-server']));
      await new Promise((resolve) => setTimeout(resolve, random.whole(0, 500)));
      service.child.kill('SIGKILL');
      await service.ended;
      const since = performance.now();
      await expect.poll(own.family, { timeout: 10_000, interval: 5 }).toEqual([]);
      slowest = Math.max(slowest, performance.now() - since);
    }
    console.log(`own-real seed=${SEED} kills=${KILLS} left=0 slowest=${Math.round(slowest)} ms`);
  });

  it('[U24] its runner and it are killed in turn: the next message works, and an orderly end leaves nobody', async () => {
    const own = house();
    symlinkSync(models ?? '', join(own.dataFolder, 'model-server', 'models'));
    const service = start(own);
    await modelReady(service.log);
    const client = await talk(service);
    const [, conversationId = ''] = /"conversationId":"([^"]+)"/.exec(JSON.stringify(client.events)) ?? [];
    for (const [index, victim] of ['llama-server', 'persona-ollama'].entries()) {
      const seen = own.family().find(({ executable }) => executable.endsWith(victim));
      process.kill(seen?.pid ?? 0, 'SIGKILL');
      const turnId = `again-${index}`;
      await client.ask({ type: 'start-turn', turnId, conversationId, text: 'And the mountains?' });
      await client.until('text-delta', (event) => event.turnId === turnId);
    }
    const before = client.events.filter((event) => event.type === 'turn-ended').map(({ status }) => status);
    expect(before).toEqual(['failed', 'failed']);
    service.child.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    await expect.poll(own.family, { timeout: 10_000 }).toEqual([]);
  }, 300_000);

  it.skipIf(!starter)(
    `[U24] the starter model is laid into its store and talks${starter ? '' : ' (skipped: STARTER_MODEL names no file)'}`,
    async () => {
      const own = house();
      mkdirSync(join(own.dataFolder, 'models'));
      copyFileSync(starter ?? '', join(own.dataFolder, 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'));
      const service = start(own);
      await modelReady(service.log);
      expect(service.log().find(({ event }) => event === 'starter-laid')).toMatchObject({ model: 'persona/smollm2:135m' });
      const client = await talk(service);
      const ended = await client.until('turn-ended', () => true);
      expect(ended).toMatchObject({ status: 'complete' });
      expect((await client.until('session-opened')).model.label).toBe('SmolLM2 135M Q4_1');
      service.child.kill('SIGTERM');
      await service.ended;
      await expect.poll(own.family, PATIENCE).toEqual([]);
    },
    300_000,
  );
});
