/** @file One transaction: all of it is on disk when it returns, or none of it ever was. */
import type { DatabaseSync } from 'node:sqlite';

/** Runs the action in a transaction that takes the write lock at once; any error undoes everything and is thrown on. */
export function inTransaction<Result>(database: DatabaseSync, action: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some errors, such as a full disk.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
