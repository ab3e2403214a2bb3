/** @file Whether a database file is whole and ours, found out without changing a byte of it. */
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { STORE_BUSY_MS } from '../../../shared/limits.ts';
import { APPLICATION_ID, versionOf } from './migrate.ts';
import { isDamage } from './store-faults.ts';

export type Condition =
  | { state: 'missing' }
  /** A database in which nothing was ever made: a first start that was cut short. */
  | { state: 'blank' }
  | { state: 'good' }
  | { state: 'damaged'; reason: string };

/** No program will ever have made so many migrations: a larger number is damage, not a newer version. */
const PLAUSIBLE_VERSION = 10_000;
const TABLES = ['conversations', 'messages', 'turns', 'outbox', 'value'];

/** Throws what is no damage, such as a disk that cannot be read. */
export function inspect(path: string): Condition {
  if (!existsSync(path)) return { state: 'missing' };
  if (statSync(path).size === 0) return { state: 'damaged', reason: 'zero length' };
  // Read-only, because the last writing connection to close would move the log into a file that may be kept as evidence.
  // A rollback journal (where there is no WAL) can only be played back by a writing one.
  const database = new DatabaseSync(path, { readOnly: !existsSync(`${path}-journal`), timeout: STORE_BUSY_MS });
  try {
    return examine(database);
  } catch (error) {
    if (isDamage(error)) return { state: 'damaged', reason: String(error) };
    throw error;
  } finally {
    database.close();
  }
}

function examine(database: DatabaseSync): Condition {
  const found = database.prepare('PRAGMA quick_check(1)').get();
  const verdict = String(found?.['quick_check']);
  if (verdict !== 'ok') return { state: 'damaged', reason: verdict };
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map((row) => row['name']);
  const version = versionOf(database);
  if (version === 0 && names.length === 0) return { state: 'blank' };
  if (version <= 0 || version > PLAUSIBLE_VERSION) return { state: 'damaged', reason: `version ${version}` };
  const application = database.prepare('PRAGMA application_id').get()?.['application_id'];
  if (application !== APPLICATION_ID) return { state: 'damaged', reason: 'not a database of this program' };
  const missing = TABLES.find((name) => !names.includes(name));
  if (missing !== undefined) return { state: 'damaged', reason: `table ${missing} is missing` };
  readEverything(database);
  return { state: 'good' };
}

/** Throws where a text ends before its length: quick_check takes the missing last page of a long one for an empty page. */
function readEverything(database: DatabaseSync): void {
  database.prepare("SELECT count(*) FROM messages WHERE text || thinking || context || coalesce(report, '') IS NULL").get();
  database.prepare("SELECT count(*) FROM outbox WHERE payload || '' IS NULL").get();
}
