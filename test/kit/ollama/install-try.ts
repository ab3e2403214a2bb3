/** @file An installation into a folder of its own from a release server of its own, made anew for each test of a file. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createSystemClock } from '../../../src/main/adapters/log/system-clock.ts';
import { createReleaseClient, type ReleaseClient } from '../../../src/main/adapters/ollama-release/client.ts';
import { type InstallOptions, type InstallStep, installRelease } from '../../../src/main/adapters/ollama-release/install.ts';
import { placeAt } from '../../../src/main/adapters/ollama-release/place.ts';
import { type Pin, planRelease } from '../../../src/main/adapters/ollama-release/release.ts';
import type { Clock } from '../../../src/main/engine/ports.ts';
import type { Fault } from '../../../src/shared/faults.ts';
import { temporaryFolder } from '../service.ts';
import { silentLog } from '../silent-log.ts';
import type { Entry } from './archive.ts';
import { openReleaseServer, type ReleaseServer } from './release-server.ts';

export const LINUX = 'ollama-linux-amd64.tar.zst';
export const WINDOWS = 'ollama-windows-amd64.zip';
export const MAC = 'ollama-darwin.tgz';
export const weights = randomBytes(1_500_000);

export const linux: Entry[] = [
  { path: './', folder: true },
  { path: './bin/ollama', content: '#!/bin/sh\necho served\n', program: true },
  { path: './lib/ollama/llama-server', content: weights, program: true },
  { path: './lib/ollama/libggml.so.0', content: 'library' },
  { path: './lib/ollama/libggml.so', link: 'libggml.so.0' },
  { path: './lib/ollama/vulkan/libggml-vulkan.so', content: 'vulkan' },
  { path: './lib/ollama/cuda_v13/libggml-cuda.so', content: 'cuda' },
  { path: './lib/ollama/libcudart.so', link: 'cuda_v13/libggml-cuda.so' },
  { path: './lib/ollama/mlx_cuda_v13/libmlx.so', content: 'mlx' },
];
export const windows: Entry[] = [
  { path: 'ollama.exe', content: 'MZ server' },
  { path: 'lib/ollama/llama-server.exe', content: weights },
  { path: 'lib/ollama/cuda_v12/ggml-cuda.dll', content: randomBytes(300_000) },
  { path: 'lib/ollama/ggml.dll', content: 'library' },
];
export const mac: Entry[] = [
  { path: 'ollama', content: 'server', program: true },
  { path: 'llama-server', content: weights, program: true },
  { path: 'libmlx.dylib', content: 'mlx' },
  { path: 'mlx_metal_v3/mlx.metallib', content: 'mlx' },
];

/** The same with a runner that is quickly packed, for what is refused. */
export const light: Entry[] = linux.map((entry) =>
  'content' in entry && entry.content === weights ? { ...entry, content: 'runner' } : entry,
);

const noPins: Pin = { version: '0.32.15', files: {} };

/** A clock whose pauses are over at once. */
export const hasty = (clock: Clock): Clock => ({ ...clock, after: (_ms, action) => clock.after(1, action) });

export const failure = (given: InstallOptions, what = 'this'): Promise<Fault> =>
  installRelease(given).then(
    () => Promise.reject(new Error(`It was installed in spite of ${what}.`)),
    (fault: Fault) => fault,
  );

type Machine = { platform?: NodeJS.Platform; pin?: Pin; graphics?: ('cuda' | 'rocm')[] };

export type InstallTry = {
  folder: ReturnType<typeof temporaryFolder>;
  server: ReleaseServer;
  client: ReleaseClient;
  /** What was told, in order. */
  steps: InstallStep[];
};

/** To be called once in a file; what it answers is made anew before each test, and ended after it. */
export function installTry() {
  const at = {} as InstallTry;
  beforeEach(async () => {
    const server = await openReleaseServer({});
    const client = createReleaseClient({ answerMs: 2_000, silenceMs: 500 });
    Object.assign(at, { folder: temporaryFolder('install'), server, client, steps: [] });
  });
  afterEach(async () => {
    await at.client.close();
    await at.server.close();
    at.folder.remove();
  });
  return {
    at,
    /** From now on these are served. */
    async serve(files: Record<string, Buffer>): Promise<void> {
      await at.server.close();
      at.server = await openReleaseServer(files);
    },
    options(change: Partial<InstallOptions> = {}, { platform = 'linux', pin = noPins, graphics = [] }: Machine = {}): InstallOptions {
      const plan = planRelease(pin, { platform, architecture: 'x64', graphics });
      if (!plan) throw new Error('There is no plan for such a machine.');
      return {
        plan: { ...plan, unpackedBytes: 5_000_000 },
        place: placeAt(join(at.folder.path, 'ollama')),
        base: at.server.base,
        notices: [{ of: 'Ollama', name: 'MIT', text: 'Permission is hereby granted' }],
        client: at.client,
        tries: 3,
        clock: createSystemClock(),
        log: silentLog,
        signal: new AbortController().signal,
        onStep: (step) => void at.steps.push(step),
        ...change,
      };
    },
    left: () => readdirSync(at.folder.path).sort(),
    inTarget: (path: string) => join(at.folder.path, 'ollama', path),
  };
}
