/** @file Where things lie in the data folder, and files that only their owner can read. */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const databaseFile = (folder: string): string => join(folder, 'conversations.db');
/** Held by the process that has the folder. */
export const lockFile = (folder: string): string => join(folder, 'lock.db');
export const backupFolder = (folder: string): string => join(folder, 'backups');
export const damagedFolder = (folder: string): string => join(folder, 'damaged');
/** What SQLite lays beside a database. */
export const companionSuffixes = ['-wal', '-shm', '-journal'] as const;

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/**
 * Makes the file where it is missing and closes it to others; SQLite gives its companions the same mode. One that is there is not
 * opened: closing any handle to a file drops every lock that this process has on it.
 */
export function ensurePrivateFile(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', OWNER_FILE));
  chmodSync(path, OWNER_FILE);
}

/** Makes the folder and those above it where they are missing. mkdirSync's own `recursive` never ends where the system refuses, as in /proc. */
export function ensurePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) ensurePrivateFolder(dirname(path));
  mkdirSync(path, OWNER_FOLDER);
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
