/** @file What reports say was recalled: found by the id of what is forgotten, in whatever wording it had then. */
import type { DatabaseSync } from 'node:sqlite';
import type { Recalled } from '../../../shared/conversation.ts';
import { FORGOTTEN } from '../../engine/memory/forgotten-text.ts';

type Row = { number: number; report: string };
/** As it lies on the disk: an older program, or a damage, may have left anything there. */
type Entry = Partial<Recalled> | null;
type Read = Record<string, unknown> & { recalled: Entry[] };

function reportsOf(database: DatabaseSync, numbers: readonly number[]): Row[] {
  const found = database.prepare(`SELECT number, report FROM messages WHERE report IS NOT NULL AND instr(report, '"recalled"') > 0
    AND number IN (SELECT value FROM json_each(?))`);
  return found.all(JSON.stringify(numbers)) as Row[];
}

/** Undefined where nothing can be read in it as recalled. */
function readReport(text: string): Read | undefined {
  try {
    const report = JSON.parse(text) as Partial<Read> | null;
    return Array.isArray(report?.recalled) ? (report as Read) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const oneOf = (ids: readonly string[]) => {
  const gone = new Set(ids);
  return (each: Entry): boolean => gone.has(each?.source?.id ?? '');
};

/** `numbers`: of the messages whose reports name one of the ids. A note that was reworded since, and the form in which the model read it, are known here alone. */
export function recalledTexts(database: DatabaseSync, ids: readonly string[], numbers: readonly number[]): string[] {
  const isOwn = oneOf(ids);
  const own = reportsOf(database, numbers).flatMap(({ report }) => readReport(report)?.recalled.filter(isOwn) ?? []);
  const texts = own.flatMap((each) => (typeof each?.text === 'string' && each.text !== FORGOTTEN ? [each.text] : []));
  return [...new Set(texts)];
}

/**
 * Cleans a report of everything but what was recalled under one of these ids: that may be all that knows a wording, and goes when nothing
 * else tells it any more.
 */
export function besideRecalled(ids: readonly string[], clean: (text: string) => string): (report: string) => string {
  const isOwn = oneOf(ids);
  return (text) => {
    const report = readReport(text);
    if (!report?.recalled.some(isOwn)) return clean(text);
    const { recalled } = report;
    const cleaned = JSON.parse(clean(JSON.stringify({ ...report, recalled: recalled.map((each) => (isOwn(each) ? null : each)) }))) as Read;
    const whole = JSON.stringify({ ...cleaned, recalled: recalled.map((each, at) => (isOwn(each) ? each : cleaned.recalled[at])) });
    return whole === JSON.stringify(report) ? text : whole;
  };
}

/** That something was recalled stays to be seen, and nothing of what it was. */
export function blankRecalled(database: DatabaseSync, ids: readonly string[], numbers: readonly number[]): void {
  const isOwn = oneOf(ids);
  const change = database.prepare('UPDATE messages SET report = ? WHERE number = ?');
  for (const { number, report: text } of reportsOf(database, numbers)) {
    const report = readReport(text);
    if (!report?.recalled.some(isOwn)) continue;
    const recalled = report.recalled.map((each) => (isOwn(each) ? { ...each, text: FORGOTTEN, reason: FORGOTTEN } : each));
    change.run(JSON.stringify({ ...report, recalled }), number);
  }
}
