/** @file Rows as arrays in the order of their statement: as objects they cost three times as much, which counts where there are thousands. */
import type { StatementSync } from 'node:sqlite';

export function inCells(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}
