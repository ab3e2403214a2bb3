/** @file Where an archive is unpacked into: files at once, links only at the end, so that nothing is ever written through one. */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { RELEASE_BOMB_BYTES, RELEASE_ENTRIES } from '../../../shared/runtime-limits.ts';
import { cancelled, hostile } from './faults.ts';
import { linkTarget, safePath } from './safe-path.ts';

export type SinkOptions = {
  /** An empty folder of ours. */
  root: string;
  signal: AbortSignal;
  /** Hears how much has been written. */
  onBytes(writtenBytes: number): void;
  bombBytes?: number;
  entries?: number;
};

export type Sink = {
  /** Counts an entry and what it holds, unpacked or not; throws where an archive holds too much. */
  count(bytes: number): void;
  /** Throws where the path was there before. Files are readable; those that were programs still are. */
  file(path: string, isProgram: boolean, content: AsyncIterable<Uint8Array>): Promise<void>;
  link(path: string, target: string): void;
  /** Makes the links and looks where each really leads; one that leads to something left out is left out too. */
  finish(): Promise<void>;
};

type Links = Map<string, string>;

const isBelow = (path: string, links: Links): boolean => {
  const parts = path.split('/');
  return parts.some((_, index) => links.has(parts.slice(0, index + 1).join('/')));
};

async function writeAll(handle: FileHandle, content: AsyncIterable<Uint8Array>, { signal }: SinkOptions, add: (bytes: number) => void) {
  for await (const chunk of content) {
    if (signal.aborted) throw cancelled();
    add(chunk.length);
    await handle.write(chunk);
  }
  await handle.datasync();
}

async function makeLinks(root: string, links: Links, signal: AbortSignal): Promise<void> {
  for (const [path, target] of links) {
    if (signal.aborted) throw cancelled();
    await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    await symlink(target, join(root, path));
  }
  const top = await realpath(root);
  for (const path of links.keys()) {
    const real = await realpath(join(root, path)).catch(() => undefined);
    const below = real === undefined ? undefined : relative(top, real);
    if (below === undefined || below === '..' || below.startsWith(`..${sep}`)) throw hostile('a link in it leads out of its folder');
  }
}

/** Links whose end is there: a library of a graphics card that was left out has names that lead to nothing. */
function whole(links: Links, files: ReadonlySet<string>): Links {
  const leads = (path: string, left: number): boolean => {
    if (files.has(path)) return true;
    const target = links.get(path);
    return target !== undefined && left > 0 && leads(linkTarget(path, target), left - 1);
  };
  return new Map([...links].filter(([path]) => leads(path, links.size)));
}

export function createSink(options: SinkOptions): Sink {
  const { root, onBytes, bombBytes = RELEASE_BOMB_BYTES, entries: most = RELEASE_ENTRIES } = options;
  const files = new Set<string>();
  const links: Links = new Map();
  const seen = { entries: 0, bytes: 0, written: 0 };
  const claim = (given: string): string => {
    const path = safePath(given);
    if (path === '' || files.has(path) || links.has(path) || isBelow(path, links)) throw hostile('two things in it have one path');
    return path;
  };
  return {
    count(bytes) {
      seen.entries += 1;
      seen.bytes += bytes;
      if (seen.entries > most || seen.bytes > bombBytes) throw hostile('it holds far more than Ollama does');
    },
    async file(given, isProgram, content) {
      const path = claim(given);
      files.add(path);
      const place = join(root, path);
      await mkdir(dirname(place), { recursive: true, mode: 0o755 });
      await using handle = await open(place, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, isProgram ? 0o755 : 0o644);
      await writeAll(handle, content, options, (bytes) => {
        seen.written += bytes;
        if (seen.written > bombBytes) throw hostile('it holds far more than Ollama does');
        onBytes(seen.written);
      });
    },
    link(given, target) {
      const path = claim(given);
      if ([...files].some((file) => file.startsWith(`${path}/`))) throw hostile('two things in it have one path');
      linkTarget(path, target);
      links.set(path, target);
    },
    finish: () => makeLinks(root, whole(links, files), options.signal),
  };
}
