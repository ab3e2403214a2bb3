/** @file The page over the real engine, sessions and door, with a store in memory and a paced model. */

import { createIds, createSystemClock } from '../../../src/main/adapters/log/system-clock.ts';
import type { OpenedStore } from '../../../src/main/adapters/sqlite/open.ts';
import { openDoor } from '../../../src/main/api/door.ts';
import type { Library } from '../../../src/main/engine/cards/library-port.ts';
import type { DoorPort } from '../../../src/main/engine/door.ts';
import { createEngine } from '../../../src/main/engine/engine.ts';
import type { Memory } from '../../../src/main/engine/memory-port.ts';
import type { RegistryEntry } from '../../../src/main/engine/models/shelf.ts';
import type { Generation, Store } from '../../../src/main/engine/ports.ts';
import type { SettingsPort } from '../../../src/main/engine/settings.ts';
import { createSessions } from '../../../src/main/session/session.ts';
import { Fault } from '../../../src/shared/faults.ts';
import type { Health } from '../../../src/shared/status.ts';
import { createFakeRuntime, type FakeRuntime } from '../fake-runtime.ts';
import { createFixedSettings } from '../fixed-settings.ts';
import { memoryLibrary } from '../memory-library.ts';
import { memoryStore } from '../memory-store.ts';
import { noIndex, noMemory } from '../no-memory.ts';
import { silentLog } from '../silent-log.ts';
import { createPacedModel, type PacedModel } from './paced-model.ts';

export type PageHouse = {
  /** The address with its token, as the program prints it. */
  address: string;
  /** The same without a token. */
  url: string;
  /** What lies under the house, before any change to it. */
  store: OpenedStore;
  model: PacedModel;
  library: Library;
  /** This machine's free memory, and what a library says of models. */
  room: { freeBytes: number; lookUp(name: string): Promise<RegistryEntry> };
  runtime: FakeRuntime;
  close(): Promise<void>;
};

export const pageToken = 'the-token-of-the-page-in-tests-0123456789';

export const pageGeneration: Generation = { temperature: 0.7, topP: 0.9, maxTokens: 16_384, contextTokens: undefined, tone: true };
const unset = { state: 'not_configured' } as const;
const healthy: Health = {
  status: 'healthy',
  service: 'persona_engine',
  version: '0.0.0',
  dependencies: {
    ollama: { state: 'healthy' },
    model: { state: 'healthy' },
    store: { state: 'healthy' },
    redis: unset,
    character_manager: unset,
    memory_subsystem: unset,
  },
};

/** `port` is given where the same address must come back; `change` replaces the store, for one that fails. */
export async function openPageHouse(options: {
  pageFolder: string;
  /** Where the program's clock stands at the start, in ms since 1970; now where absent. */
  startAt?: number;
  port?: number;
  store?: OpenedStore;
  model?: PacedModel;
  change?: (store: Store) => Store;
  /** The door for other programs; the page has its own. */
  door?: DoorPort;
  settings?: SettingsPort;
  /** What is recalled; nothing where absent. */
  memory?: Memory;
}): Promise<PageHouse> {
  const system = createSystemClock();
  const ahead = options.startAt === undefined ? 0 : options.startAt - system.now();
  const clock = { ...system, now: () => system.now() + ahead };
  const opened = options.store ?? memoryStore({ now: clock.now });
  const store = options.change?.(opened) ?? opened;
  const model = options.model ?? createPacedModel();
  const room: PageHouse['room'] = {
    freeBytes: 11_200_000_000,
    lookUp: () => Promise.reject(new Fault('model-missing', 'It is not there.')),
  };
  const ids = createIds();
  const library = memoryLibrary(clock, () => store.talks('default'));
  const runtime = createFakeRuntime({ install: { state: 'not-offered', reason: 'Ollama came with this program.' } });
  const engine = createEngine({
    store,
    model,
    runtime,
    clock,
    ids,
    log: silentLog,
    characters: library,
    library,
    memory: options.memory ?? noMemory,
    keeping: {
      wanted: 'mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M',
      machine: { memory: () => ({ freeBytes: room.freeBytes, totalBytes: 17_179_869_184 }) },
      registry: { lookUp: (name) => room.lookUp(name) },
    },
    settings: options.settings ?? createFixedSettings(pageGeneration),
    ...(options.door ? { door: options.door } : {}),
    notes: opened.notes,
    index: noIndex,
  });
  const openSession = createSessions({ engine, clock, log: silentLog, service: 'persona_engine', version: '0.0.0', userId: 'default' });
  const config = { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], requireToken: false, pingIntervalS: 30, pingTimeoutS: 10 };
  const door = await openDoor({
    engine,
    openSession,
    health: () => healthy,
    config: { ...config, port: options.port ?? 0 },
    token: pageToken,
    pageFolder: options.pageFolder,
    log: silentLog,
    clock,
  });
  const close = async () => {
    await door.close();
    await engine.close();
  };
  return { address: `${door.url}/#token=${pageToken}`, url: door.url, store: opened, model, library, room, runtime, close };
}
