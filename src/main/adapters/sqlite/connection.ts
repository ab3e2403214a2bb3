/** @file One connection to the database, with the settings that make "returned" mean "on disk". */
import { DatabaseSync } from 'node:sqlite';
import { LOG_PAGES, STORE_BUSY_MS } from '../../../shared/limits.ts';
import type { Log } from '../../engine/ports.ts';

/** The first version without the WAL-reset defect of 3.7.0 to 3.51.2 (sqlite.org/wal.html). */
const SOUND_VERSION = [3, 51, 3] as const;
const SYNCHRONOUS_FULL = 2;
const SECURE_DELETE_ON = 1;

export const IN_MEMORY = ':memory:';

/** Opens the file (or IN_MEMORY) and reads every setting back; what could not be had is logged, nothing is refused. */
export function connect(path: string, log: Log): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: STORE_BUSY_MS, enableForeignKeyConstraints: true });
  try {
    applySettings(database, path === IN_MEMORY ? 'memory' : 'wal', log);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function applySettings(database: DatabaseSync, journalMode: string, log: Log): void {
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
  database.exec('PRAGMA secure_delete = ON');
  const expected = {
    journal_mode: journalMode,
    synchronous: SYNCHRONOUS_FULL,
    secure_delete: SECURE_DELETE_ON,
    foreign_keys: 1,
    wal_autocheckpoint: LOG_PAGES,
  };
  for (const [name, wanted] of Object.entries(expected)) {
    const found = pragma(database, name);
    if (found !== wanted) log.warn('store-setting-differs', { name, wanted, found });
  }
  checkLibrary(database, log);
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

function checkLibrary(database: DatabaseSync, log: Log): void {
  const version = String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']);
  if (!isSound(version)) log.warn('store-library-old', { version, wanted: SOUND_VERSION.join('.') });
  const search = database.prepare("SELECT count(*) AS found FROM pragma_module_list WHERE name = 'fts5'").get();
  if (search?.['found'] !== 1) log.warn('store-search-missing', { wanted: 'fts5' });
}

/** Whether a version such as "3.53.4" is at least the sound one. */
export function isSound(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of SOUND_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
