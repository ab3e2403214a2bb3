/** @file The store's contract over a file and in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { silentLog } from '../kit/silent-log.ts';
import { registerStoreSuite } from './store.suite.ts';

registerStoreSuite('sqlite in memory', () => ({ store: memoryStore({ outbox: true }), cleanup() {} }));

registerStoreSuite('sqlite in a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const store = openStore({ folder, log: silentLog, now: () => 0, outbox: true });
  return { store, cleanup: () => rmSync(folder, { recursive: true }) };
});
