/** @file The data folder: made, proved writable, and held by one process at a time. */
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { Fault } from '../../../shared/faults.ts';
import { LOCK_WAIT_MS } from '../../../shared/limits.ts';
import { ensurePrivateFile, ensurePrivateFolder, lockFile } from './files.ts';
import { isBusy, isDamage, storeFault } from './store-faults.ts';

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** Who holds a data folder. `pageUrl` carries the token: it is for opening the page, never for a log. */
const holderSchema = z.object({ pid: z.number().int().positive(), url: z.string().optional(), pageUrl: z.string().optional() });
export type Holder = z.infer<typeof holderSchema>;

export type FolderLock = {
  /** Tells the next one to come where this process can be reached. */
  announce(addresses: { url: string; pageUrl: string }): void;
  release(): void;
};

/** Makes the folder (only its owner may enter) and proves that it can be written; throws store-failed or store-full where not. */
export function openDataFolder(path: string): void {
  try {
    ensurePrivateFolder(path);
    const found = statSync(path);
    if (!found.isDirectory()) throw folderFault('is a file, not a folder', undefined);
    // One that was made for us is ours to close; one with other things in it may have other readers.
    if (found.uid === process.getuid?.() && readdirSync(path).length === 0) chmodSync(path, OWNER_FOLDER);
    const probe = join(path, `.probe-${process.pid}`);
    try {
      writeFileSync(probe, 'x', { mode: OWNER_FILE });
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw translated(error);
  }
}

/**
 * Takes the folder for this process until `release`, or until the process dies: the system then frees the lock by itself.
 * Where another one holds it: store-in-use, whose detail is JSON of that process's `pid` and `url`, without its token.
 */
export function lockDataFolder(folder: string, about: { pid: number; url?: string }): FolderLock {
  const path = lockFile(folder);
  let held: DatabaseSync | undefined;
  try {
    ensurePrivateFile(path);
    held = hold(path);
    writeHolder(folder, about);
  } catch (error) {
    held?.close();
    if (isBusy(error)) throw inUse(readHolder(folder), error);
    throw translated(error);
  }
  return createLock(folder, held, about);
}

/** Opens the file and keeps it in an exclusive transaction, of which nothing is ever committed. */
function hold(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (!isDamage(error)) throw error;
  }
  // Whatever was written into it is not ours and of no use. The file stays the same one, so that no second lock comes to be.
  truncateSync(path);
  return hold(path);
}

/** Who said last that it holds the folder, if that process is alive; the answer of a process that died is none. */
export function readHolder(folder: string): Holder | undefined {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(holderFile(folder), 'utf8')));
    return isAlive(holder.pid) ? holder : undefined;
  } catch (error) {
    const isUnreadable = error instanceof SyntaxError || error instanceof z.ZodError || codeOf(error) === 'ENOENT';
    if (isUnreadable) return undefined;
    throw storeFault(error);
  }
}

function createLock(folder: string, held: DatabaseSync, about: { pid: number; url?: string }): FolderLock {
  const release = () => {
    process.off('exit', release);
    if (!held.isOpen) return;
    try {
      rmSync(holderFile(folder), { force: true });
    } finally {
      held.close();
    }
  };
  // Also what keeps the lock: a database that nothing refers to is closed by the garbage collector.
  process.once('exit', release);
  return {
    announce({ url, pageUrl }) {
      try {
        writeHolder(folder, { ...about, url, pageUrl });
      } catch (error) {
        throw translated(error);
      }
    },
    release,
  };
}

const holderFile = (folder: string): string => join(folder, 'running.json');

/** Written aside and renamed, so that nobody reads half of it. */
function writeHolder(folder: string, holder: { pid: number; url?: string; pageUrl?: string }): void {
  const path = holderFile(folder);
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, JSON.stringify(holder), { mode: OWNER_FILE });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

function inUse(holder: Holder | undefined, cause: unknown): Fault {
  const who = holder ? `process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}` : 'another process';
  const message = `The data folder is in use by ${who}; nothing was changed; use that one, stop it, or choose another folder with PERSONA_DATA_DIR.`;
  const detail = holder && JSON.stringify({ pid: holder.pid, url: holder.url });
  return new Fault('store-in-use', message, { cause, ...(detail !== undefined && { detail }) });
}

const reasons: Record<string, string> = {
  EROFS: 'lies on a disk that can only be read',
  EACCES: 'does not let this program write',
  EPERM: 'does not let this program write',
  ENOTDIR: 'lies below something that is a file, not a folder',
  ENOENT: 'cannot be made there',
  EEXIST: 'is a file, not a folder',
  ENAMETOOLONG: 'has too long a name',
  ELOOP: 'is a link that leads back to itself',
};

function translated(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const reason = reasons[codeOf(error) ?? ''];
  return reason === undefined ? storeFault(error) : folderFault(reason, error);
}

function folderFault(reason: string, cause: unknown): Fault {
  const code = codeOf(cause);
  const message = `The data folder ${reason}, so nothing was started or changed; choose another folder with PERSONA_DATA_DIR or mend this one.`;
  return new Fault('store-failed', message, { cause, ...(code !== undefined && { detail: code }) });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
