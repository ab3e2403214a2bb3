/** @file Unpacks the wanted entries of a zip file by its table: a stream would hold or inflate the gigabyte for graphics cards. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Transform } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { hostile } from './faults.ts';
import type { Sink } from './sink.ts';
import { contentAt, readZipDirectory, type ZipEntry } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;

export type ZipOptions = { path: string; sink: Sink; wants(path: string): boolean; signal: AbortSignal };

/** What an entry holds; throws where it is not of the size and sum that the table says. */
async function* contentOf(path: string, start: number, entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (entry.method !== STORED && entry.method !== DEFLATED) throw hostile('a file in it is packed in an unknown way');
  if (entry.bytes === 0) return;
  const packed = createReadStream(path, { start, end: start + entry.packedBytes - 1, signal });
  const inflate: Transform | undefined = entry.method === DEFLATED ? createInflateRaw() : undefined;
  const content = inflate ? pipeline(packed, inflate, () => undefined) : packed;
  let sum = 0;
  let bytes = 0;
  for await (const chunk of content) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > entry.bytes) throw hostile('a file in it holds more than it says');
    sum = crc32(piece, sum);
    yield piece;
  }
  if (bytes !== entry.bytes || sum !== entry.crc)
    throw new Error(`An entry of the zip file is damaged (${bytes} of ${entry.bytes} bytes).`);
}

/** Rejects with what zlib throws, with Faults, and when called off. */
export async function unpackZip({ path, sink, wants, signal }: ZipOptions): Promise<void> {
  await using handle = await open(path, 'r');
  for (const entry of await readZipDirectory(handle)) {
    sink.count(entry.bytes);
    if (entry.path.endsWith('/') || !wants(entry.path)) continue;
    if (entry.isLink) throw hostile('it holds something that is neither a file nor a link');
    await sink.file(entry.path, /\.(exe|dll)$/i.test(entry.path), contentOf(path, await contentAt(handle, entry), entry, signal));
  }
}
