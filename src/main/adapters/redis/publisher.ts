/** @file Redis as a publisher: reachable or not, never a queue of its own. */
import { Redis } from 'ioredis';
import { Fault } from '../../../shared/faults.ts';
import { PROBE_EVERY_MS, REDIS_COMMAND_MS, REDIS_CONNECT_MS, REDIS_DISCONNECT_MS, REDIS_RECONNECT_MS } from '../../../shared/limits.ts';
import type { Dependency } from '../../../shared/status.ts';
import type { Clock, Log, Publisher } from '../../engine/ports.ts';

/** The seed's channel. */
const CHANNEL = 'conversation_turns';
const FIRST_RECONNECT_MS = 100;

const away: Dependency = { state: 'unhealthy', reason: 'Redis cannot be reached; turns wait on disk and are published when it is back.' };
const refusing: Dependency = { state: 'degraded', reason: 'Redis takes no turns; they wait on disk and are published later.' };

export type RedisOptions = { host: string; port: number; db: number; clock: Clock; log: Log };

/** An answer of Redis that says no; the connection is as good as it was. */
const isRefusal = (error: unknown) => error instanceof Error && error.name === 'ReplyError';

/** PUBLISH is answered with how many heard it; whoever says anything else has not taken it, or its answers have lost their order. */
function demandTaken(answer: unknown): void {
  if (typeof answer !== 'number' || answer < 0) throw new Error('PUBLISH was answered with something else than a count');
}

/** `pause` says how long to wait before the next try, in milliseconds. */
function connect({ host, port, db }: RedisOptions, pause: () => number): Redis {
  return new Redis({
    host,
    port,
    db,
    // The oldest protocol and no introduction: nothing that a plain PUBLISH does not need can fail.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: REDIS_CONNECT_MS,
    commandTimeout: REDIS_COMMAND_MS,
    disconnectTimeout: REDIS_DISCONNECT_MS,
    retryStrategy: pause,
  });
}

/** Connects at once and keeps trying; a publish while Redis is away is refused. Redis counts as there when it answers a PING. */
export function createRedisPublisher(options: RedisOptions): Publisher {
  const { clock, log } = options;
  /** Tries since Redis last answered: one that takes a connection and hangs up is no better than none. */
  let tries = 0;
  const redis = connect(options, () => {
    tries += 1;
    return Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(tries - 1, 10), REDIS_RECONNECT_MS);
  });
  const listeners = new Set<() => void>();
  let status: Dependency = { state: 'degraded', reason: 'It is being connected to.' };
  /** Redis is there and takes no turns, or never says so: a PING that works does not make up for that. */
  let refused = false;
  let cancelLook = () => {};

  const become = (next: Dependency, cause?: unknown) => {
    const before = status.state;
    status = next;
    if (next.state === before) return;
    if (next.state === 'healthy') log.info('redis-ready');
    else log.warn('redis-away', { state: next.state, cause });
  };
  /** Our own end of a connection says nothing about Redis; the next one will. */
  let givenUp = false;
  /** A connection that stays silent, or says what nobody asked, is as good as none, and only a new one can be better. */
  const giveUp = () => {
    givenUp = redis.status === 'ready';
    if (givenUp) redis.disconnect(true);
  };
  const look = async () => {
    cancelLook();
    cancelLook = clock.after(PROBE_EVERY_MS, () => void look());
    if (redis.status !== 'ready') return;
    const began = clock.now();
    try {
      await redis.ping();
    } catch (error) {
      become(isRefusal(error) ? refusing : away, error);
      if (!isRefusal(error)) giveUp();
      return;
    }
    tries = 0;
    const returned = status.state !== 'healthy';
    become(refused ? refusing : { state: 'healthy', latency_ms: clock.now() - began });
    if (returned && !refused) for (const listener of listeners) listener();
  };
  redis.on('ready', () => void look());
  redis.on('close', () => {
    if (!givenUp) become(away);
    givenUp = false;
  });
  redis.on('error', (error) => log.debug('redis-failed', { cause: error }));
  void look();

  return {
    async publish(payload) {
      try {
        demandTaken(await redis.publish(CHANNEL, payload));
      } catch (error) {
        refused = redis.status === 'ready';
        become(refused ? refusing : away, error);
        if (!isRefusal(error)) giveUp();
        const words = 'Redis did not take a turn; it waits on disk and is published when Redis is back.';
        throw new Fault('publish-failed', words, { cause: error });
      }
      if (refused) become({ state: 'healthy' });
      refused = false;
    },
    onReady(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => status,
    async close() {
      cancelLook();
      listeners.clear();
      redis.disconnect();
    },
  };
}
