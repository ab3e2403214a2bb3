/** @file The real store, kept in memory: fast enough for every engine test, and the same code as on disk. */
import { type OpenedStore, openStore } from '../../src/main/adapters/sqlite/open.ts';
import type { Log } from '../../src/main/engine/ports.ts';
import { silentLog } from './silent-log.ts';

export type MemoryStoreOptions = {
  /** Milliseconds since 1970; a fixed moment where absent. */
  now?: () => number;
  outbox?: boolean;
  log?: Log;
};

export function memoryStore({ now = () => 1_700_000_000_000, outbox = false, log = silentLog }: MemoryStoreOptions = {}): OpenedStore {
  return openStore({ folder: undefined, log, now, outbox });
}
