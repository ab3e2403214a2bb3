/** @file Builds every part and says how they stop: READ THIS FIRST. */
import { join } from 'node:path';
import { commandSchema } from '../shared/commands.ts';
import { reportSchema } from '../shared/conversation.ts';
import { DEFAULT_CONTEXT_TOKENS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import type { Health } from '../shared/status.ts';
import { openLibrary } from './adapters/characters/open-library.ts';
import { createFileSink } from './adapters/log/file-sink.ts';
import { createIds } from './adapters/log/system-clock.ts';
import { createMachine } from './adapters/machine/memory.ts';
import { type OwnMemory, openOwnMemory } from './adapters/memory/own-memory.ts';
import { createRegistry } from './adapters/registry/registry.ts';
import { createSettings } from './adapters/settings/settings-file.ts';
import { databaseFile } from './adapters/sqlite/files.ts';
import { lockDataFolder, openDataFolder } from './adapters/sqlite/folder.ts';
import { type OpenedStore, openStore } from './adapters/sqlite/open.ts';
import { chatMessageSchema } from './api/chat-frames.ts';
import { createDoorControl, type DoorControl, type DoorWish } from './api/door-control.ts';
import { createTokenKeeper } from './api/token.ts';
import { type Config, defaultSettings, isLoopback } from './config.ts';
import type { Costs } from './engine/cards/preview.ts';
import type { Engine } from './engine/contract.ts';
import { createEngine } from './engine/engine.ts';
import { watchedStore } from './engine/memory/watched-store.ts';
import type { Registry } from './engine/models/shelf.ts';
import type { Clock, Log, Model } from './engine/ports.ts';
import type { SettingsPort } from './engine/settings.ts';
import { createTokenCounter, tokenFactorKey } from './engine/tokens.ts';
import { createHealth } from './health.ts';
import { openNeighbours } from './neighbours.ts';
import { openRuntime, type RuntimeParts } from './own-runtime.ts';
import { pageFolder, vectorFolder } from './paths.ts';
import { readyChecks } from './ready-checks.ts';
import { createSessions } from './session/session.ts';
import type { OpenSession } from './session/wire.ts';
import type { StopStep } from './shutdown.ts';

export type HouseOptions = {
  config: Config;
  version: string;
  log: Log;
  clock: Clock;
  /** served: the door is the program's whole purpose, and open; own: it is the person's to open, in the window. */
  door: 'served' | 'own';
  /** Differ in tests alone: the pinned release and what is looked at, and the library that models are looked up in. */
  parts?: { runtime: RuntimeParts; registry: Registry };
};

/** The whole program behind its doors. */
export type House = {
  engine: Engine;
  openSession: OpenSession;
  door: Pick<DoorControl, 'begin' | 'token'>;
  health: () => Health;
  /** Tells a second process where this one can be reached. */
  announce(addresses: { url: string; pageUrl: string }): void;
  /** In order: turns, their door, then the model, then the disk. */
  stopSteps: StopStep[];
};

/** The person at this machine; other tools may name other users on their own door. */
const WINDOW_USER = 'default';
/** What keeps the door open, in the words of whoever looks for it. */
const SERVE = 'npm run serve';
/** How often it is looked whether a day has passed since the last backup. */
const BACKUP_LOOK_MS = 60 * 60 * 1000;

/** What a conversation cannot do without, whatever model it is with. */
const checkedInEveryTurn = [commandSchema, chatMessageSchema, reportSchema];

function keepBackups(store: OpenedStore, clock: Clock): () => void {
  let cancel = () => {};
  const look = () => {
    void store.backupIfDue();
    cancel = clock.after(BACKUP_LOOK_MS, look);
  };
  cancel = clock.after(BACKUP_LOOK_MS, look);
  return () => cancel();
}

/** What a text costs with the model in use, as near as its last prompts have taught. */
function costsFor(store: OpenedStore, model: Model, settings: SettingsPort): Costs {
  return {
    count: (text) => createTokenCounter(Number(store.value(tokenFactorKey(model.defaultModel()))) || undefined).count(text),
    contextTokens: () => settings.now().model.contextTokens ?? DEFAULT_CONTEXT_TOKENS,
  };
}

function logStatus(model: Model, log: Log): void {
  model.onStatus(({ state, engine, reason, progress }) => {
    log.info('model-status', { state, engine, reason, ...(progress ? { progress } : {}) });
  });
}

/** What a person may set here. The door of a service is open, at the port it was started with. */
function settingsOf({ config, log, door }: HouseOptions): SettingsPort {
  const folder = config.dataFolder;
  const defaults = defaultSettings(config);
  if (door === 'own') return createSettings({ folder, defaults, locked: config.locked, log });
  const locked = { 'api.on': SERVE, 'api.port': 'SERVICE_PORT', ...config.locked };
  return createSettings({ folder, defaults: { ...defaults, api: { ...defaults.api, on: true } }, locked, log });
}

const wishOf = ({ api }: Settings): DoorWish => ({
  open: api.on,
  port: api.port,
  requireToken: api.requireToken,
  allowedOrigins: api.origins,
});

/** The door as it is set, from its beginning on. The page is served where there is no window of its own. */
function doorOf({ config, log, clock, door }: HouseOptions, settings: SettingsPort): DoorControl {
  const { host, allowedHosts } = config;
  const control = createDoorControl({
    fixed: { host, allowedHosts, pingIntervalS: config.pingIntervalMs / 1000, pingTimeoutS: config.pingTimeoutMs / 1000 },
    wish: wishOf(settings.now()),
    heldOpenBy: door === 'served' ? SERVE : undefined,
    isLoopback: isLoopback(host),
    token: createTokenKeeper({ configured: config.apiToken, folder: config.dataFolder }),
    pageFolder: door === 'served' ? pageFolder : undefined,
    clock,
    log,
  });
  settings.onChange((told) => control.want(wishOf(told.settings)));
  return control;
}

/** Own recall over the conversations on disk; nothing is started where there is nothing to remember. */
function recallOf({ config, log, clock }: HouseOptions, store: OpenedStore, settings: SettingsPort): OwnMemory {
  const database = databaseFile(config.dataFolder);
  const empty = store.listConversations({}).conversations.length === 0;
  return openOwnMemory({ database, vectors: vectorFolder(), empty, settings: () => settings.now().memory, clock, log });
}

/** Throws Fault('store-in-use'), ('store-failed') or ('store-full') where the data folder cannot be had. */
export async function composeHouse(options: HouseOptions): Promise<House> {
  const { config, version, log, clock, parts } = options;
  readyChecks(checkedInEveryTurn);
  openDataFolder(config.dataFolder);
  const lock = lockDataFolder(config.dataFolder, { pid: process.pid });
  const opened = openStore({ folder: config.dataFolder, log, now: clock.now, outbox: config.redis !== undefined });
  const settings = settingsOf(options);
  const recall = recallOf(options, opened, settings);
  const store = watchedStore(opened, recall);
  const notice = store.notice();
  if (notice) log.warn('store-notice', { notice });
  const stopBackups = keepBackups(store, clock);
  const openServerLog = () => createFileSink(join(config.dataFolder, 'logs'), 'ollama');
  const { model, runtime, onModelWanted } = await openRuntime(config, { log, clock, openServerLog }, parts?.runtime);
  logStatus(model, log);
  const ids = createIds();
  const library = openLibrary({
    folder: config.dataFolder,
    clock,
    ids,
    log,
    costs: costsFor(store, model, settings),
    talks: () => store.talks(WINDOW_USER),
    settings,
  });
  const neighbours = openNeighbours(config, { store, library, recall, clock, log });

  const door = doorOf(options, settings);
  const engine = createEngine({
    model,
    runtime,
    store,
    clock,
    log,
    ids,
    library,
    characters: neighbours.characters,
    memory: neighbours.memory,
    door,
    notes: store.notes,
    index: recall,
    finished: () => neighbours.outbox?.wake(),
    settings,
    keeping: { registry: parts?.registry ?? createRegistry(), machine: createMachine(), wanted: config.ollamaModel },
  });
  onModelWanted((wanted) => {
    try {
      engine.models.pull(wanted);
    } catch (error) {
      log.warn('model-not-pulled', { cause: error });
    }
  });
  const health = createHealth({
    service: config.serviceName,
    version,
    model,
    store,
    clock,
    neighbours: neighbours.health,
  });
  return {
    engine,
    openSession: createSessions({ engine, clock, log, service: config.serviceName, version, userId: WINDOW_USER }),
    door,
    health: health.now,
    announce: (addresses) => lock.announce(addresses),
    stopSteps: [
      { name: 'turns', stop: () => engine.close(), withinMs: 1_500 },
      { name: 'door', stop: () => door.close(), withinMs: 1_500 },
      {
        name: 'neighbours',
        stop: () => {
          health.close();
          return neighbours.close();
        },
        withinMs: 500,
      },
      { name: 'installation', stop: () => runtime.close(), withinMs: 500 },
      { name: 'model', stop: () => model.close(), withinMs: 1_500 },
      {
        name: 'memory',
        stop: () => recall.close(),
        withinMs: 600,
      },
      {
        name: 'store',
        stop: () => {
          stopBackups();
          store.close();
          lock.release();
        },
        withinMs: 1_000,
      },
    ],
  };
}
