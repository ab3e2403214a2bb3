/** @file GET /health over real neighbours that come, go, hang and lie. */
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/main/adapters/sqlite/open.ts';
import { Fault } from '../../src/shared/faults.ts';
import { type Health, healthSchema } from '../../src/shared/status.ts';
import { createNeighbour } from '../kit/neighbour.ts';
import { createNeighbourHouse, type NeighbourHouse, type NeighbourHouseOptions } from '../kit/neighbour-house.ts';
import { freePort } from '../kit/redis.ts';
import { createSilentServer } from '../kit/silent-server.ts';
import { ask } from '../kit/test-door.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const house = async (environment: Record<string, string> = {}, more: NeighbourHouseOptions = {}) => {
  const made = await createNeighbourHouse({ ...more, environment });
  undo.push(made.close);
  return made;
};
const neighbour = async (port?: number) => {
  const made = await createNeighbour(port);
  undo.push(made.close);
  return made;
};
/** The answer as a client gets it, which fits the contract. */
async function health({ url }: NeighbourHouse): Promise<{ status: number; body: Health }> {
  const { status, body } = await ask(Number(new URL(url).port), { path: '/health' });
  return { status, body: healthSchema.parse(JSON.parse(body)) };
}
const statesOf = ({ body }: { body: Health }) =>
  Object.fromEntries(Object.entries(body.dependencies).map(([name, { state }]) => [name, state]));
const within = { timeout: 20_000, interval: 50 };

describe('GET /health', () => {
  it('[NB30] with nothing configured: healthy, each of its six dependencies said, unset ones not_configured and nothing more', async () => {
    const made = await house();
    const { status, body } = await health(made);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'healthy', service: 'persona_engine', version: '0' });
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(body.dependencies).toEqual({
      ollama: { state: 'healthy', since },
      model: { state: 'healthy', since },
      store: { state: 'healthy', latency_ms: expect.any(Number), since },
      redis: { state: 'not_configured' },
      character_manager: { state: 'not_configured' },
      memory_subsystem: { state: 'not_configured' },
    });
  });

  it('[NB31] a service that answers is healthy with its latency, whatever it answers below 500; from 500 on it is degraded', async () => {
    const [manager, subsystem] = [await neighbour(), await neighbour()];
    subsystem.saysOfHealth({ status: 503, body: 'no' });
    const made = await house({ CHARACTER_MANAGER_URL: manager.url, MEMORY_SUBSYSTEM_URL: subsystem.url });
    await expect
      .poll(async () => statesOf(await health(made)), within)
      .toMatchObject({ character_manager: 'healthy', memory_subsystem: 'degraded' });
    const { status, body } = await health(made);
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.dependencies.character_manager).toEqual({ state: 'healthy', latency_ms: expect.any(Number), since: expect.any(String) });
    expect(body.dependencies.memory_subsystem).toMatchObject({ reason: 'It answers with status 503.' });
  });

  it('[NB31] a service that goes is unhealthy within ten seconds, and healthy again within ten after it is back; since says when', async () => {
    const manager = await neighbour();
    const made = await house({ CHARACTER_MANAGER_URL: manager.url });
    const state = async () => (await health(made)).body.dependencies.character_manager.state;
    await expect.poll(state, within).toBe('healthy');
    const before = (await health(made)).body.dependencies.character_manager.since ?? '';
    await manager.close();
    const gone = performance.now();
    await expect.poll(state, within).toBe('unhealthy');
    const noticed = performance.now() - gone;
    const away = await health(made);
    expect(away).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(away.body.dependencies.character_manager).toMatchObject({ reason: 'It cannot be reached.' });
    expect((away.body.dependencies.character_manager.since ?? '') > before).toBe(true);
    await neighbour(manager.port);
    const back = performance.now();
    await expect.poll(state, within).toBe('healthy');
    const returned = performance.now() - back;
    console.log(`health: a service gone was noticed after ${Math.round(noticed)} ms, its return after ${Math.round(returned)} ms`);
    expect(Math.max(noticed, returned)).toBeLessThan(10_000);
  });

  it('[NB32] is answered from what is known: with every neighbour hanging, 300 requests make nobody ask anybody, and none waits', async () => {
    const [manager, subsystem, silent] = [await neighbour(), await neighbour(), await createSilentServer()];
    undo.push(silent.close);
    manager.saysOfHealth('hang');
    subsystem.saysOfHealth('hang-in-body');
    const made = await house({
      CHARACTER_MANAGER_URL: manager.url,
      MEMORY_SUBSYSTEM_URL: subsystem.url,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(silent.port),
    });
    await expect.poll(() => manager.looks() + subsystem.looks()).toBe(2);
    const looks = () => [manager.looks(), subsystem.looks()];
    const times: number[] = [];
    const before = looks();
    const began = performance.now();
    for (let index = 0; index < 300; index++) {
      const at = performance.now();
      await health(made);
      times.push(performance.now() - at);
    }
    const spent = performance.now() - began;
    times.sort((a, b) => a - b);
    console.log(
      `health with hanging neighbours: median ${times[150]?.toFixed(2)} ms, slowest ${times.at(-1)?.toFixed(1)} ms of ${times.length}`,
    );
    for (const [index, count] of looks().entries()) expect(count - (before[index] ?? 0)).toBeLessThanOrEqual(1 + spent / 5_000);
    expect(times[150]).toBeLessThan(50);
    await expect
      .poll(() => made.health().dependencies.character_manager, within)
      .toMatchObject({ state: 'unhealthy', reason: 'It does not answer.' });
    await expect.poll(() => made.health().dependencies.redis.state, within).toBe('unhealthy');
    expect(made.health().status).toBe('degraded');
  });

  it.each<[string, Parameters<NeighbourHouse['model']['setStatus']>[0], number, Health['status'], object]>([
    ['ready', { state: 'ready' }, 200, 'healthy', { ollama: 'healthy', model: 'healthy' }],
    ['there and not loaded', { state: 'stopped' }, 200, 'healthy', { model: 'healthy' }],
    ['being loaded', { state: 'loading' }, 200, 'healthy', { ollama: 'healthy', model: 'healthy' }],
    ['being looked for', { state: 'starting' }, 200, 'degraded', { ollama: 'degraded', model: 'degraded' }],
    ['being fetched', { state: 'installing' }, 200, 'degraded', { ollama: 'healthy', model: 'degraded' }],
    ['not there', { state: 'absent' }, 503, 'unhealthy', { ollama: 'healthy', model: 'unhealthy' }],
    [
      'on a server that is gone',
      { state: 'failed', fault: { code: 'model-offline', message: 'Gone.', retryable: true } },
      503,
      'unhealthy',
      { ollama: 'unhealthy', model: 'unhealthy' },
    ],
    [
      'broken on a server that answers',
      { state: 'failed', fault: { code: 'model-loading-failed', message: 'Broken.', retryable: true } },
      503,
      'unhealthy',
      { ollama: 'healthy', model: 'unhealthy' },
    ],
    ['embedded', { state: 'ready', engine: 'embedded' }, 200, 'healthy', { ollama: 'not_configured', model: 'healthy' }],
  ])('[NB33] a model %s', async (_name, status, code, overall, states) => {
    const made = await house();
    made.model.setStatus({ ...status, reason: 'So it is.' });
    const answer = await health(made);
    expect([answer.status, answer.body.status]).toEqual([code, overall]);
    expect(statesOf(answer)).toMatchObject(states);
  });

  it('[NB33] a disk that cannot be read is unhealthy, one that refused the last write is degraded', async () => {
    let readable = true;
    const value = (store: OpenedStore) => (key: string) => (readable ? store.value(key) : refuse());
    const broken = await house({}, { change: (store) => ({ ...store, value: value(store) }) });
    readable = false;
    await expect
      .poll(() => health(broken), within)
      .toMatchObject({
        status: 503,
        body: { status: 'unhealthy', dependencies: { store: { state: 'unhealthy', reason: 'It is gone.' } } },
      });
    const full = (store: OpenedStore): OpenedStore => ({ ...store, health: () => ({ state: 'degraded', reason: 'The disk is full.' }) });
    const answer = await health(await house({}, { change: full }));
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'degraded', dependencies: { store: { state: 'degraded', reason: 'The disk is full.' } } },
    });
  });

  it('[NB34] since is when the state came about, also where nobody asked meanwhile', async () => {
    const made = await house({ CHARACTER_MANAGER_URL: `http://127.0.0.1:${await freePort()}` });
    const before = Date.now();
    made.model.setStatus({ state: 'failed', reason: 'Gone.' });
    const changed = Date.now();
    await expect.poll(() => Date.now(), within).toBeGreaterThan(changed + 1_000);
    const since = Date.parse((await health(made)).body.dependencies.model.since ?? '');
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(changed);
  });
});

function refuse(): never {
  throw new Fault('store-failed', 'It is gone.');
}
