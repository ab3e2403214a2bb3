/** @file Which Ollama on this machine can be run as our own: named, bundled, fetched or installed, with everything it needs beside it. */
import { execFile } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { SERVER_VERSION_MS } from '../../../shared/limits.ts';

/** Where a binary came from, in the order in which they are taken. */
export type BinaryOrigin = 'named' | 'bundled' | 'checkout' | 'fetched' | 'installed';

export type FoundBinary = {
  /** The file itself, behind every link. */
  path: string;
  origin: BinaryOrigin;
  /** llama-server beside it (0.30 and later); undefined for the older ones, which run models themselves. */
  runner: string | undefined;
  /** The folder of its libraries, where it has one. */
  libraries: string | undefined;
};

export type BinaryPlaces = {
  /** OLLAMA_BIN. */
  named: string | undefined;
  /** The resources of the packed program. */
  resources: string | undefined;
  /** The root of a source checkout. */
  checkout: string;
  dataFolder: string;
  /** PATH. */
  path: string;
  platform: NodeJS.Platform;
  architecture: string;
  /** `ollama --version` of a binary; undefined where it cannot be run. */
  versionOf(binary: string): Promise<string | undefined>;
};

/** What was found, and in words why others were not taken. */
export type BinarySearch = { found: FoundBinary | undefined; passedOver: string[] };

/** How each origin is named in a sentence. */
export const originWords: Record<BinaryOrigin, string> = {
  named: 'named by OLLAMA_BIN',
  bundled: 'shipped with this program',
  checkout: 'fetched into this checkout',
  fetched: 'fetched by this program',
  installed: 'installed on this machine',
};

/** From this version on models are run by llama-server. */
const RUNNER_SINCE = [0, 30] as const;

const programName = (platform: NodeJS.Platform, name: string): string => (platform === 'win32' ? `${name}.exe` : name);

/** The binary inside an unpacked release, whichever platform's shape it has. */
const inRelease = (folder: string, platform: NodeJS.Platform): string[] =>
  [join(folder, 'bin'), folder].map((place) => join(place, programName(platform, 'ollama')));

function candidates({ named, resources, checkout, dataFolder, path, platform, architecture }: BinaryPlaces) {
  if (named !== undefined) return [{ origin: 'named' as const, path: resolve(named) }];
  const release = (origin: BinaryOrigin, folder: string) => inRelease(folder, platform).map((file) => ({ origin, path: file }));
  const installed = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => ({ origin: 'installed' as const, path: join(folder, programName(platform, 'ollama')) }));
  return [
    ...(resources === undefined ? [] : release('bundled', join(resources, 'ollama'))),
    ...release('checkout', join(checkout, 'resources', 'ollama', `${platform}-${architecture}`)),
    ...release('fetched', join(dataFolder, 'ollama')),
    ...installed,
  ];
}

/** The file behind every link, if it is a program of that name; a launcher of another kind is none. */
function programAt(path: string, origin: BinaryOrigin): string | undefined {
  try {
    const file = realpathSync(path);
    accessSync(file, constants.X_OK);
    const isProgram = statSync(file).isFile() && (origin === 'named' || /^ollama(\.exe)?$/i.test(basename(file)));
    return isProgram ? file : undefined;
  } catch {
    return undefined; // Not there, or not for us to run: the caller says so where it was named.
  }
}

/** Where Ollama itself looks for its libraries and its runner (llm/llama_binary.go, 0.33). */
function libraryFolders(binary: string, platform: NodeJS.Platform): string[] {
  const folder = dirname(binary);
  const beside = join(folder, '..', 'lib', 'ollama');
  if (platform === 'darwin') return [folder, join(folder, 'lib', 'ollama'), beside];
  return platform === 'win32' ? [join(folder, 'lib', 'ollama'), beside] : [beside];
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** The parts that lie beside a binary. */
export function partsBeside(binary: string, platform: NodeJS.Platform): Pick<FoundBinary, 'runner' | 'libraries'> {
  const folders = libraryFolders(binary, platform);
  const withRunner = folders.find((folder) => isThere(join(folder, programName(platform, 'llama-server'))));
  return {
    runner: withRunner === undefined ? undefined : join(withRunner, programName(platform, 'llama-server')),
    libraries: withRunner ?? folders.find((folder) => folder !== dirname(binary) && isThere(folder)),
  };
}

/** Whether a version needs llama-server beside it; one that is unknown, or that nobody numbered, is new. */
export function needsRunner(version: string | undefined): boolean {
  const [, major, minor] = /(\d+)\.(\d+)\.\d+/.exec(version ?? '') ?? [];
  if (major === undefined || (Number(major) === 0 && Number(minor) === 0)) return true;
  return Number(major) > RUNNER_SINCE[0] || Number(minor) >= RUNNER_SINCE[1];
}

/** Why a binary cannot converse; undefined where it can. */
async function flawOf(binary: string, runner: string | undefined, places: BinaryPlaces): Promise<string | undefined> {
  if (runner !== undefined) return undefined;
  const version = await places.versionOf(binary);
  if (version === undefined) return 'cannot be run on this machine';
  return needsRunner(version) ? `is version ${version} and lacks llama-server, without which no model runs` : undefined;
}

/** The first that can converse. Where one is named no other is looked for. */
export async function findBinary(places: BinaryPlaces): Promise<BinarySearch> {
  const passedOver: string[] = [];
  const seen = new Set<string>();
  for (const { origin, path } of candidates(places)) {
    const binary = programAt(path, origin);
    if (binary === undefined && origin === 'named') passedOver.push('OLLAMA_BIN names no program that can be run');
    if (binary === undefined || seen.has(binary)) continue;
    seen.add(binary);
    const parts = partsBeside(binary, places.platform);
    const flaw = await flawOf(binary, parts.runner, places);
    if (flaw === undefined) return { found: { path: binary, origin, ...parts }, passedOver };
    passedOver.push(`the Ollama ${originWords[origin]} ${flaw}`);
  }
  return { found: undefined, passedOver };
}

/** Asks a binary for its version, on its own: it finds no server to ask, and sees nothing of our environment. */
export function versionOf(binary: string): Promise<string | undefined> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dirname(binary),
    OLLAMA_HOST: '127.0.0.1:1',
    SystemRoot: process.env['SystemRoot'] ?? '',
  };
  return new Promise((done) => {
    execFile(binary, ['--version'], { env, timeout: SERVER_VERSION_MS, windowsHide: true }, (error, stdout, stderr) => {
      done(error ? undefined : /version (?:is )?(\S+)/.exec(`${stdout}\n${stderr}`)?.[1]);
    });
  });
}
