/** @file Copies of the database: made, counted, and cleaned of what a person deleted. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BACKUP_EVERY_MS, BACKUPS_KEPT } from '../../../shared/limits.ts';
import type { Log } from '../../engine/ports.ts';
import { backupFolder, companionSuffixes, ensurePrivateFile, ensurePrivateFolder, flush, stamp, timeOfStamp } from './files.ts';
import { removeConversations } from './purge.ts';
import { storeFault } from './store-faults.ts';
import { inTransaction } from './transaction.ts';

const DAY_CHARACTERS = '2025-01-31'.length;
const UNFINISHED = '.part';

export type Backups = {
  /** Makes one where anything was written since the last one. Never throws: a failure is logged and the database goes on. */
  make(): void;
  /** Makes one where the newest is a day old; cheap otherwise. */
  makeIfDue(): void;
  /** Removes these conversations from every copy; a copy that cannot be cleaned is removed whole. */
  scrub(ids: readonly string[]): void;
  /** Paths of the copies, newest first. */
  list(): string[];
  /** Reads one copy; undefined where it cannot be read. */
  read<Result>(path: string, action: (copy: DatabaseSync) => Promise<Result>): Promise<Result | undefined>;
  /** Changes one copy; one that cannot be changed is removed whole. */
  change(path: string, action: (copy: DatabaseSync) => Promise<void>): Promise<void>;
};

/** Paths of the finished copies, newest first. */
export function listBackups(folder: string): string[] {
  const place = backupFolder(folder);
  if (!existsSync(place)) return [];
  const names = readdirSync(place).filter((name) => name.endsWith('.db'));
  return names
    .sort()
    .reverse()
    .map((name) => join(place, name));
}

export function createBackups(database: DatabaseSync, folder: string, now: () => number, log: Log): Backups {
  // Unknown at first: a process that died may have written after the newest copy.
  let changesThen = -1;
  const make = () => {
    const changes = totalChanges(database);
    if (changes === changesThen) return;
    try {
      copy(database, folder, now());
      prune(folder);
      changesThen = changes;
    } catch (error) {
      const { code, detail } = storeFault(error);
      log.warn('backup-failed', { code, reason: detail });
    }
  };
  return {
    make,
    makeIfDue: () => {
      const newest = listBackups(folder)[0];
      if (newest === undefined || now() - timeOfBackup(newest) >= BACKUP_EVERY_MS) make();
    },
    scrub: (ids) => {
      for (const path of listBackups(folder))
        changeOne(
          path,
          log,
          inside((copy) => removeConversations(copy, ids)),
        );
    },
    list: () => listBackups(folder),
    read: (path, action) => readSlowly(path, log, action),
    change: (path, action) => changeSlowly(path, log, action),
  };
}

/** When a copy was made, in ms since 1970, by its name: cleaning it later changes the file's own time. */
export function timeOfBackup(path: string): number {
  return timeOfStamp(basename(path, '.db'));
}

function totalChanges(database: DatabaseSync): number {
  return Number(database.prepare('SELECT total_changes() AS changes').get()?.['changes']);
}

/** The copy gets its name only when the disk has all of it. */
function copy(database: DatabaseSync, folder: string, at: number): void {
  const place = backupFolder(folder);
  ensurePrivateFolder(place);
  const path = join(place, `${stamp(at)}.db`);
  const unfinished = `${path}${UNFINISHED}`;
  for (const name of readdirSync(place)) if (name.includes(UNFINISHED)) rmSync(join(place, name));
  try {
    ensurePrivateFile(unfinished);
    database.prepare('VACUUM INTO ?').run(unfinished);
    flush(unfinished);
    renameSync(unfinished, path);
    flush(place);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Keeps the newest copy of each of the latest days, so that stopping and starting three times does not push yesterday out. */
function prune(folder: string): void {
  const kept = new Set<string>();
  for (const path of listBackups(folder)) {
    const day = basename(path).slice(0, DAY_CHARACTERS);
    if (kept.has(day) || kept.size >= BACKUPS_KEPT) removeWhole(path);
    else kept.add(day);
  }
}

function removeWhole(path: string): void {
  for (const suffix of ['', ...companionSuffixes]) rmSync(`${path}${suffix}`, { force: true });
}

const inside = (action: (copy: DatabaseSync) => void) => (copy: DatabaseSync) => inTransaction(copy, () => action(copy));

function changeOne(path: string, log: Log, action: (copy: DatabaseSync) => void): void {
  try {
    const copied = new DatabaseSync(path);
    try {
      copied.exec('PRAGMA secure_delete = ON');
      action(copied);
    } finally {
      copied.close();
    }
  } catch (error) {
    log.warn('backup-removed', { reason: storeFault(error).detail });
    removeWhole(path);
  }
}

async function changeSlowly(path: string, log: Log, action: (copy: DatabaseSync) => Promise<void>): Promise<void> {
  try {
    const copied = new DatabaseSync(path);
    try {
      copied.exec('PRAGMA secure_delete = ON');
      await action(copied);
    } finally {
      copied.close();
    }
  } catch (error) {
    log.warn('backup-removed', { reason: storeFault(error).detail });
    removeWhole(path);
  }
}

async function readSlowly<Result>(path: string, log: Log, action: (copy: DatabaseSync) => Promise<Result>): Promise<Result | undefined> {
  try {
    const copied = new DatabaseSync(path, { readOnly: true });
    try {
      return await action(copied);
    } finally {
      copied.close();
    }
  } catch (error) {
    log.info('backup-not-read', { reason: storeFault(error).detail });
    return undefined;
  }
}
