/** @file Where things lie in the data folder, and files that only their owner can read. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

export const databaseFile = (folder: string): string => join(folder, 'conversations.db');
export const backupFolder = (folder: string): string => join(folder, 'backups');
export const damagedFolder = (folder: string): string => join(folder, 'damaged');
/** What SQLite lays beside a database. */
export const companionSuffixes = ['-wal', '-shm', '-journal'] as const;

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** Makes the file where it is missing and closes it to others; SQLite gives its companions the same mode. */
export function ensurePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', OWNER_FILE));
  chmodSync(path, OWNER_FILE);
}

export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_FOLDER });
}

/** Waits until the disk has what was written to a file, or the names in a folder. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A time as part of a file name that sorts as time does. */
export function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(':', '-');
}

export function timeOfStamp(name: string): number {
  return Date.parse(name.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
}
