/** @file Archives and deflated texts, by one library (fflate), inflated in small steps so that a bomb is seen before it is large. */
import { Unzip, UnzipInflate, Unzlib, type Zippable, zipSync, zlibSync } from 'fflate';
import {
  ARCHIVE_BYTES,
  ARCHIVE_ENTRIES,
  ARCHIVE_RATIO,
  ARCHIVE_RATIO_FROM_BYTES,
  ARCHIVE_STEP_BYTES,
  CARD_FILE_BYTES,
  TEXT_RATIO,
  TEXT_RATIO_FROM_BYTES,
  TEXT_STEP_BYTES,
} from '../../../shared/card-limits.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Archives } from '../../engine/cards/archives.ts';
import { declaredSizes } from './declared-sizes.ts';

const damaged = (cause?: unknown) =>
  new Fault('bad-request', 'This archive is damaged, locked or of an unknown kind; nothing was added, so choose another file.', { cause });
const tooLarge = (what: string) => new Fault('too-large', `This archive ${what}; nothing was added, so choose another file.`);

/** Every archive is written with the same date, so that the same card makes the same file. */
const WRITTEN_AT = new Date(Date.UTC(1980, 0, 2));
const GROUP = 64;

type Pieces = { chunks: Uint8Array[]; bytes: number; whole: boolean };

function joined({ chunks, bytes }: Pieces): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const out = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** Small pieces are put together now and then: an object for each byte of a hostile file would take far more than the file. */
function add(pieces: Pieces, chunk: Uint8Array): void {
  if (chunk.length === 0) return;
  pieces.chunks.push(chunk.slice());
  pieces.bytes += chunk.length;
  if (pieces.chunks.length < GROUP) return;
  pieces.chunks = [joined(pieces)];
}

function inSteps(bytes: Uint8Array, size: number, push: (step: Uint8Array, last: boolean) => void): void {
  try {
    for (let at = 0; at < bytes.length; at += size) {
      push(bytes.subarray(at, at + size), at + size >= bytes.length);
    }
  } catch (error) {
    throw error instanceof Fault ? error : damaged(error);
  }
}

function checkCount(entries: number): void {
  if (entries > ARCHIVE_ENTRIES) throw tooLarge(`holds more than ${ARCHIVE_ENTRIES} files`);
}

function checkSize(unfolded: number, packed: number): void {
  if (unfolded > ARCHIVE_BYTES) throw tooLarge('unfolds to more than 256 MiB');
  if (unfolded > ARCHIVE_RATIO_FROM_BYTES && unfolded > packed * ARCHIVE_RATIO) throw tooLarge('unfolds to far more than any card does');
}

function unpack(bytes: Uint8Array): Map<string, Uint8Array> {
  if (bytes.length > CARD_FILE_BYTES) throw tooLarge('is larger than 64 MiB');
  const files = new Map<string, Pieces>();
  const declared = declaredSizes(bytes, ARCHIVE_ENTRIES);
  if (!declared) throw damaged();
  // What says itself that it is a bomb is not unfolded at all; what says less than it holds is caught at the first byte more.
  checkSize(declared.bytes, bytes.length);
  checkCount(declared.entries);
  let total = 0;
  let seen = 0;
  const unzip = new Unzip((file) => {
    seen += 1;
    checkCount(seen);
    if (file.name.endsWith('/')) return;
    if (files.has(file.name)) throw damaged();
    const pieces: Pieces = { chunks: [], bytes: 0, whole: false };
    files.set(file.name, pieces);
    file.ondata = (error, chunk, final) => {
      // What is thrown in here comes back as an error of the archive.
      if (error) throw error instanceof Fault ? error : damaged(error);
      total += chunk.length;
      checkSize(total, bytes.length);
      if (pieces.bytes + chunk.length > (declared.sizes.get(file.name) ?? Number.POSITIVE_INFINITY)) throw damaged();
      add(pieces, chunk);
      pieces.whole = final;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  inSteps(bytes, ARCHIVE_STEP_BYTES, (step, last) => unzip.push(step, last));
  if (files.size === 0 || [...files.values()].some(({ whole }) => !whole)) throw damaged();
  return new Map([...files].map(([name, pieces]) => [name, joined(pieces)]));
}

function inflate(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const pieces: Pieces = { chunks: [], bytes: 0, whole: false };
  const stream = new Unzlib((chunk, final) => {
    const most = Math.min(limitBytes, Math.max(TEXT_RATIO_FROM_BYTES, bytes.length * TEXT_RATIO));
    if (pieces.bytes + chunk.length > most) throw tooLarge('unfolds to far more than any card does');
    add(pieces, chunk);
    pieces.whole = final;
  });
  inSteps(bytes, TEXT_STEP_BYTES, (step, last) => stream.push(step, last));
  if (!pieces.whole) throw damaged();
  return joined(pieces);
}

export function createArchives(): Archives {
  return {
    unpack,
    inflate,
    deflate: (bytes) => zlibSync(bytes),
    pack: (files) => {
      const entries = [...files].map(([name, bytes]): [string, Zippable[string]] => {
        const level = name.endsWith('.json') ? 6 : 0;
        return [name, [bytes, { level, mtime: WRITTEN_AT }]];
      });
      return zipSync(Object.fromEntries(entries));
    },
  };
}
