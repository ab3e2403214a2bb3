/** @file Archives as releases carry them, and as nobody should: tar packed with zstd or gzip, and zip. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { pack } from 'tar-stream';

export type Entry =
  | { path: string; content: string | Uint8Array; program?: boolean }
  | { path: string; link: string }
  | { path: string; hardLink: string }
  | { path: string; folder: true };

/** Whatever the entries are called: nothing is checked here. */
export async function tarOf(entries: readonly Entry[], format: 'tar.zst' | 'tgz'): Promise<Buffer> {
  const packed = pack();
  for (const entry of entries) {
    if ('content' in entry) packed.entry({ name: entry.path, mode: entry.program ? 0o755 : 0o644 }, Buffer.from(entry.content));
    else if ('link' in entry) packed.entry({ name: entry.path, type: 'symlink', linkname: entry.link });
    else if ('hardLink' in entry) packed.entry({ name: entry.path, type: 'link', linkname: entry.hardLink });
    else packed.entry({ name: entry.path, type: 'directory', mode: 0o755 });
  }
  packed.finalize();
  const whole = await buffer(packed);
  return format === 'tgz' ? gzipSync(whole) : zstdCompressSync(whole);
}

/** Links are entries of unix kind, as other programs write them. */
export function zipOf(entries: readonly Entry[]): Buffer {
  const files: Parameters<typeof zipSync>[0] = {};
  for (const entry of entries) {
    if ('content' in entry) files[entry.path] = [typeof entry.content === 'string' ? strToU8(entry.content) : entry.content, { level: 6 }];
    else if ('link' in entry) files[entry.path] = [strToU8(entry.link), { os: 3, attrs: 0o120777 << 16 }];
    else if ('folder' in entry) files[`${entry.path}/`] = new Uint8Array();
  }
  return Buffer.from(zipSync(files));
}

/** What lies in a folder, to be packed. */
export function entriesOf(folder: string, at = folder): Entry[] {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry): Entry[] => {
    const path = join(at, entry.name);
    const name = relative(folder, path);
    if (entry.isDirectory()) return [{ path: `./${name}/`, folder: true }, ...entriesOf(folder, path)];
    if (entry.isSymbolicLink()) return [{ path: `./${name}`, link: readlinkSync(path) }];
    return [{ path: `./${name}`, content: readFileSync(path), program: (statSync(path).mode & 0o111) !== 0 }];
  });
}
