/** @file One layer fetched as Ollama fetches it (server/download.go of 0.33): in parts, each with notes that are written only when it comes to rest. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MB = 1_000_000;
const PARTS = 16;
const SMALLEST_PART = 100 * MB;
const LARGEST_PART = 1_000 * MB;

type Part = { N: number; Offset: number; Size: number; Completed: number };

export type BlobDownload = {
  blobs: string;
  digest: string;
  total: number;
  /** Where its bytes are. */
  address: string;
  /** Tries for each part, with pauses of 1, 2, 4 … times this. */
  tries: number;
  pauseMs: number;
  onProgress(completed: number): void;
};

const pathOf = (blobs: string, digest: string) => join(blobs, digest.replace(':', '-'));

function plan(total: number): Part[] {
  const size = Math.min(LARGEST_PART, Math.max(SMALLEST_PART, Math.floor(total / PARTS)));
  const count = Math.ceil(total / size);
  return Array.from({ length: count }, (_, N) => ({ N, Offset: N * size, Size: Math.min(size, total - N * size), Completed: 0 }));
}

/** The notes of an earlier download; as in the real one, a note that cannot be read is an error that stays. */
function notes(path: string): Part[] {
  const [folder, name] = [join(path, '..'), path.split('/').at(-1) ?? ''];
  const found = readdirSync(folder).filter((one) => one.startsWith(`${name}-partial-`));
  return found.map((one) => {
    const text = readFileSync(join(folder, one), 'utf8');
    if (text === '') throw new Error('EOF');
    return JSON.parse(text) as Part;
  });
}

/** Ends with the layer in place, or throws; what has come of each part is noted then, and only then. */
export async function downloadBlob(download: BlobDownload, signal: AbortSignal): Promise<void> {
  const { blobs, digest, total, onProgress } = download;
  const path = pathOf(blobs, digest);
  mkdirSync(blobs, { recursive: true });
  if (existsSync(path)) return onProgress(total);
  const before = notes(path);
  const parts = before.length > 0 ? before : plan(total);
  const note = (part: Part) => writeFileSync(`${path}-partial-${part.N}`, JSON.stringify(part));
  if (before.length === 0) parts.forEach(note);
  await using file = await open(`${path}-partial`, existsSync(`${path}-partial`) ? 'r+' : 'w+');
  await file.truncate(total);
  const tick = setInterval(() => onProgress(parts.reduce((sum, part) => sum + part.Completed, 0)), 60);
  const own = new AbortController();
  const either = AbortSignal.any([signal, own.signal]);
  try {
    const all = parts.filter((part) => part.Completed < part.Size).map((part) => fetchPart(download, part, file, note, either));
    await Promise.all(
      all.map((one) =>
        one.catch((error: unknown) => {
          own.abort();
          throw error;
        }),
      ),
    );
  } catch (error) {
    // The others come to rest before anybody is told.
    await sleep(20);
    throw error;
  } finally {
    clearInterval(tick);
  }
  renameSync(`${path}-partial`, path);
  for (const part of parts) rmSync(`${path}-partial-${part.N}`, { force: true });
}

async function fetchPart(
  download: BlobDownload,
  part: Part,
  file: FileHandle,
  note: (part: Part) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await fetchRest(download, part, file, signal);
      return note(part);
    } catch (error) {
      note(part);
      if (signal.aborted) throw error;
      if (attempt + 1 >= download.tries) throw new Error('max retries exceeded: unexpected EOF', { cause: error });
      await sleep(download.pauseMs * 2 ** attempt, undefined, { signal });
    }
  }
}

async function fetchRest({ address }: BlobDownload, part: Part, file: FileHandle, signal: AbortSignal): Promise<void> {
  const first = part.Offset + part.Completed;
  const last = part.Offset + part.Size - 1;
  const response = await fetch(address, { headers: { Range: `bytes=${first}-${last}` }, signal });
  if (!response.body) throw new Error('unexpected EOF');
  for await (const piece of response.body) {
    await file.write(piece, 0, piece.length, part.Offset + part.Completed);
    part.Completed += piece.length;
  }
  if (part.Completed < part.Size) throw new Error('unexpected EOF');
}
