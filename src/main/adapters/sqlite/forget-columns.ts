/** @file Every place of a database where text can lie, found in its own schema, so that a table added later is not forgotten. */
import type { DatabaseSync } from 'node:sqlite';

/**
 * derived: made by the program out of what was said, such as blocks of recalled memories, reports, summaries. said: the words
 * themselves. apart: notes, which are removed as rows.
 */
export type TextColumn = { table: string; column: string; of: 'derived' | 'said' | 'apart' };

/** Columns that hold no words of anybody: ids, marks, hashes. */
const NO_WORDS = /^(?:id|key|hash|role|status|kind|origin|mood|.*_ids?|digest)$/u;
const DERIVED_COLUMNS = new Set(['context', 'report', 'thinking', 'value']);
const DERIVED_TABLES = /summar|prompt|report|value/u;

type InfoRow = { tbl: string; col: string };

export function textColumns(database: DatabaseSync): TextColumn[] {
  const rows = database
    .prepare(`SELECT m.name AS tbl, p.name AS col FROM sqlite_schema m JOIN pragma_table_info(m.name) p
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND upper(p.type) = 'TEXT'`)
    .all() as InfoRow[];
  return rows.filter(({ col }) => !NO_WORDS.test(col)).map(({ tbl, col }) => ({ table: tbl, column: col, of: kindOf(tbl, col) }));
}

function kindOf(table: string, column: string): TextColumn['of'] {
  if (/^(?:notes|note_sources|forgettings)$/u.test(table)) return 'apart';
  return DERIVED_COLUMNS.has(column) || DERIVED_TABLES.test(table) ? 'derived' : 'said';
}

/** The columns by which a row of a table is known, in the order in which it is sorted by them. */
export function keyOf(database: DatabaseSync, table: string): string[] {
  const rows = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table) as { name: string }[];
  return rows.length === 0 ? ['rowid'] : rows.map(({ name }) => name);
}

export function hasTable(database: DatabaseSync, name: string): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

export function hasColumn(database: DatabaseSync, table: string, column: string): boolean {
  return database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined;
}
