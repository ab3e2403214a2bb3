/** @file The models folder of our own Ollama: its room, its unfinished downloads, and files of the person's laid into it. */
import { type Stats, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, resolve } from 'node:path';
import { Fault } from '../../../shared/faults.ts';
import type { ModelFiles } from '../../engine/models/shelf.ts';
import { readGgufHeader } from './gguf-header.ts';
import { nameOfFile, sideLoad } from './side-load.ts';
import { bytesOf, discardLayers, freedBy, hasLayer, mendPartials } from './store-layers.ts';

const withTilde = (path: string): string => (path.startsWith(homedir()) ? `~${path.slice(homedir().length)}` : path);

/** As a person types it: a ~ for their home, quotation marks around a path that was dragged or copied. */
function typedPath(path: string): string {
  const bare = path
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(/^file:\/\//, '');
  return bare.startsWith('~') ? resolve(homedir(), bare.replace(/^~[/\\]?/, '')) : bare;
}

function foundFile(path: string): Stats {
  const nothing = (why: string) => new Fault('bad-request', `${why}; nothing was changed, so type the whole path of a GGUF file.`);
  if (!isAbsolute(path)) throw nothing('That is no whole path');
  const seen = statSync(path, { throwIfNoEntry: false });
  if (!seen) throw nothing('There is no file at that path');
  if (!seen.isFile()) throw nothing('What lies at that path is no file');
  return seen;
}

/** The system's errors as Faults: no right to read, no room to write. */
async function told<Value>(doing: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await doing();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if ((error as Error).name === 'AbortError') throw new Fault('cancelled', 'It was called off; nothing was changed.', { cause: error });
    const full = code === 'ENOSPC';
    const message = full
      ? 'The disk is full; nothing was changed, so make room and try again.'
      : `The file or the models’ folder cannot be used (${code}); nothing was changed, so check their rights and try again.`;
    throw new Fault(full ? 'store-full' : 'model-failed', message, { cause: error, detail: code });
  }
}

/** `models` is asked each time: the folder can be another one after a choice of the person's. */
export function createModelFiles(models: () => string): ModelFiles {
  return {
    folder: () => withTilde(models()),
    space: () =>
      told(async () => {
        const { bavail, blocks, bsize } = await statfs(models());
        return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, modelsBytes: bytesOf(models()) };
      }),
    freedBy: (model) => told(() => freedBy(models(), model)),
    has: (digest) => hasLayer(models(), digest),
    mendUnfinished: () => told(() => mendPartials(models())),
    discard: (digests) => told(() => discardLayers(models(), digests)),
    inspect: (path) =>
      told(() => {
        const file = typedPath(path);
        const { size } = foundFile(file);
        const header = readGgufHeader(file);
        const label = [basename(file).replace(/\.gguf$/i, ''), header.quantisation === 'unknown' ? '' : header.quantisation];
        return {
          name: nameOfFile(file),
          bytes: size,
          label: label.filter((part, at) => part !== '' && (at === 0 || !label[0]?.includes(part))).join(' '),
        };
      }),
    place: (path, name, onProgress, signal) => told(() => sideLoad({ path: typedPath(path), models: models(), name }, signal, onProgress)),
  };
}
