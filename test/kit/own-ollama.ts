/** @file The service with an Ollama of its own, scripted: where it lies, who of it lives, and what it said of itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ProcessSeen, systemProcesses } from '../../src/main/adapters/ollama-server/process-table.ts';
import type { ModelStatus } from '../../src/shared/status.ts';
import { putRelease, type ScriptedRelease } from './ollama/release.ts';
import { spawnService, temporaryFolder } from './service.ts';

/** A condition is waited for ten times as long as it takes on a busy machine. */
export const WAIT = { timeout: 30_000, interval: 10 };

export type OwnHouse = {
  dataFolder: string;
  release: ScriptedRelease;
  environment: Record<string, string>;
  /** Warden, server and runner that live, whoever started them; found by their environment, not by what we wrote down. */
  family(): ProcessSeen[];
  remove(): void;
};

const table = systemProcesses(process.platform);

/** Processes whose environment names a models folder inside this one. A zombie is none. */
export function familyOf(dataFolder: string): ProcessSeen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`\0OLLAMA_MODELS=${dataFolder}/`))
    .map((name) => table.look(Number(name)))
    .filter((seen) => seen !== undefined);
}

function environmentOf(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
  } catch {
    return ''; // Ended in the meantime, or somebody else's: not of this family.
  }
}

/** `options` are those of test/kit/programs/scripted-ollama.ts. */
export function ownHouse(name: string, ...options: string[]): OwnHouse {
  const folder = temporaryFolder(name);
  const dataFolder = join(folder.path, 'data');
  const release = putRelease(join(folder.path, 'release'), ...options);
  return {
    dataFolder,
    release,
    environment: { OLLAMA_BIN: release.binary, PERSONA_DATA_DIR: dataFolder },
    family: () => familyOf(dataFolder),
    remove: folder.remove,
  };
}

type Logged = ReturnType<typeof spawnService>['log'];

/** The latest state that the log tells of our own Ollama. */
export const serverState = (log: Logged) => log().findLast(({ event }) => event === 'server-state')?.['state'];

/** Until the model is ready for a reply. */
export const modelReady = (log: Logged) =>
  expect
    .poll(() => log().findLast(({ event }) => event === 'model-status')?.['state'] as ModelStatus['state'] | undefined, WAIT)
    .toBe('ready');

/** The service, as it is started in such a house; its folder is its working folder. */
export function spawnOwn(house: OwnHouse, environment: Record<string, string> = {}) {
  return spawnService({ dataFolder: join(house.dataFolder, '..'), environment: { ...house.environment, ...environment } });
}
