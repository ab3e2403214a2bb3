/** @file What SQLite and the file system say, as faults a person can read. */
import { Fault } from '../../../shared/faults.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that are told apart here. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;
/** Extended code: the memory that connections share could not grow, as it happens on a full disk. */
const IOERR_SHMSIZE = 4_874;
/** Extended code: the file ends before a page that belongs to it. */
const IOERR_SHORT_READ = 522;

/** The primary SQLite code of an error, or undefined where it is none of SQLite's. */
function sqliteCode(error: unknown): number | undefined {
  const code = extendedCode(error);
  return code === undefined ? undefined : code & 0xff;
}

function extendedCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** Whether the file itself is at fault: damaged inside, or no database at all. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOTADB || extendedCode(error) === IOERR_SHORT_READ;
}

/** Any error of SQLite or of the file system as a fault. */
export function storeFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code = sqliteCode(error);
  const detail = reasonOf(error);
  if (code === FULL || extendedCode(error) === IOERR_SHMSIZE || systemCode(error) === 'ENOSPC') {
    return new Fault(
      'store-full',
      'The disk is full, so this was not saved; everything saved before is kept; free some space and try again.',
      {
        cause: error,
        detail,
      },
    );
  }
  return new Fault('store-failed', sentence(error), { cause: error, detail });
}

function sentence(error: unknown): string {
  const code = sqliteCode(error);
  const system = systemCode(error);
  if (code === READONLY || system === 'EROFS' || system === 'EACCES' || system === 'EPERM') {
    return 'The data folder cannot be written, so this was not saved; everything saved before is kept; allow writing there and try again.';
  }
  if (isDamage(error)) {
    return 'The file of conversations is damaged, so nothing was changed; restart the program, and it restores the latest backup and keeps the file.';
  }
  if (isBusy(error)) {
    return 'Another program holds the file of conversations, so this was not saved; everything saved before is kept; close that program and try again.';
  }
  return 'The file of conversations could not be read or written, so nothing was changed; everything saved before is kept; try again.';
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The reason in SQLite's or the system's own words; neither quotes what was to be written. Paths are left out. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'errstr' in error && 'errcode' in error) return `SQLite ${String(error.errcode)}: ${String(error.errstr)}`;
  return systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
}
