/** @file The services outside that the configuration names, each with what stands in for it where it is not named. */

import type { Dependency } from '../shared/status.ts';
import { createCharacterManager } from './adapters/neighbours/character-manager.ts';
import { createMemorySubsystem } from './adapters/neighbours/memory-subsystem.ts';
import { createProbe } from './adapters/neighbours/probe.ts';
import { openServiceLine } from './adapters/neighbours/service-line.ts';
import { createRedisPublisher } from './adapters/redis/publisher.ts';
import type { Config } from './config.ts';
import type { Memory } from './engine/memory-port.ts';
import { createOutbox, type Outbox } from './engine/outbox.ts';
import type { Characters, Clock, Log, Store } from './engine/ports.ts';

export type Neighbours = {
  characters: Characters;
  memory: Memory;
  outbox: Outbox | undefined;
  health: Record<'redis' | 'character_manager' | 'memory_subsystem', () => Dependency>;
  close(): Promise<void>;
};

const notConfigured = (): Dependency => ({ state: 'not_configured' });

/** `recall` is the own one: it answers where no Memory Subsystem is named, and wherever that one does not. */
type NeighbourPorts = { store: Store; library: Characters; recall: Memory; clock: Clock; log: Log };

export function openNeighbours(config: Config, { store, library, recall, clock, log }: NeighbourPorts): Neighbours {
  const line = (url: string | undefined) => (url === undefined ? undefined : openServiceLine(url));
  const manager = line(config.characterManagerUrl);
  const subsystem = line(config.memorySubsystemUrl);
  const publisher = config.redis && createRedisPublisher({ ...config.redis, clock, log });
  const outbox = publisher && createOutbox({ store, publisher, clock, log });
  const characterProbe = manager && createProbe({ name: 'character_manager', line: manager, clock, log });
  const memoryProbe = subsystem && createProbe({ name: 'memory_subsystem', line: subsystem, clock, log });
  return {
    characters: manager ? createCharacterManager({ line: manager, store, builtIn: library, clock, log }) : library,
    memory: subsystem ? createMemorySubsystem({ line: subsystem, otherwise: recall, log }) : recall,
    outbox,
    health: {
      redis: () => publisher?.status() ?? notConfigured(),
      character_manager: () => characterProbe?.latest() ?? notConfigured(),
      memory_subsystem: () => memoryProbe?.latest() ?? notConfigured(),
    },
    async close() {
      characterProbe?.close();
      memoryProbe?.close();
      const published = outbox?.close();
      await Promise.all([publisher?.close(), manager?.close(), subsystem?.close()]);
      await published;
    },
  };
}
