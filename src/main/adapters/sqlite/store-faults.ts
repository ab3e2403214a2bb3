/** @file What SQLite and the file system say, as faults a person can read. */
import { statfsSync } from 'node:fs';
import { Fault } from '../../../shared/faults.ts';
import { DISK_FULL_BYTES } from '../../../shared/limits.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that are told apart here. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** The primary SQLite code of an error, or undefined where it is none of SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** Whether the file itself is at fault: damaged inside, or no database at all. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOTADB;
}

/** Any error of SQLite or of the file system as a fault; `folder` is where the data lies, undefined in memory. */
export function storeFault(error: unknown, folder?: string): Fault {
  if (error instanceof Fault) return error;
  const code = sqliteCode(error);
  const detail = reasonOf(error);
  // A full disk also shows as an I/O error where SQLite's shared memory file cannot grow.
  if (code === FULL || systemCode(error) === 'ENOSPC' || (isInputOutput(code) && isFull(folder))) {
    return new Fault(
      'store-full',
      'The disk is full, so this was not saved; everything saved before is kept; free some space and try again.',
      {
        cause: error,
        detail,
      },
    );
  }
  return new Fault('store-failed', sentence(code, systemCode(error)), { cause: error, detail });
}

function isInputOutput(code: number | undefined): boolean {
  return code === IOERR || code === CANTOPEN;
}

function sentence(code: number | undefined, system: string | undefined): string {
  if (code === READONLY || system === 'EROFS' || system === 'EACCES' || system === 'EPERM') {
    return 'The data folder cannot be written, so this was not saved; everything saved before is kept; allow writing there and try again.';
  }
  if (code === CORRUPT || code === NOTADB) {
    return 'The file of conversations is damaged, so this was not saved; restart the program, and it restores the latest backup and keeps the file.';
  }
  if (code === BUSY || code === LOCKED) {
    return 'Another program holds the file of conversations, so this was not saved; everything saved before is kept; close that program and try again.';
  }
  return 'The file of conversations could not be read or written, so this was not saved; everything saved before is kept; try again.';
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The reason in SQLite's or the system's own words; neither quotes what was to be written. Paths are left out. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'errstr' in error && 'errcode' in error) return `SQLite ${String(error.errcode)}: ${String(error.errstr)}`;
  return systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
}

function isFull(folder: string | undefined): boolean {
  if (folder === undefined) return false;
  try {
    const disk = statfsSync(folder);
    return disk.bavail * disk.bsize < DISK_FULL_BYTES;
  } catch (error) {
    // The folder itself is gone: that is not a full disk, and the fault that is being made names the rest.
    return systemCode(error) === 'ENOSPC';
  }
}
