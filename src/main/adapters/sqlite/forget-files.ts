/** @file The proof of forgetting: every file of the data folder is read, and what still holds the words is cleaned or told. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Read at once; a text never lies across two pieces unseen, because they overlap. */
const PIECE_BYTES = 1024 * 1024;
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

/** Every place in the files below a folder where one of the probes stands. */
export async function findInFolder(folder: string, probes: readonly Buffer[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const places = await countInFile(path, probes);
    if (places > 0) found.push({ path, places });
  }
  return found;
}

/** How often one of the probes stands in a file. */
export async function countInFile(path: string, probes: readonly Buffer[]): Promise<number> {
  const file = await opened(path);
  if (!file) return 0;
  let places = 0;
  try {
    const piece = Buffer.alloc(PIECE_BYTES + PROBE_BYTES);
    for (let start = 0; ; start += PIECE_BYTES) {
      const { bytesRead } = await file.read(piece, 0, piece.length, start);
      for (const probe of probes) places += countIn(piece.subarray(0, bytesRead), probe);
      if (bytesRead < piece.length) return places;
    }
  } finally {
    await file.close();
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
