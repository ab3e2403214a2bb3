/** @file The proof of forgetting: every file of the data folder is read, and what still holds the words is cleaned or told. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Read at once; a text never lies across two pieces unseen, because they overlap. */
const PIECE_BYTES = 1024 * 1024;
/** Of a long text this much is looked for: SQLite cuts what is longer than a page into pieces. */
const PROBE_BYTES = 64;
/** What is shorter could be anybody's. */
const SHORTEST_PROBE_BYTES = 12;

export type Finding = { path: string; offset: number; bytes: number };

/** The beginnings of the texts and of their sentences, as they would lie in a file. */
export function probesFor(texts: readonly string[]): Buffer[] {
  const pieces = texts.flatMap((text) => [text, ...text.split(/(?<=[.!?…])\s+|\n+/u)]);
  const probes = new Map<string, Buffer>();
  for (const piece of pieces) {
    const bytes = Buffer.from(piece.trim(), 'utf8').subarray(0, PROBE_BYTES);
    if (bytes.length >= SHORTEST_PROBE_BYTES) probes.set(bytes.toString('latin1'), bytes);
  }
  return [...probes.values()];
}

/** Every place in the files below a folder where one of the probes stands. */
export async function findInFolder(folder: string, probes: readonly Buffer[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) found.push(...(await findInFile(join(entry.parentPath, entry.name), probes)));
  }
  return found;
}

async function findInFile(path: string, probes: readonly Buffer[]): Promise<Finding[]> {
  const found: Finding[] = [];
  const file = await opened(path, 'r');
  if (!file) return found;
  try {
    const piece = Buffer.alloc(PIECE_BYTES + PROBE_BYTES);
    for (let start = 0; ; start += PIECE_BYTES) {
      const { bytesRead } = await file.read(piece, 0, piece.length, start);
      for (const probe of probes)
        found.push(...placesIn(piece.subarray(0, bytesRead), probe).map((at) => ({ path, offset: start + at, bytes: probe.length })));
      if (bytesRead < piece.length) return found;
    }
  } finally {
    await file.close();
  }
}

function placesIn(piece: Buffer, probe: Buffer): number[] {
  const places: number[] = [];
  for (let at = piece.indexOf(probe); at >= 0 && at < PIECE_BYTES; at = piece.indexOf(probe, at + 1)) places.push(at);
  return places;
}

/** Writes over the words where they stand: for files that no program reads any more, such as a damaged database that was set aside. */
export async function overwrite(findings: readonly Finding[]): Promise<void> {
  for (const { path, offset, bytes } of findings) {
    const file = await opened(path, 'r+');
    if (!file) continue;
    try {
      await file.write(Buffer.alloc(bytes, ' '), 0, bytes, offset);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** A file may be gone, or not ours to read, by the time it is its turn. */
async function opened(path: string, mode: 'r' | 'r+') {
  try {
    return await open(path, mode);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EPERM', 'EBUSY'].includes(String(error.code))) return undefined;
    throw error;
  }
}
