/** @file The engine, its real neighbours' adapters and the door in one process; the model is played, the clock can be moved on. */

import { createBuiltInCharacters } from '../../src/main/adapters/characters/built-in.ts';
import { createIds, createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import { type OpenedStore, openStore } from '../../src/main/adapters/sqlite/open.ts';
import { openDoor } from '../../src/main/api/door.ts';
import { readConfig } from '../../src/main/config.ts';
import type { Engine } from '../../src/main/engine/contract.ts';
import { createEngine } from '../../src/main/engine/engine.ts';
import type { Clock, Log } from '../../src/main/engine/ports.ts';
import { createHealth } from '../../src/main/health.ts';
import { openNeighbours } from '../../src/main/neighbours.ts';
import { createSessions } from '../../src/main/session/session.ts';
import type { Health } from '../../src/shared/status.ts';
import { createFakeModel, type FakeModel } from './fake-model.ts';
import { createFixedSettings } from './fixed-settings.ts';
import { createNeighbour, type NeighbourAnswer } from './neighbour.ts';
import { noIndex, noMemory } from './no-memory.ts';
import { connectSocket, type SocketClient } from './test-door.ts';

export type NeighbourHouse = {
  url: string;
  engine: Engine;
  store: OpenedStore;
  model: FakeModel;
  health(): Health;
  logged: { level: string; event: string; fields: Record<string, unknown> | undefined }[];
  /** Lets so much time pass for everything that looks at the clock and does not wait for it. */
  pass(ms: number): void;
  connect(): Promise<SocketClient>;
  /** The store stays open. */
  close(): Promise<void>;
};

export type NeighbourHouseOptions = {
  /** As an operator would set it. */
  environment?: Record<string, string>;
  /** One on disk, or that of an earlier house. */
  store?: OpenedStore;
  change?: (store: OpenedStore) => OpenedStore;
};

function configOf(environment: Record<string, string>) {
  const read = readConfig(environment);
  if ('problem' in read) throw new Error(read.problem.sentence);
  return read.config;
}

function createMovableClock(): Clock & { pass(ms: number): void } {
  const system = createSystemClock();
  let ahead = 0;
  return {
    ...system,
    now: () => system.now() + ahead,
    pass: (ms) => {
      ahead += ms;
    },
  };
}

export async function createNeighbourHouse({
  environment = {},
  store: given,
  change,
}: NeighbourHouseOptions = {}): Promise<NeighbourHouse> {
  const config = configOf(environment);
  const clock = createMovableClock();
  const logged: NeighbourHouse['logged'] = [];
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) => void logged.push({ level, event, fields });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const opened = given ?? openStore({ folder: undefined, log, now: clock.now, outbox: config.redis !== undefined });
  const store = change?.(opened) ?? opened;
  const model = createFakeModel();
  const neighbours = openNeighbours(config, { store, library: createBuiltInCharacters(), recall: noMemory, clock, log });
  const { temperature, topP, maxTokens, contextTokens } = config;
  const engine = createEngine({
    model,
    store,
    clock,
    log,
    ids: createIds(),
    characters: neighbours.characters,
    memory: neighbours.memory,
    notes: opened.notes,
    index: noIndex,
    finished: () => neighbours.outbox?.wake(),
    settings: createFixedSettings({ temperature, topP, maxTokens, contextTokens, tone: true }),
  });
  const watch = createHealth({ service: 'persona_engine', version: '0', model, store, clock, neighbours: neighbours.health });
  const door = await openDoor({
    engine,
    openSession: createSessions({ engine, clock, log, service: 'persona_engine', version: '0', userId: 'default' }),
    health: watch.now,
    config: { host: '127.0.0.1', port: 0, allowedHosts: [], allowedOrigins: [], requireToken: false, pingIntervalS: 30, pingTimeoutS: 10 },
    token: 'a-token',
    pageFolder: undefined,
    log,
    clock,
  });
  return {
    url: door.url,
    engine,
    store,
    model,
    health: watch.now,
    logged,
    pass: clock.pass,
    connect: () => connectSocket(door.url, '/ws/chat'),
    async close() {
      await door.close();
      await engine.close();
      watch.close();
      await neighbours.close();
    },
  };
}

export type ChatFrame = {
  type: 'status' | 'token' | 'complete' | 'error';
  content?: string;
  code?: string;
  status?: string;
  warnings?: string[];
  conversation_id?: string;
};

/** Says something on `/ws/chat` and answers the frame that ends the reply. */
export async function speak(client: SocketClient, message: object): Promise<ChatFrame> {
  const isEnd = (frame: unknown) => ['complete', 'error'].includes((frame as ChatFrame).type);
  const before = client.frames.filter(isEnd).length;
  client.send(message);
  const frames = await client.until((all) => all.filter(isEnd).length > before);
  return frames.filter(isEnd)[before] as ChatFrame;
}

/** A house whose Character Manager gives this answer; `path` is what its address has below the host. */
export async function openManagerHouse(answer: NeighbourAnswer, more: NeighbourHouseOptions & { path?: string } = {}) {
  const manager = await createNeighbour();
  manager.says(answer);
  const environment = { CHARACTER_MANAGER_URL: `${manager.url}${more.path ?? ''}`, ...more.environment };
  const house = await createNeighbourHouse({ ...more, environment });
  const client = await house.connect();
  /** The system message of the latest request to the model. */
  const system = () => house.model.requests.at(-1)?.messages[0]?.content ?? '';
  return { manager, house, client, system };
}
