/** @file Turns on their way to a real Redis that is there, absent, silent, stopped, gone and back; over the real engine, outbox and store. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/main/adapters/sqlite/open.ts';
import { OUTBOX_PAUSE_MS } from '../../src/shared/limits.ts';
import { done, text } from '../kit/fake-model.ts';
import { createNeighbourHouse, type NeighbourHouseOptions, speak } from '../kit/neighbour-house.ts';
import { createRedis, freePort, whyNoRedis } from '../kit/redis.ts';
import { createSilentServer } from '../kit/silent-server.ts';
import type { SocketClient } from '../kit/test-door.ts';

const reason = whyNoRedis();
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const redis = async () => {
  const made = await createRedis();
  undo.push(made.close);
  return made;
};
const house = async (port: number, more: NeighbourHouseOptions = {}) => {
  const made = await createNeighbourHouse({ ...more, environment: { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(port) } });
  undo.push(made.close);
  return { ...made, client: await made.connect() };
};
const texts = (heard: { message: string }[]) => heard.map(({ message }) => (JSON.parse(message) as { user_message: string }).user_message);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** So many turns, one after the other; every one of them is answered. */
async function talk(client: SocketClient, count: number): Promise<void> {
  for (const message of upTo(count)) expect(await speak(client, { message })).toMatchObject({ type: 'complete', status: 'complete' });
}

describe.skipIf(reason)(`turns in Redis${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('[NB1] a finished turn is one message on conversation_turns with exactly the five keys, the time in seconds with a fraction', async () => {
    const server = await redis();
    await server.start();
    const { model, client } = await house(server.port);
    model.will([{ type: 'thinking', text: 'Secret thought.' }, text('Hi "there"!'), done()]);
    const before = Date.now() / 1_000;
    await speak(client, { message: 'Hello! ✨', user_id: 'user123', character_id: 'default' });
    await server.until((heard) => heard.length === 1);
    const after = Date.now() / 1_000;
    expect(server.heard.map(({ channel }) => channel)).toEqual(['conversation_turns']);
    const [whole, timestamp] = /"timestamp":(\d+(?:\.\d+)?)\}$/.exec(server.heard[0]?.message ?? '') ?? [];
    expect(server.heard[0]?.message.replace(whole ?? '', '')).toBe(
      '{"user_id":"user123","character_id":"default","user_message":"Hello! ✨","ai_response":"Hi \\"there\\"!",',
    );
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
    expect(Number(timestamp)).toBeLessThanOrEqual(after);
  });

  it('[NB1] a stopped turn is published where it has text, a failed one and an empty one never', async () => {
    const server = await redis();
    await server.start();
    const { model, client } = await house(server.port);
    const forever = new Promise<void>(() => undefined);
    model.will([text('Half'), { type: 'pause', until: forever }]);
    client.send({ message: 'stopped with text' });
    await client.until((frames) => frames.some((frame) => (frame as { content?: string }).content === 'Half'));
    client.send({ type: 'stop' });
    await client.until((frames) => frames.some((frame) => (frame as { status?: string }).status === 'stopped'));
    model.will([text('Broken'), { type: 'throw', error: new Error('broken') }]);
    await speak(client, { message: 'failed' });
    model.will([done()]);
    await speak(client, { message: 'empty' });
    await speak(client, { message: 'last' });
    await server.until((heard) => heard.length === 2);
    expect(texts(server.heard)).toEqual(['stopped with text', 'last']);
    expect(JSON.parse(server.heard[0]?.message ?? '')).toMatchObject({ ai_response: 'Half' });
  });

  it('[NB4] a thousand turns that ended while Redis was away are all there, in order, within ten seconds of its start', async () => {
    const server = await redis();
    const { client, health } = await house(server.port);
    await talk(client, 1_000);
    expect(health().dependencies.redis).toMatchObject({ state: 'unhealthy', reason: expect.stringMatching(/^Redis cannot be reached/) });
    const began = performance.now();
    await server.start();
    await server.until((heard) => heard.length === 1_000);
    const took = performance.now() - began;
    console.log(`redis backlog turns=1000 took=${Math.round(took)}ms`);
    expect(texts(server.heard)).toEqual(upTo(1_000));
    expect(took).toBeLessThan(10_000);
    expect(health().dependencies.redis).toMatchObject({ state: 'healthy', latency_ms: expect.any(Number), since: expect.any(String) });
  });

  it('[NB4] a Redis that stands still and goes on again gets every turn, in order', async () => {
    const server = await redis();
    await server.start();
    const { client, health } = await house(server.port);
    await talk(client, 3);
    server.pause();
    await talk(client, 40);
    await expect.poll(() => health().dependencies.redis.state, { timeout: 20_000 }).toBe('unhealthy');
    server.resume();
    const wanted = [...upTo(3), ...upTo(40)];
    await server.until((heard) => texts(heard).filter((one) => one === '40').length > 0);
    const repeated = server.heard.length - new Set(server.heard.map(({ message }) => message)).size;
    console.log(`redis stopped and continued: turns=43 duplicates=${repeated}`);
    const distinct = [...new Set(server.heard.map(({ message }) => message))].map((message) => ({ message }));
    expect(texts(distinct)).toEqual(wanted);
  });
});

describe('a Redis that is not there', () => {
  /** How often the disk is asked for rows while so many turns pass, and how long that took. */
  async function readsDuring(port: number, turns: number): Promise<{ reads: number; ms: number }> {
    let reads = 0;
    const change = (store: OpenedStore): OpenedStore => ({
      ...store,
      outbox: (limit) => {
        reads += 1;
        return store.outbox(limit);
      },
    });
    const { client, store } = await house(port, { change });
    const began = performance.now();
    await talk(client, turns);
    expect(store.outbox(turns + 1).length).toBe(turns);
    return { reads: reads - 1, ms: performance.now() - began };
  }
  const turns = 200;

  it('[NB3] absent: every turn is answered, and the disk is asked once a pause and not once a turn', async () => {
    const { reads, ms } = await readsDuring(await freePort(), turns);
    console.log(`redis absent: turns=${turns} reads=${reads}`);
    expect(reads).toBeLessThanOrEqual(2 + ms / OUTBOX_PAUSE_MS);
  });

  it('[NB3] silent: the same, and no turn waits for the one that is being published', async () => {
    const silent = await createSilentServer();
    undo.push(silent.close);
    const { reads, ms } = await readsDuring(silent.port, turns);
    console.log(`redis silent: turns=${turns} reads=${reads}`);
    expect(silent.received().match(/conversation_turns/g)?.length ?? 0).toBeLessThanOrEqual(2 + ms / OUTBOX_PAUSE_MS);
    expect(reads).toBeLessThanOrEqual(2 + ms / OUTBOX_PAUSE_MS);
  });

  it('[NB4] silent: it is said to be away, and its connection is given up for a new one', async () => {
    const silent = await createSilentServer();
    undo.push(silent.close);
    const { health } = await house(silent.port);
    await expect.poll(() => silent.counts().made, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(health().dependencies.redis.state).toBe('unhealthy');
    expect(silent.counts().open).toBeLessThanOrEqual(1);
  });

  /** A server that gives this answer to every connection and ends it; resolves with the pauses between so many tries. */
  async function pausesOf(answer: string, tries: number): Promise<number[]> {
    const times: number[] = [];
    const server = createServer((socket) => {
      times.push(performance.now());
      socket.on('error', () => socket.destroy());
      if (answer === '') socket.destroy();
      else socket.once('data', () => socket.end(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    undo.push(() => server.close());
    const address = server.address();
    await house(typeof address === 'object' && address ? address.port : 0);
    await expect.poll(() => times.length, { timeout: 28_000, interval: 50 }).toBeGreaterThanOrEqual(tries);
    return times.slice(1, tries).map((at, index) => Math.round(at - (times[index] ?? 0)));
  }

  it('[NB4] turned away again and again: it tries on, more and more rarely, and never more than five seconds apart', async () => {
    const pauses = await pausesOf('', 8);
    console.log(`redis refusing: pauses=${pauses.join(',')}ms`);
    expect(Math.max(...pauses)).toBeLessThan(5_000);
    expect(Math.max(...pauses)).toBeGreaterThan(1_000);
  });

  it('[NB4] one that answers and goes is tried again at once, each time', async () => {
    const pauses = await pausesOf('+PONG\r\n', 8);
    console.log(`redis that answers and goes: pauses=${pauses.join(',')}ms`);
    expect(Math.max(...pauses)).toBeLessThan(1_000);
  });

  it('[NB6] unset: nothing is kept for it', async () => {
    const made = await createNeighbourHouse();
    undo.push(made.close);
    await talk(await made.connect(), 5);
    expect(made.store.outbox(10)).toEqual([]);
    expect(made.health().dependencies.redis).toEqual({ state: 'not_configured' });
  });
});
