/** @file How every part of the store reaches the database: whole transactions, and only faults come out. */
import type { DatabaseSync } from 'node:sqlite';
import type { Fault } from '../../../shared/faults.ts';
import { storeFault } from './store-faults.ts';
import { inTransaction } from './transaction.ts';

export type Access = {
  database: DatabaseSync;
  read<Result>(action: () => Result): Result;
  /** Runs the action in one transaction; when it returns, the disk has it. */
  write<Result>(action: () => Result): Result;
  /** The fault of the latest write, where it failed for the disk's sake; undefined again after one that succeeds. */
  lastFault(): Fault | undefined;
};

export function createAccess(database: DatabaseSync): Access {
  let last: Fault | undefined;
  return {
    database,
    read(action) {
      try {
        return action();
      } catch (error) {
        throw storeFault(error);
      }
    },
    write(action) {
      try {
        const result = inTransaction(database, action);
        last = undefined;
        return result;
      } catch (error) {
        const fault = storeFault(error);
        if (fault.code === 'store-full' || fault.code === 'store-failed') last = fault;
        throw fault;
      }
    },
    lastFault: () => last,
  };
}
