/** @file The engine's package: found beside its program, or installed there by npm from its own lock. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../../shared/faults.ts';
import { INSTALL_MS, ORPHAN_AFTER_MS } from '../../../shared/limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { type EnginePackages, forPlatform, lockSchema, manifestSchema, platformPackage } from './platform.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

export type EnginePackageOptions = {
  /** tools/embedded-engine: its program, package.json and lock. */
  toolFolder: string;
  /** Takes the package where the tool folder cannot be written. */
  dataFolder: string;
  log: Log;
  clock: Clock;
  npm?: string;
};

const TEMPORARY = '.installing-';
/** --omit=optional leaves out every other platform's package and all of CUDA and Vulkan; nothing in the tree needs a script. */
const NPM_ARGUMENTS = ['ci', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

const versionSchema = z.looseObject({ version: z.string() });

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** Version of an installed package, or undefined where it is not there whole. */
async function installedVersion(modules: string, name: string): Promise<string | undefined> {
  try {
    return versionSchema.parse(await json(join(modules, name, 'package.json'))).version;
  } catch {
    return undefined; // Not there or not readable: it is installed anew.
  }
}

async function wantedPackages(toolFolder: string): Promise<EnginePackages> {
  const name = platformPackage(process.platform, process.arch);
  try {
    const manifest = manifestSchema.parse(await json(join(toolFolder, 'package.json')));
    const lock = lockSchema.parse(await json(join(toolFolder, 'package-lock.json')));
    return forPlatform(name, { manifest, lock });
  } catch (error) {
    const message =
      'This copy of the program carries no built-in model engine; your conversations are kept: install Ollama, start one of yours, or set OLLAMA_BASE_URL to one.';
    throw new Fault('engine-missing', message, { cause: error });
  }
}

/** It was moved into place whole, so the versions of what was asked for tell all. */
async function isComplete(modules: string, wanted: EnginePackages): Promise<boolean> {
  const checks = Object.entries(wanted.manifest.dependencies).map(
    async ([name, version]) => (await installedVersion(modules, name)) === version,
  );
  return (await Promise.all(checks)).every(Boolean);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const modulesOf = (home: string): string => join(home, 'node_modules');
const homesOf = (options: EnginePackageOptions): string[] => [options.toolFolder, join(options.dataFolder, 'embedded-engine')];

async function removeLeftovers(home: string, now: number): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const { mtimeMs } = await stat(join(home, name));
    if (now - mtimeMs > INSTALL_MS + ORPHAN_AFTER_MS) await rm(join(home, name), { recursive: true, force: true });
  }
}

/** A folder to install in, inside the first home that can be written. */
async function temporaryHome(options: EnginePackageOptions): Promise<{ home: string; folder: string }> {
  for (const home of homesOf(options)) {
    try {
      await mkdir(home, { recursive: true, mode: 0o700 });
      const folder = await mkdtemp(join(home, TEMPORARY));
      await removeLeftovers(home, options.clock.now());
      return { home, folder };
    } catch (error) {
      if (!['EROFS', 'EACCES', 'EPERM', 'ENOENT'].includes(codeOf(error))) throw error;
      options.log.info('engine-folder-not-writable', { folder: home, code: codeOf(error) });
    }
  }
  throw new Fault(
    'engine-missing',
    'The model engine could not be installed, as no folder for it can be written; make the data folder writable and try again.',
  );
}

/** Moves what was installed into place in one step; where another process was first, its one stays. */
async function moveInto(home: string, folder: string, wanted: EnginePackages): Promise<void> {
  const target = modulesOf(home);
  const move = () => rename(modulesOf(folder), target);
  try {
    return await move();
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error))) throw error;
  }
  if (await isComplete(target, wanted)) return;
  await rename(target, join(folder, 'replaced'));
  await move();
}

function notInstalled(end: CommandEnd): Fault {
  const message = end.missing
    ? 'The model engine could not be installed, as npm is not on this machine; your conversations are kept: install Node.js with npm, or set OLLAMA_BASE_URL to an Ollama.'
    : 'The model engine could not be installed by npm; your conversations are kept: check the network and try again, or set OLLAMA_BASE_URL to an Ollama.';
  return new Fault('engine-missing', message, { detail: end.reason });
}

/** The folder that holds the engine's packages, or undefined where they have to be installed. */
export async function findEnginePackage(options: EnginePackageOptions): Promise<string | undefined> {
  const wanted = await wantedPackages(options.toolFolder);
  for (const home of homesOf(options)) if (await isComplete(modulesOf(home), wanted)) return modulesOf(home);
  return undefined;
}

/** Installs the engine's packages (measured: 4 s, 83 MB) and answers the folder that holds them. Safe beside another process that does the same. */
export async function installEnginePackage(options: EnginePackageOptions, signal: AbortSignal): Promise<string> {
  const wanted = await wantedPackages(options.toolFolder);
  const { home, folder } = await temporaryHome(options);
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify(wanted.manifest));
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(wanted.lock));
    const program = options.npm ?? (process.platform === 'win32' ? 'npm.cmd' : 'npm');
    const end = await runCommand({ program, args: NPM_ARGUMENTS, folder, limitMs: INSTALL_MS }, options.clock, signal);
    if (!end.ok || !(await isComplete(modulesOf(folder), wanted))) throw notInstalled(end);
    await moveInto(home, folder, wanted);
    options.log.info('engine-installed', { folder: home });
    return modulesOf(home);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
