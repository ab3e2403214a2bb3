/** @file Where Ollama is installed: beside it what is on its way; it takes its place in one step, whole or not at all. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { graphicsParts } from '../../../shared/runtime.ts';
import { demanded } from './parts.ts';

/** The folders of one installation; all of them lie beside each other, so that renaming is one step. */
export type Place = {
  target: string;
  /** Part files and what is known of them. */
  download: string;
  /** What is being unpacked. */
  fresh: string;
  /** What was there before, for the moment between two steps. */
  old: string;
};

export const placeAt = (target: string): Place => ({
  target,
  download: `${target}.download`,
  fresh: `${target}.new`,
  old: `${target}.old`,
});

const installedSchema = z.strictObject({
  version: z.string(),
  graphics: z.array(z.enum(graphicsParts)),
  files: z.array(z.strictObject({ name: z.string(), sha256: z.string(), hashFrom: z.enum(['pinned', 'release']) })),
  installedAt: z.string(),
});
/** What was installed, and by which hashes it was known. */
export type Installed = z.infer<typeof installedSchema>;

const RECORD = 'installed.json';

/** Undefined where nothing of ours is installed, or not whole. */
export function readInstalled({ target }: Place, platform: NodeJS.Platform): Installed | undefined {
  try {
    const record = installedSchema.parse(JSON.parse(readFileSync(join(target, RECORD), 'utf8')));
    return demanded(platform).every((file) => existsSync(join(target, file))) ? record : undefined;
  } catch {
    return undefined; // Never installed, or by hand: then this program says nothing of it.
  }
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });

/** Clears away what an ended program left half done; what was in place before comes back. */
export async function recover({ target, fresh, old }: Place): Promise<void> {
  if (existsSync(old)) {
    if (existsSync(target)) await remove(old);
    else await rename(old, target);
  }
  await remove(fresh);
}

/** An empty folder to unpack into. */
export async function openFresh({ fresh }: Place): Promise<string> {
  await remove(fresh);
  await mkdir(fresh, { recursive: true, mode: 0o755 });
  return fresh;
}

export type Notice = { of: string; name: string; text: string };

/** Licences and record go with it; the record last, for it says that everything else is there. */
export async function addRecord({ fresh }: Place, notices: readonly Notice[], record: Installed): Promise<void> {
  const folder = join(fresh, 'licences');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const { of, text } of notices) await writeFile(join(folder, `${of.replace(/[^A-Za-z0-9.]+/g, '-')}.txt`), `${text}\n`);
  await using file = await open(join(fresh, RECORD), 'w', 0o644);
  await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
  await file.sync();
}

/** What was there steps aside and comes back where the new one cannot take its place. */
export async function putInPlace({ target, fresh, old }: Place): Promise<void> {
  const hadOne = existsSync(target);
  if (hadOne) await rename(target, old);
  try {
    await rename(fresh, target);
  } catch (error) {
    if (hadOne) await rename(old, target);
    throw error;
  }
  // A running server on Windows keeps its files; the next start clears them away.
  await remove(old).catch(() => undefined);
}

/** Part files that belong to none of these, such as those of an earlier version, are removed. */
export async function keepOnly({ download }: Place, parts: readonly string[]): Promise<void> {
  for (const name of await readdir(download)) {
    const isKept = parts.some((part) => name === basename(part) || name === `${basename(part)}.json`);
    if (/\.part(\.json)?(\.new)?$/.test(name) && !isKept) await remove(join(download, name));
  }
}

export async function removeDownload({ download }: Place): Promise<void> {
  await remove(download);
}

/** The same where nothing has come and nothing is to go on. */
export async function removeEmptyDownload(place: Place): Promise<void> {
  const names = await readdir(place.download).catch((): string[] => []);
  const sizes = await Promise.all(names.filter((name) => name.endsWith('.part')).map((name) => partBytes(join(place.download, name))));
  if (!names.includes('intent.json') && sizes.every((size) => size === 0)) await removeDownload(place);
}

/** Length of a part file; 0 where there is none. */
export async function partBytes(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Free for us on the disk that will hold it. */
export async function freeBytes({ target }: Place): Promise<number> {
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const { bavail, bsize } = await statfs(dirname(target));
  return bavail * bsize;
}
