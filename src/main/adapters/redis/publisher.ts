/** @file Redis as a publisher: connected or not, never a queue of its own. */
import { Redis } from 'ioredis';
import { Fault } from '../../../shared/faults.ts';
import { REDIS_COMMAND_MS, REDIS_CONNECT_MS, REDIS_RECONNECT_MS } from '../../../shared/limits.ts';
import type { Dependency } from '../../../shared/status.ts';
import type { Log, Publisher } from '../../engine/ports.ts';

/** The seed's channel. */
const CHANNEL = 'conversation_turns';
const FIRST_RECONNECT_MS = 100;

export type RedisOptions = { host: string; port: number; db: number; log: Log };

/** Begins to connect at once and keeps trying; a publish while there is no connection is refused. */
export function createRedisPublisher({ host, port, db, log }: RedisOptions): Publisher {
  const redis = new Redis({
    host,
    port,
    db,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: REDIS_CONNECT_MS,
    commandTimeout: REDIS_COMMAND_MS,
    retryStrategy: (attempt) => Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(attempt, 10), REDIS_RECONNECT_MS),
  });
  let status: Dependency = { state: 'degraded', reason: 'It is being connected to.' };
  redis.on('ready', () => {
    status = { state: 'healthy' };
    log.info('redis-ready');
  });
  redis.on('close', () => {
    status = { state: 'unhealthy', reason: 'Redis cannot be reached; turns wait on disk and are published when it is back.' };
  });
  redis.on('error', (error) => log.debug('redis-failed', { cause: error }));
  return {
    async publish(payload) {
      try {
        await redis.publish(CHANNEL, payload);
      } catch (error) {
        throw new Fault('publish-failed', 'Redis did not take a turn; it waits on disk and is published when Redis is back.', {
          cause: error,
        });
      }
    },
    onReady(listener) {
      redis.on('ready', listener);
      return () => redis.off('ready', listener);
    },
    status: () => status,
    async close() {
      redis.disconnect();
    },
  };
}
