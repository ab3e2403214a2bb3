/** @file Builds every part and says how they stop: READ THIS FIRST. */
import { join } from 'node:path';
import type { Health } from '../shared/status.ts';
import { createFileSink } from './adapters/log/file-sink.ts';
import { createIds } from './adapters/log/system-clock.ts';
import { createSettings } from './adapters/settings/settings-file.ts';
import { lockDataFolder, openDataFolder } from './adapters/sqlite/folder.ts';
import { type OpenedStore, openStore } from './adapters/sqlite/open.ts';
import { chooseModel } from './choose-model.ts';
import { type Config, defaultSettings } from './config.ts';
import type { Engine } from './engine/contract.ts';
import { createEngine } from './engine/engine.ts';
import type { Clock, Log, Model } from './engine/ports.ts';
import { createHealth } from './health.ts';
import { openNeighbours } from './neighbours.ts';
import { createSessions } from './session/session.ts';
import type { OpenSession } from './session/wire.ts';
import type { StopStep } from './shutdown.ts';

export type HouseOptions = { config: Config; version: string; log: Log; clock: Clock };

/** The whole program behind its doors. */
export type House = {
  engine: Engine;
  openSession: OpenSession;
  health(): Health;
  /** Tells a second process where this one can be reached. */
  announce(addresses: { url: string; pageUrl: string }): void;
  /** In order: turns, then the model, then the disk; a door's own steps come before these. */
  stopSteps: StopStep[];
};

/** The person at this machine; other tools may name other users on their own door. */
const WINDOW_USER = 'default';
/** How often it is looked whether a day has passed since the last backup. */
const BACKUP_LOOK_MS = 60 * 60 * 1000;

function keepBackups(store: OpenedStore, clock: Clock): () => void {
  let cancel = () => {};
  const look = () => {
    store.backupIfDue();
    cancel = clock.after(BACKUP_LOOK_MS, look);
  };
  cancel = clock.after(BACKUP_LOOK_MS, look);
  return () => cancel();
}

function logStatus(model: Model, log: Log): void {
  model.onStatus(({ state, engine, reason, progress }) => {
    log.info('model-status', { state, engine, reason, ...(progress ? { progress } : {}) });
  });
}

/** Throws Fault('store-in-use'), ('store-failed') or ('store-full') where the data folder cannot be had. */
export async function composeHouse({ config, version, log, clock }: HouseOptions): Promise<House> {
  openDataFolder(config.dataFolder);
  const lock = lockDataFolder(config.dataFolder, { pid: process.pid });
  const store = openStore({ folder: config.dataFolder, log, now: clock.now, outbox: config.redis !== undefined });
  const notice = store.notice();
  if (notice) log.warn('store-notice', { notice });
  const stopBackups = keepBackups(store, clock);
  const openServerLog = () => createFileSink(join(config.dataFolder, 'logs'), 'ollama');
  const model = await chooseModel(config, { log, clock, openServerLog });
  logStatus(model, log);
  const settings = createSettings({ folder: config.dataFolder, defaults: defaultSettings(config), locked: config.locked, log });
  const neighbours = openNeighbours(config, { store, clock, log });

  const engine = createEngine({
    model,
    store,
    clock,
    log,
    ids: createIds(),
    characters: neighbours.characters,
    memory: neighbours.memory,
    finished: () => neighbours.outbox?.wake(),
    settings,
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
    health: health.now,
    announce: (addresses) => lock.announce(addresses),
    stopSteps: [
      { name: 'turns', stop: () => engine.close(), withinMs: 1_500 },
      {
        name: 'neighbours',
        stop: () => {
          health.close();
          return neighbours.close();
        },
        withinMs: 500,
      },
      { name: 'model', stop: () => model.close(), withinMs: 1_500 },
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
