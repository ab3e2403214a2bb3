/** @file The real store, kept in memory: fast enough for every engine test, and the same code as on disk. */
import { type OpenedStore, openStore } from '../../src/main/adapters/sqlite/open.ts';
import type { Log } from '../../src/main/engine/ports.ts';

export type MemoryStoreOptions = {
  /** Milliseconds since 1970; a fixed moment where absent. */
  now?: () => number;
  outbox?: boolean;
  log?: Log;
};

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function memoryStore({ now = () => 1_700_000_000_000, outbox = false, log = silent }: MemoryStoreOptions = {}): OpenedStore {
  return openStore({ folder: undefined, log, now, outbox });
}
