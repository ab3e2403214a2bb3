/** @file What reports say was recalled: found by the id of what is forgotten, in whatever wording it had then. */
import type { DatabaseSync } from 'node:sqlite';
import type { Recalled, Report } from '../../../shared/conversation.ts';
import { FORGOTTEN } from '../../engine/memory/forgotten-text.ts';

type Row = { number: number; report: string };

function reportsOf(database: DatabaseSync, numbers: readonly number[]): Row[] {
  const found = database.prepare(`SELECT number, report FROM messages WHERE report IS NOT NULL AND instr(report, '"recalled"') > 0
    AND number IN (SELECT value FROM json_each(?))`);
  return found.all(JSON.stringify(numbers)) as Row[];
}

const recalledIn = (row: Row): Recalled[] => (JSON.parse(row.report) as Partial<Report>).recalled ?? [];

/** `numbers`: of the messages whose reports name one of the ids. A note that was reworded since, and the form in which the model read it, are known here alone. */
export function recalledTexts(database: DatabaseSync, ids: readonly string[], numbers: readonly number[]): string[] {
  const gone = new Set(ids);
  const texts = reportsOf(database, numbers)
    .flatMap(recalledIn)
    .flatMap(({ source, text }) => (source && gone.has(source.id) && text !== FORGOTTEN ? [text] : []));
  return [...new Set(texts)];
}

/**
 * Cleans a report of everything but what was recalled under one of these ids: that may be all that knows a wording, and goes when nothing
 * else tells it any more.
 */
export function besideRecalled(ids: readonly string[], clean: (text: string) => string): (report: string) => string {
  const gone = new Set(ids);
  const isOwn = ({ source }: Recalled) => source !== undefined && gone.has(source.id);
  return (text) => {
    const report = JSON.parse(text) as Partial<Report>;
    const { recalled } = report;
    if (!recalled?.some(isOwn)) return clean(text);
    const others = { ...report, recalled: recalled.map((each) => (isOwn(each) ? null : each)) };
    const cleaned = JSON.parse(clean(JSON.stringify(others))) as typeof others;
    const whole = JSON.stringify({ ...cleaned, recalled: recalled.map((each, at) => (isOwn(each) ? each : cleaned.recalled[at])) });
    return whole === JSON.stringify(report) ? text : whole;
  };
}

/** That something was recalled stays to be seen, and nothing of what it was. */
export function blankRecalled(database: DatabaseSync, ids: readonly string[], numbers: readonly number[]): void {
  const gone = new Set(ids);
  const change = database.prepare('UPDATE messages SET report = ? WHERE number = ?');
  for (const row of reportsOf(database, numbers)) {
    if (!recalledIn(row).some(({ source }) => source && gone.has(source.id))) continue;
    const report = JSON.parse(row.report) as Partial<Report>;
    const recalled = report.recalled?.map((each) =>
      each.source && gone.has(each.source.id) ? { ...each, text: FORGOTTEN, reason: FORGOTTEN } : each,
    );
    change.run(JSON.stringify({ ...report, recalled }), row.number);
  }
}
