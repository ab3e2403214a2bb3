/** @file A real redis-server with a subscriber that misses nothing: it listens for others only once the subscriber is there. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { temporaryFolder } from './service.ts';

export type Heard = { channel: string; message: string };

export type TestRedis = {
  port: number;
  /** Everything that was published, over all lives of the server. */
  heard: Heard[];
  /** Resolves once so many messages were heard, or once it `fits`. */
  until(fits: (heard: Heard[]) => boolean): Promise<void>;
  start(): Promise<void>;
  /** kill -9; resolves when the subscriber has read what was still on its way. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: connections stay open and nothing is said. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
};

/** Changing the port while it runs is new in Redis 7. */
const OLDEST = 7;

/** Undefined where there is a redis-server to test with; the reason is printed too. */
export function whyNoRedis(): string | undefined {
  const { stdout, error } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = Number(/v=(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  const reason = error ? 'there is no redis-server here' : version < OLDEST ? `redis-server ${version} is older than ${OLDEST}` : undefined;
  if (reason) console.warn(`SKIPPED: Redis: ${reason}`);
  return reason;
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

const nothing = ['--save', '', '--appendonly', 'no', '--logfile', '', '--bind', '127.0.0.1', '--port', '0'];

/** Spawns and waits until it takes connections on its own socket file, which nobody else knows. */
async function spawnRedis(folder: string, socket: string): Promise<ChildProcess> {
  const child = spawn('redis-server', ['--dir', folder, '--unixsocket', socket, ...nothing], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('ready to accept connections')) resolve();
    });
  });
  return child;
}

/** Not running yet: `start` it. */
export async function createRedis(): Promise<TestRedis> {
  const folder = temporaryFolder('redis');
  const socket = join(folder.path, 'redis.sock');
  const port = await freePort();
  const heard: Heard[] = [];
  let waiters: { fits: (heard: Heard[]) => boolean; tell: () => void }[] = [];
  let server: ChildProcess | undefined;
  let subscriber: Redis | undefined;

  const hear = (channel: string, message: string) => {
    heard.push({ channel, message });
    const met = waiters.filter(({ fits }) => fits(heard));
    waiters = waiters.filter((waiter) => !met.includes(waiter));
    for (const { tell } of met) tell();
  };
  const subscribe = async () => {
    const client = new Redis({ path: socket, protocol: 2, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    client.on('pmessage', (_pattern: string, channel: string, message: string) => hear(channel, message));
    await client.psubscribe('*');
    return client;
  };
  const openPort = async () => {
    const client = new Redis({ path: socket, protocol: 2, retryStrategy: () => null });
    await client.config('SET', 'port', String(port));
    client.disconnect();
  };
  const kill = async () => {
    if (!server || !subscriber) return;
    const ended = [once(server, 'exit'), once(subscriber, 'end')];
    server.kill('SIGKILL');
    server = undefined;
    await Promise.all(ended);
  };
  return {
    port,
    heard,
    until: (fits) => (fits(heard) ? Promise.resolve() : new Promise((tell) => waiters.push({ fits, tell }))),
    async start() {
      server = await spawnRedis(folder.path, socket);
      subscriber = await subscribe();
      await openPort();
    },
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    async close() {
      server?.kill('SIGCONT');
      await kill();
      folder.remove();
    },
  };
}
