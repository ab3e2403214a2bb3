/** @file The embedded engine with the starter model, as tests find it: at STARTER_MODEL, in the cache folder, or fetched the product's way. */
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createEmbeddedModel, type EmbeddedModel, type EmbeddedModelOptions } from '../../src/main/adapters/embedded/embedded-model.ts';
import { findEnginePackage, installEnginePackage } from '../../src/main/adapters/embedded/engine-package.ts';
import { createStarterModel } from '../../src/main/adapters/embedded/starter-model.ts';
import { createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import type { Log } from '../../src/main/engine/ports.ts';
import { embeddedEngineFolder, nodeProgram } from '../../src/main/paths.ts';
import { silentLog } from './silent-log.ts';

/** Kept between runs, so that the starter model is fetched once a machine. */
const cacheFolder = join(homedir(), '.cache', 'persona-engine');
const starterPath = process.env['STARTER_MODEL'];

export const embeddedOptions: EmbeddedModelOptions = {
  toolFolder: embeddedEngineFolder,
  dataFolder: cacheFolder,
  starterPath,
  nodePath: nodeProgram(),
  log: silentLog,
  clock: createSystemClock(),
};

export const makeEmbedded = (more: Partial<EmbeddedModelOptions> = {}): EmbeddedModel =>
  createEmbeddedModel({ ...embeddedOptions, ...more });

/** A lock that is older than this was left by a run that was killed. */
const LOCK_STALE_MS = 10 * 60_000;

/** Test files run side by side: one of them fetches, the others find. */
async function oneAtATime<T>(action: () => Promise<T>): Promise<T> {
  mkdirSync(cacheFolder, { recursive: true });
  const lock = join(cacheFolder, 'fetching.lock');
  while (!taken(lock)) await setTimeout(100);
  try {
    return await action();
  } finally {
    rmdirSync(lock);
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && Date.now() - made > LOCK_STALE_MS) rmdirSync(lock);
    return false;
  }
}

async function obtainBoth(): Promise<void> {
  const never = new AbortController().signal;
  if (!(await findEnginePackage(embeddedOptions))) await installEnginePackage(embeddedOptions, never);
  await createStarterModel(embeddedOptions).obtain(never, () => undefined);
}

/** Gets the engine's package and the starter model, or says why they cannot be had; the reason is printed too. */
export async function whyNoEmbedded(): Promise<string | undefined> {
  try {
    await oneAtATime(obtainBoth);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`SKIPPED: embedded engine: ${reason}`);
    return reason;
  }
}

/** Path of the starter model once `whyNoEmbedded` has found it. */
export async function starterFile(): Promise<string> {
  const found = await createStarterModel(embeddedOptions).find(new AbortController().signal);
  if (!found) throw new Error('The starter model is not there.');
  return found.path;
}

export type HeardLine = { level: keyof Log; event: string; fields: Record<string, unknown> };

/** A log that keeps its lines, so that a test can see a cause in place of guessing it. */
export function createHeardLog(): Log & { lines: HeardLine[]; last(event: string): Record<string, unknown> | undefined } {
  const lines: HeardLine[] = [];
  const keep =
    (level: keyof Log) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, event, fields });
  const last = (event: string) => lines.findLast((line) => line.event === event)?.fields;
  return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error'), lines, last };
}
