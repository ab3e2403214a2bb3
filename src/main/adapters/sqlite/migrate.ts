/** @file Brings a database to the shape this version of the program knows, one transaction per step. */
import type { DatabaseSync } from 'node:sqlite';
import { Fault } from '../../../shared/faults.ts';
import { migration001 } from './migration-001-first.ts';
import { migration002 } from './migration-002-prompt-texts.ts';
import { migration003 } from './migration-003-remembered.ts';
import { migration004 } from './migration-004-steering.ts';
import { migration005 } from './migration-005-conversation-model.ts';
import { migration006 } from './migration-006-notes.ts';
import { migration007 } from './migration-007-summaries.ts';
import { migration008 } from './migration-008-shared-notes.ts';
import { migration009 } from './migration-009-put-right.ts';
import { inTransaction } from './transaction.ts';

/** Marks the file as ours ("Pers" in ASCII), so that a foreign database is never written into. */
export const APPLICATION_ID = 0x50657273;

/** In order; the number of those applied is the file's `user_version`. Published ones are never changed. */
export const migrations: readonly string[] = [
  migration001,
  migration002,
  migration003,
  migration004,
  migration005,
  migration006,
  migration007,
  migration008,
  migration009,
];

/** How many steps the file has behind it; 0 is an empty file. */
export function versionOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get();
  return Number(row?.['user_version'] ?? 0);
}

/** Applies what is missing. A step that is cut short leaves the file as it was before that step. */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  const version = versionOf(database);
  if (version > steps.length) {
    throw new Fault(
      'store-failed',
      'A newer version of this program wrote the conversations; nothing was changed; start that version or choose another data folder.',
      { detail: `user_version ${version}, known ${steps.length}` },
    );
  }
  for (const [index, step] of steps.slice(version).entries()) {
    inTransaction(database, () => {
      database.exec(step);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      database.exec(`PRAGMA user_version = ${version + index + 1}`);
    });
  }
}
