/** @file Which layers the models of a folder are made of, and what lies beside them. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalModelName } from '../../../shared/model-names.ts';
import { modelsIn } from './find-models.ts';

const layer = z.looseObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), size: z.number().default(0) });
const manifestSchema = z.looseObject({ config: layer.optional(), layers: z.array(layer) });
const partNotes = z.looseObject({ N: z.number(), Offset: z.number(), Size: z.number(), Completed: z.number() });

/** `sha256-<hex>-partial` and its notes `sha256-<hex>-partial-<n>`. */
const partial = /^sha256-([0-9a-f]{64})-partial(-\d+)?$/;

export const blobOf = (models: string, digest: string): string => join(models, 'blobs', digest.replace(':', '-'));
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** `<host>/<namespace>/<model>:<tag>` as a person and the server name it. */
const shownName = (full: string): string => canonicalModelName(full);

function layersOf(models: string, full: string): { digest: string; size: number }[] {
  const [path = '', tag = ''] = full.split(/:(?=[^:]*$)/);
  try {
    const { config, layers } = manifestSchema.parse(JSON.parse(readFileSync(join(models, 'manifests', ...path.split('/'), tag), 'utf8')));
    return config ? [...layers, config] : layers;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Bytes of the layers that this model alone needs. */
export function freedBy(models: string, model: string): number {
  const wanted = canonicalModelName(model);
  const names = modelsIn(models);
  const own = new Map(
    names.filter((full) => shownName(full) === wanted).flatMap((full) => layersOf(models, full).map((one) => [one.digest, one.size])),
  );
  const others = neededBy(models, (full) => shownName(full) !== wanted);
  return [...own].reduce((sum, [digest, size]) => (others.has(digest) ? sum : sum + size), 0);
}

function neededBy(models: string, which: (full: string) => boolean): Set<string> {
  return new Set(
    modelsIn(models)
      .filter(which)
      .flatMap((full) => layersOf(models, full).map(({ digest }) => digest)),
  );
}

function entriesOf(models: string): string[] {
  try {
    return readdirSync(join(models, 'blobs'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Bytes on the disk; an unfinished download has a hole where nothing came yet. */
export function bytesOf(models: string): number {
  return entriesOf(models).reduce((sum, name) => sum + diskBytes(join(models, 'blobs', name)), 0);
}

const BLOCK = 512;
function diskBytes(path: string): number {
  const seen = statSync(path, { throwIfNoEntry: false });
  return seen ? Math.min(seen.size, (seen.blocks ?? Math.ceil(seen.size / BLOCK)) * BLOCK) : 0;
}

/** Removes the layers of a download that was called off: unfinished ones, and whole ones that no model needs. Answers the bytes. */
export function discardLayers(models: string, digests: readonly string[]): number {
  const needed = neededBy(models, () => true);
  let bytes = 0;
  for (const name of entriesOf(models)) {
    const digest = `sha256:${partial.exec(name)?.[1] ?? /^sha256-([0-9a-f]{64})$/.exec(name)?.[1] ?? ''}`;
    if (!digests.includes(digest) || (!partial.test(name) && needed.has(digest))) continue;
    bytes += remove(join(models, 'blobs', name));
  }
  return bytes;
}

function remove(path: string): number {
  const bytes = diskBytes(path);
  rmSync(path, { force: true });
  return bytes;
}

/**
 * Ollama writes the notes of an unfinished layer without a sync, so that a crash can leave an empty or a torn one; every later download of the
 * layer then fails at once. Only layers with such notes are removed. Answers how many.
 */
export function mendPartials(models: string): number {
  const names = entriesOf(models);
  const broken = new Set(
    names
      .filter((name) => partial.exec(name)?.[2] !== undefined && !isReadable(join(models, 'blobs', name)))
      .map((name) => partial.exec(name)?.[1]),
  );
  for (const name of names) if (broken.has(partial.exec(name)?.[1] ?? '-')) remove(join(models, 'blobs', name));
  return broken.size;
}

function isReadable(path: string): boolean {
  try {
    return partNotes.safeParse(JSON.parse(readFileSync(path, 'utf8'))).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

export const hasLayer = (models: string, digest: string, size = sizeOf(blobOf(models, digest))): boolean => size > 0;
