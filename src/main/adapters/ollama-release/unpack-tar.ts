/** @file Unpacks `.tar.zst` and `.tgz`, one entry after another. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { hostile } from './faults.ts';
import type { ArchiveFormat } from './release.ts';
import type { Sink } from './sink.ts';

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

const READ_BYTES = 1024 * 1024;
const PROGRAM_BITS = 0o111;

export type TarOptions = {
  path: string;
  format: Exclude<ArchiveFormat, 'zip'>;
  sink: Sink;
  wants(path: string): boolean;
  signal: AbortSignal;
};

async function take(entry: Entry, sink: Sink, wants: TarOptions['wants']): Promise<void> {
  const { name, type, size, mode, linkname } = entry.header;
  sink.count(size);
  const path = name.replace(/^(\.\/)+/, '');
  if (type === 'directory' || path === '' || !wants(path)) return;
  if (type === 'file' || type === 'contiguous-file')
    return sink.file(path, (mode & PROGRAM_BITS) !== 0, entry as AsyncIterable<Uint8Array>);
  if (type === 'symlink') return sink.link(path, linkname ?? '');
  // A hard link names a path of the archive; Ollama has none, and one of a stranger's is nothing to guess at.
  throw hostile('it holds something that is neither a file nor a link');
}

/** Rejects with what tar-stream and zlib throw, with Faults, and when called off. */
export async function unpackTar({ path, format, sink, wants, signal }: TarOptions): Promise<void> {
  const unpacked = extract();
  const decompress = format === 'tgz' ? createGunzip() : createZstdDecompress();
  const flow = pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), decompress, unpacked, { signal });
  const entries = async () => {
    for await (const entry of unpacked) {
      await take(entry, sink, wants);
      entry.resume();
    }
  };
  const taken = entries().catch((error: unknown) => {
    unpacked.destroy(error instanceof Error ? error : new Error('The archive could not be unpacked.'));
    throw error;
  });
  const [took, flowed] = await Promise.allSettled([taken, flow]);
  // The reason lies where it was thrown; the other side only hears that its end is gone.
  if (took.status === 'rejected') throw took.reason;
  if (flowed.status === 'rejected') throw flowed.reason;
}
