/** @file Copies of the database: made, counted, and cleaned of what a person deleted. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BACKUP_EVERY_MS, BACKUPS_KEPT } from '../../../shared/limits.ts';
import type { Log } from '../../engine/ports.ts';
import { hasLog } from './access.ts';
import { copySlowly } from './copy-slowly.ts';
import {
  backupFolder,
  companionSuffixes,
  databaseFile,
  ensurePrivateFile,
  ensurePrivateFolder,
  flush,
  stamp,
  timeOfStamp,
} from './files.ts';
import { clearLeftovers } from './leftovers.ts';
import { removeFromCopy } from './remove-conversation.ts';
import { storeFault } from './store-faults.ts';

const DAY_CHARACTERS = '2025-01-31'.length;
const UNFINISHED = '.part';

export type Backups = {
  /** Makes one where anything was written since the last one. Never throws: a failure is logged and the database goes on. */
  make(): void;
  /** The same where the newest is a day old, beside everything else; cheap otherwise. Resolves when it is made. Not while words are being forgotten or conversations removed. */
  makeIfDue(): Promise<void>;
  /** None is made during the action, and one that was begun is finished before it. */
  without<Result>(action: () => Promise<Result>): Promise<Result>;
  /** Removes these conversations from every copy, until the signal ends it; a copy that cannot be cleaned is removed whole. */
  scrub(ids: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Paths of the copies, newest first. */
  list(): string[];
  /** Reads one copy; undefined where it cannot be read. */
  read<Result>(path: string, action: (copy: DatabaseSync) => Promise<Result>): Promise<Result | undefined>;
  /** Changes one copy, once whoever changes one has finished; one that cannot be changed is removed whole. */
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
  // One that a process was killed over may hold what is deleted later.
  removeUnfinished(backupFolder(folder));
  // Unknown at first: a process that died may have written after the newest copy.
  let changesThen = -1;
  /** One that is being made, and how many let none be made. */
  let making: Promise<void> | undefined;
  let holders = 0;
  const made = (changes: number) => {
    prune(folder);
    changesThen = changes;
  };
  const failed = (error: unknown) => {
    const { code, detail } = storeFault(error);
    log.warn('backup-failed', { code, reason: detail });
  };
  const make = () => {
    const changes = totalChanges(database);
    if (changes === changesThen || making) return;
    const copy = nameCopy(folder, now());
    try {
      copy.begin();
      database.prepare('VACUUM INTO ?').run(copy.unfinished);
      flush(copy.unfinished);
      copy.finish();
      made(changes);
    } catch (error) {
      failed(error);
    } finally {
      copy.drop();
    }
  };
  const makeSlowly = async () => {
    const changes = totalChanges(database);
    if (changes === changesThen) return;
    const copy = nameCopy(folder, now());
    try {
      copy.begin();
      await copySlowly(databaseFile(folder), copy.unfinished);
      await clearLeftovers(copy.unfinished);
      copy.finish();
      made(changes);
    } catch (error) {
      failed(error);
    } finally {
      copy.drop();
    }
  };
  /** Unused parts of pages are overwritten beside SQLite: whoever has the copy open then would write old pages again, or lose new ones. */
  let changing: Promise<unknown> = Promise.resolve();
  const changeInTurn = (...change: Parameters<typeof changeSlowly>): Promise<void> => {
    const changed = changing.then(() => changeSlowly(...change));
    changing = changed.catch(() => undefined);
    return changed;
  };
  const isDue = () => {
    const newest = listBackups(folder)[0];
    return newest === undefined || now() - timeOfBackup(newest) >= BACKUP_EVERY_MS;
  };
  return {
    make,
    async makeIfDue() {
      if (holders > 0 || making || !isDue()) return;
      // Without a log whoever reads keeps others from writing.
      if (!hasLog(database)) return make();
      making = makeSlowly().finally(() => {
        making = undefined;
      });
      await making;
    },
    async without(action) {
      holders += 1;
      try {
        await making;
        return await action();
      } finally {
        holders -= 1;
      }
    },
    async scrub(ids, signal) {
      for (const path of listBackups(folder)) {
        if (signal?.aborted) return;
        await changeInTurn(path, log, (copy) => removeFromCopy(copy, ids, signal));
      }
    },
    list: () => listBackups(folder),
    read: (path, action) => readSlowly(path, log, action),
    change: (path, action) => changeInTurn(path, log, action),
  };
}

/** When a copy was made, in ms since 1970, by its name: cleaning it later changes the file's own time. */
export function timeOfBackup(path: string): number {
  return timeOfStamp(basename(path, '.db'));
}

function totalChanges(database: DatabaseSync): number {
  return Number(database.prepare('SELECT total_changes() AS changes').get()?.['changes']);
}

function removeUnfinished(place: string): void {
  if (!isFolder(place)) return;
  for (const name of readdirSync(place)) if (name.includes(UNFINISHED)) rmSync(join(place, name));
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** A copy gets its name only when the disk has all of it. `drop` leaves one that is finished. */
function nameCopy(folder: string, at: number) {
  const place = backupFolder(folder);
  const path = join(place, `${stamp(at)}.db`);
  const unfinished = `${path}${UNFINISHED}`;
  return {
    unfinished,
    begin() {
      ensurePrivateFolder(place);
      removeUnfinished(place);
      ensurePrivateFile(unfinished);
    },
    finish() {
      renameSync(unfinished, path);
      flush(place);
    },
    drop: () => existsSync(unfinished) && rmSync(unfinished),
  };
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

/**
 * In many small steps: none of them waits for the disk, and the copy waits for it once, at the end. The death of the program loses
 * nothing by that; that of the machine may cost this copy, which is looked at before it is ever used, and no other one.
 */
async function changeSlowly(path: string, log: Log, action: (copy: DatabaseSync) => Promise<void>): Promise<void> {
  try {
    const copied = new DatabaseSync(path);
    try {
      copied.exec('PRAGMA secure_delete = ON; PRAGMA synchronous = OFF');
      await action(copied);
    } finally {
      copied.close();
    }
    await clearLeftovers(path);
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
