/** @file The table of contents of a zip file: it says beforehand what there is, so that what is not wanted is never read. */
import type { FileHandle } from 'node:fs/promises';
import { RELEASE_ENTRIES } from '../../../shared/runtime-limits.ts';
import { hostile } from './faults.ts';

export type ZipEntry = {
  path: string;
  /** 0 stored, 8 deflated. */
  method: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  /** Of its local header. */
  offset: number;
  isLink: boolean;
};

/** APPNOTE.TXT 4.3: signatures and fixed lengths. */
const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const COMMENT_BYTES = 0xffff;
const LARGE = 0xffff_ffff;
/** The largest table for as many entries as are taken, with long names. */
const TABLE_BYTES = RELEASE_ENTRIES * 512;
const UNIX_LINK = 0o120000;
const UNIX_KIND = 0o170000;

const broken = (): Error => new Error('The zip file has no whole table of contents.');

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
  if (bytesRead !== length) throw broken();
  return buffer;
}

async function findEnd(handle: FileHandle): Promise<{ count: number; offset: number; length: number }> {
  const { size } = await handle.stat();
  const length = Math.min(size, END_BYTES + COMMENT_BYTES);
  const tail = await readAt(handle, size - length, length);
  for (let at = length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    return { count: tail.readUInt16LE(at + 10), length: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
  }
  throw broken();
}

function entryAt(table: Buffer, at: number): { entry: ZipEntry; next: number } {
  if (at + CENTRAL_BYTES > table.length || table.readUInt32LE(at) !== CENTRAL) throw broken();
  const [name, extra, comment] = [28, 30, 32].map((place) => table.readUInt16LE(at + place)) as [number, number, number];
  const entry = {
    path: table.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + name).toString('utf8'),
    method: table.readUInt16LE(at + 10),
    crc: table.readUInt32LE(at + 16),
    packedBytes: table.readUInt32LE(at + 20),
    bytes: table.readUInt32LE(at + 24),
    offset: table.readUInt32LE(at + 42),
    isLink: ((table.readUInt32LE(at + 38) >>> 16) & UNIX_KIND) === UNIX_LINK,
  };
  if ((table.readUInt16LE(at + 8) & 1) !== 0) throw hostile('a file in it is encrypted');
  if ([entry.packedBytes, entry.bytes, entry.offset].includes(LARGE)) throw hostile('it is of a kind (zip64) that Ollama’s are not');
  return { entry, next: at + CENTRAL_BYTES + name + extra + comment };
}

/** Throws where the file is no whole zip. */
export async function readZipDirectory(handle: FileHandle): Promise<ZipEntry[]> {
  const end = await findEnd(handle);
  if (end.length > TABLE_BYTES || end.count > RELEASE_ENTRIES) throw hostile('it holds far more than Ollama does');
  const table = await readAt(handle, end.offset, end.length);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < end.count; ) {
    const { entry, next } = entryAt(table, at);
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** Where the content of an entry begins. */
export async function contentAt(handle: FileHandle, { offset }: ZipEntry): Promise<number> {
  const header = await readAt(handle, offset, LOCAL_BYTES);
  if (header.readUInt32LE(0) !== LOCAL) throw broken();
  return offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}
