/** @file What happens to a damaged database: set aside, never deleted; the newest good backup takes its place, else an empty one. */
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Log } from '../../engine/ports.ts';
import { listBackups, timeOfBackup } from './backups.ts';
import { companionSuffixes, damagedFolder, databaseFile, ensurePrivateFile, ensurePrivateFolder, flush, stamp } from './files.ts';
import { inspect } from './inspect.ts';

/** Makes sure that what lies at the database's path is whole or absent; answers what a person should be told, if anything. */
export function recover(folder: string, now: () => number, log: Log): string | undefined {
  const path = databaseFile(folder);
  const condition = inspect(path);
  if (condition.state === 'good') return undefined;
  const backups = listBackups(folder);
  if (condition.state !== 'damaged' && backups.length === 0) return undefined;
  const kept = setAside(folder, now());
  const restored = restore(backups, path, log);
  log.error('store-damaged', {
    condition: condition.state,
    ...(condition.state === 'damaged' && { reason: condition.reason }),
    kept: kept && basename(kept),
    restored: restored && basename(restored),
  });
  return sentence(condition.state, kept !== undefined, restored);
}

/** Moves the database and what lies beside it into a folder of its own; answers that folder, or undefined where there was nothing. */
function setAside(folder: string, at: number): string | undefined {
  const path = databaseFile(folder);
  const files = ['', ...companionSuffixes].map((suffix) => `${path}${suffix}`).filter((file) => existsSync(file));
  if (files.length === 0) return undefined;
  ensurePrivateFolder(damagedFolder(folder));
  const place = mkdtempSync(join(damagedFolder(folder), `${stamp(at)}-`));
  // The database goes last: cut short before it, the next start finds it still damaged and goes on here.
  for (const file of files.reverse()) renameSync(file, join(place, basename(file)));
  flush(place);
  return place;
}

function restore(backups: readonly string[], path: string, log: Log): string | undefined {
  for (const backup of backups) {
    const condition = inspect(backup);
    if (condition.state !== 'good') {
      log.warn('backup-damaged', { backup: basename(backup), condition: condition.state });
      continue;
    }
    const unfinished = `${path}.restoring`;
    rmSync(unfinished, { force: true });
    ensurePrivateFile(unfinished);
    copyFileSync(backup, unfinished);
    flush(unfinished);
    renameSync(unfinished, path);
    return backup;
  }
  return undefined;
}

function sentence(state: 'missing' | 'blank' | 'damaged', kept: boolean, restored: string | undefined): string {
  const what = `The file of conversations was ${state === 'damaged' ? 'damaged' : 'missing'}`;
  const where = kept ? '; the file that was found is kept in the data folder under "damaged"' : '';
  if (restored === undefined) return `${what} and there was no good backup, so the list starts empty${where}.`;
  const day = new Date(timeOfBackup(restored)).toISOString().slice(0, 16).replace('T', ' ');
  return `${what}, so the backup of ${day} UTC is in its place${where}; what was said after it may be missing.`;
}
