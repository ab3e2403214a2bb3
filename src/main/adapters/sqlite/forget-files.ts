/** @file The proof of forgetting: every file of the data folder is read, and what still holds the words is cleaned or told. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseFile, lockFile } from './files.ts';
import type { LiveFile } from './live-file.ts';

/** Read at once, and looked through in a millisecond or two; a text never lies across two pieces unseen, because they overlap. */
const PIECE_BYTES = 256 * 1024;
/** Of a long text this much is looked for: SQLite cuts what is longer than a page into pieces. */
const PROBE_BYTES = 64;
/** What is shorter could be anybody's. */
const SHORTEST_PROBE_BYTES = 12;

/** A file and how often it holds one of the probes. */
export type Finding = { path: string; places: number };

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

/** Every place in the files below a data folder where one of the probes stands. */
export async function findInFolder(folder: string, probes: readonly Buffer[], live: LiveFile): Promise<Finding[]> {
  const found: Finding[] = [];
  // Numbers of pages, and nothing at all; locks of this process lie on both, and reading them would drop those.
  const wordless = [`${databaseFile(folder)}-shm`, lockFile(folder)];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (wordless.includes(path)) continue;
    const places = await countInFile(path, probes, live);
    if (places > 0) found.push({ path, places });
  }
  return found;
}

/** How often one of the probes stands in a file; the open database's own file is read through `live`. */
export async function countInFile(path: string, probes: readonly Buffer[], live: LiveFile): Promise<number> {
  if (path === live.path) return countInPieces(live.read, probes);
  const file = await opened(path);
  if (!file) return 0;
  try {
    return await countInPieces(async (into, at) => (await file.read(into, 0, into.length, at)).bytesRead, probes);
  } finally {
    await file.close();
  }
}

async function countInPieces(read: LiveFile['read'], probes: readonly Buffer[]): Promise<number> {
  let places = 0;
  const piece = Buffer.alloc(PIECE_BYTES + PROBE_BYTES);
  for (let start = 0; ; start += PIECE_BYTES) {
    const bytes = await read(piece, start);
    for (const probe of probes) places += countIn(piece.subarray(0, bytes), probe);
    if (bytes < piece.length) return places;
  }
}

function countIn(piece: Buffer, probe: Buffer): number {
  let places = 0;
  for (let at = piece.indexOf(probe); at >= 0 && at < PIECE_BYTES; at = piece.indexOf(probe, at + 1)) places += 1;
  return places;
}

/** A file may be gone, or not ours to read, by the time it is its turn. */
async function opened(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EPERM', 'EBUSY'].includes(String(error.code))) return undefined;
    throw error;
  }
}
