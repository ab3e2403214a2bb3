/** @file What reports say was recalled: found by the id of what is forgotten, in whatever wording it had then. */
import type { DatabaseSync } from 'node:sqlite';
import type { Recalled, Report } from '../../../shared/conversation.ts';
import { FORGOTTEN } from '../../engine/memory/forgotten-text.ts';

type Row = { number: number; report: string };

function reportsWith(database: DatabaseSync, ids: readonly string[]): Row[] {
  if (ids.length === 0) return [];
  const found = database.prepare(`SELECT number, report FROM messages WHERE report IS NOT NULL AND instr(report, '"recalled"') > 0
    AND EXISTS (SELECT 1 FROM json_each(?) AS gone WHERE instr(report, '"' || gone.value || '"') > 0)`);
  return found.all(JSON.stringify(ids)) as Row[];
}

const recalledIn = (row: Row): Recalled[] => (JSON.parse(row.report) as Partial<Report>).recalled ?? [];

/** A note that was reworded since, and the form in which the model read it, are known here alone. */
export function recalledTexts(database: DatabaseSync, ids: readonly string[]): string[] {
  const gone = new Set(ids);
  const texts = reportsWith(database, ids)
    .flatMap(recalledIn)
    .flatMap(({ source, text }) => (source && gone.has(source.id) && text !== FORGOTTEN ? [text] : []));
  return [...new Set(texts)];
}

/** That something was recalled stays to be seen, and nothing of what it was. */
export function blankRecalled(database: DatabaseSync, ids: readonly string[]): void {
  const gone = new Set(ids);
  const change = database.prepare('UPDATE messages SET report = ? WHERE number = ?');
  for (const row of reportsWith(database, ids)) {
    const report = JSON.parse(row.report) as Partial<Report>;
    const recalled = report.recalled?.map((each) =>
      each.source && gone.has(each.source.id) ? { ...each, text: FORGOTTEN, reason: FORGOTTEN } : each,
    );
    change.run(JSON.stringify({ ...report, recalled }), row.number);
  }
}
