/** @file Companions on disk: a folder for each in the data folder, with its record and its two files, for their owner alone. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { accentSchema, characterOptionsSchema } from '../../../shared/character.ts';
import { cardFormats } from '../../../shared/characters.ts';
import { Fault } from '../../../shared/faults.ts';
import type { CardFile, CardRecord, CardShelf } from '../../engine/cards/shelf.ts';
import type { Log } from '../../engine/ports.ts';

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;
const RECORD = 'card.json';
const HIDDEN = '.deleted';
const names: Readonly<Record<CardFile, string>> = { original: 'original', avatar: 'avatar.png' };

const recordSchema = z.object({
  version: z.literal(1),
  /** A folder's name: no dots, no separators, the same on disks that do not tell capitals apart. */
  id: z.string().regex(/^[a-z0-9-]{1,100}$/),
  format: z.enum(cardFormats).optional(),
  document: z.string(),
  changed: z.boolean(),
  accent: accentSchema,
  options: characterOptionsSchema,
  avatar: z.string().max(64).optional(),
  ownPicture: z.boolean().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

function diskFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const full = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
  const message = full
    ? 'The disk is full; the companion was not kept and nothing else was changed, so make room and try again.'
    : 'The disk did not take the companion; nothing else was changed, so look whether the data folder can be written.';
  return new Fault(full ? 'store-full' : 'store-failed', message, { cause: error });
}

function flushed<Result>(path: string, flags: 'w' | 'r', act: (handle: number) => Result): Result {
  const handle = openSync(path, flags, OWNER_FILE);
  try {
    const result = act(handle);
    fsyncSync(handle);
    return result;
  } finally {
    closeSync(handle);
  }
}

/** Written aside, flushed and renamed, so that nobody ever reads half of it. */
function writeWhole(folder: string, name: string, bytes: Uint8Array): void {
  const path = join(folder, name);
  const unfinished = `${path}.part`;
  try {
    flushed(unfinished, 'w', (handle) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

export function openCardShelf({ folder, log }: { folder: string; log: Log }): CardShelf {
  const place = join(folder, 'characters');
  const hidden = join(place, HIDDEN);
  const placeOf = (id: string) => join(place, id);
  const onDisk = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw diskFault(error);
    }
  };
  const read = (id: string): CardRecord | undefined => {
    try {
      const { version: _, ...record } = recordSchema.parse(JSON.parse(readFileSync(join(placeOf(id), RECORD), 'utf8')));
      return record.id === id ? record : undefined;
    } catch (error) {
      log.warn('character-unreadable', { character: id, cause: error });
      return undefined;
    }
  };

  onDisk(() => {
    mkdirSync(place, { recursive: true, mode: OWNER_FOLDER });
    // What was deleted before a start cannot be asked back any more.
    rmSync(hidden, { recursive: true, force: true });
  });

  return {
    all: () =>
      onDisk(() =>
        readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() && entry.name !== HIDDEN ? (read(entry.name) ?? []) : [],
        ),
      ),
    put: (record, files = {}) =>
      onDisk(() => {
        const own = placeOf(record.id);
        mkdirSync(own, { recursive: true, mode: OWNER_FOLDER });
        for (const [file, bytes] of Object.entries(files) as [CardFile, Uint8Array | undefined][]) {
          if (bytes) writeWhole(own, names[file], bytes);
          else rmSync(join(own, names[file]), { force: true });
        }
        writeWhole(own, RECORD, new TextEncoder().encode(JSON.stringify({ version: 1, ...record })));
        flushed(place, 'r', () => {});
      }),
    file: (id, file) =>
      onDisk(() => {
        const path = join(placeOf(id), names[file]);
        return existsSync(path) ? readFileSync(path) : undefined;
      }),
    hide: (id) =>
      onDisk(() => {
        mkdirSync(hidden, { recursive: true, mode: OWNER_FOLDER });
        rmSync(join(hidden, id), { recursive: true, force: true });
        renameSync(placeOf(id), join(hidden, id));
      }),
    show: (id) =>
      onDisk(() => {
        if (!existsSync(join(hidden, id))) return undefined;
        renameSync(join(hidden, id), placeOf(id));
        return read(id);
      }),
    remove: (id) => onDisk(() => rmSync(join(hidden, id), { recursive: true, force: true })),
  };
}
