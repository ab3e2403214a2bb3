/** @file Something at the address of Redis that is slow, silent, refuses, lies or is no Redis: no turn is lost to it, none waits for it. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createNeighbourHouse, speak } from '../kit/neighbour-house.ts';

const reset = Symbol('the connection is broken');
type Says = string | undefined | typeof reset;
/** What it says to a command; undefined is nothing at all. */
type Lie = (command: string) => Says;

const honest = (command: string): string =>
  command.startsWith('PING') ? '+PONG\r\n' : command.startsWith('PUBLISH') ? ':0\r\n' : '+OK\r\n';
const always =
  (says: Says): Lie =>
  () =>
    says;
/** Honest, but for the command that matters. */
const toPublish =
  (says: Says): Lie =>
  (command) =>
    command.startsWith('PUBLISH') ? says : honest(command);

const commandsIn = (text: string) =>
  [...text.matchAll(/\*\d+\r\n((?:\$\d+\r\n[^\r]*\r\n)+)/g)].map(([, parts = '']) =>
    parts
      .split('\r\n')
      .filter((_, index) => index % 2 === 1)
      .join(' ')
      .toUpperCase(),
  );

async function openLiar(first: Lie) {
  const sockets = new Set<Socket>();
  const state = { lie: first, published: 0, made: 0 };
  const server = createServer((socket) => {
    state.made += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      for (const command of commandsIn(bytes.toString())) {
        if (command.startsWith('PUBLISH')) state.published += 1;
        const says = state.lie(command);
        if (says === reset) socket.resetAndDestroy();
        else if (says !== undefined) socket.write(says);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    state,
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const within = { timeout: 20_000, interval: 20 };

/** `waits`: the turn stays on disk until this is a Redis again. */
const rows: [string, Lie, 'taken' | 'waits', 'healthy' | 'degraded' | 'unhealthy'][] = [
  ['one that answers', honest, 'taken', 'healthy'],
  ['two answers to each command', (command) => `${honest(command)}${honest(command)}`, 'taken', 'healthy'],
  ['news that nobody asked for', (command) => `${honest(command)}*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nb\r\n`, 'taken', 'healthy'],
  ['silence', always(undefined), 'waits', 'unhealthy'],
  ['half an answer, then silence', always('+PO'), 'waits', 'unhealthy'],
  ['a broken connection', always(reset), 'waits', 'unhealthy'],
  ['an answer without end', always(`+${'x'.repeat(1024 * 1024)}`), 'waits', 'unhealthy'],
  ['an answer of a gibibyte', always(`$1073741824\r\n${'x'.repeat(1024 * 1024)}`), 'waits', 'unhealthy'],
  ['a web server', always('HTTP/1.1 400 Bad Request\r\n\r\n'), 'waits', 'unhealthy'],
  ['another protocol', always('SSH-2.0-OpenSSH_9.6\r\n'), 'waits', 'unhealthy'],
  ['noise', always('\u0001\u0002\u0003\r\n'), 'waits', 'unhealthy'],
  ['a password is wanted', always('-NOAUTH Authentication required.\r\n'), 'waits', 'degraded'],
  ['it is still loading', always('-LOADING Redis is loading the dataset in memory\r\n'), 'waits', 'degraded'],
  ['no such command', toPublish('-ERR unknown command\r\n'), 'waits', 'degraded'],
  ['read only', toPublish("-READONLY You can't write against a read only replica.\r\n"), 'waits', 'degraded'],
  ['out of memory', toPublish('-OOM command not allowed\r\n'), 'waits', 'degraded'],
  ['sent elsewhere', toPublish('-MOVED 1 10.255.255.1:6379\r\n'), 'waits', 'degraded'],
  ['silence to PUBLISH alone', toPublish(undefined), 'waits', 'degraded'],
  ['a negative count', toPublish(':-1\r\n'), 'waits', 'degraded'],
  ['nothing in place of a count', toPublish('$-1\r\n'), 'waits', 'degraded'],
  ['a word in place of a count', toPublish('$5\r\nhello\r\n'), 'waits', 'degraded'],
  ['a list in place of a count', toPublish('*2\r\n:1\r\n:2\r\n'), 'waits', 'degraded'],
  ['the answer to another command', toPublish('+PONG\r\n'), 'waits', 'degraded'],
];

describe('a Redis that lies', () => {
  it.concurrent.for(rows)('[NB8] %s', { timeout: 60_000 }, async ([_name, lie, fate, state], { expect }) => {
    const liar = await openLiar(lie);
    const house = await createNeighbourHouse({ environment: { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(liar.port) } });
    try {
      const client = await house.connect();
      expect(await speak(client, { message: 'Hello' })).toMatchObject({ type: 'complete', warnings: [] });
      const waiting = () => house.store.outbox(10).length;
      if (fate === 'taken') await expect.poll(waiting, within).toBe(0);
      else await expect.poll(() => liar.state.published + liar.state.made, within).toBeGreaterThanOrEqual(3);
      await expect.poll(() => house.health().dependencies.redis.state, within).toBe(state);
      expect(waiting()).toBe(fate === 'taken' ? 0 : 1);
      liar.state.lie = honest;
      await expect.poll(waiting, within).toBe(0);
      await expect.poll(() => house.health().dependencies.redis.state, within).toBe('healthy');
      expect(house.logged.filter(({ level }) => level === 'error')).toEqual([]);
    } finally {
      await house.close();
      liar.close();
    }
  });

  it('[NB8] one that takes no turns is not worn out: no more than a connection a second is made, and its state stands still', async () => {
    const liar = await openLiar(toPublish(':-1\r\n'));
    const house = await createNeighbourHouse({ environment: { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(liar.port) } });
    try {
      await speak(await house.connect(), { message: 'Hello' });
      const began = performance.now();
      await expect.poll(() => house.health().dependencies.redis.state, within).toBe('degraded');
      const { since } = house.health().dependencies.redis;
      await expect.poll(() => liar.state.published, within).toBeGreaterThanOrEqual(3);
      expect(liar.state.made).toBeLessThanOrEqual(2 + (performance.now() - began) / 1_000);
      expect(house.health().dependencies.redis).toMatchObject({ state: 'degraded', since });
    } finally {
      await house.close();
      liar.close();
    }
  });
});
