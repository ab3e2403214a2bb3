/** @file Time in words: which days "last week", "in March" or "on Monday" mean, seen from a given day. */

/** A day of the person's own calendar; `day` counts days since 1 January 1970, `weekday` from Sunday = 0, `month` from January = 0. */
export type CalendarDay = { day: number; year: number; month: number; date: number; weekday: number };
export type DayRange = { from: number; to: number };

const DAY_MS = 86_400_000;
const months = 'january february march april may june july august september october november december'.split(' ');
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const seasons: Record<string, readonly [number, number]> = {
  spring: [2, 4],
  summer: [5, 7],
  autumn: [8, 10],
  fall: [8, 10],
  winter: [11, 13],
};
const numbers = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

export const dayNumber = (year: number, month: number, date: number): number => Math.round(Date.UTC(year, month, date) / DAY_MS);

export function calendarDay(day: number): CalendarDay {
  let year = 1970 + Math.floor(day / 365.2425);
  if (dayNumber(year + 1, 0, 1) <= day) year += 1;
  else if (dayNumber(year, 0, 1) > day) year -= 1;
  let month = 11;
  while (dayNumber(year, month, 1) > day) month -= 1;
  return { day, year, month, date: day - dayNumber(year, month, 1) + 1, weekday: (((day + 4) % 7) + 7) % 7 };
}

/** "12 May 2026". */
export function dayWords(day: number): string {
  const { date, month, year } = calendarDay(day);
  const name = months[month] ?? '';
  return `${date} ${name.slice(0, 1).toUpperCase()}${name.slice(1)} ${year}`;
}

const monthRange = (year: number, month: number, last = month): DayRange => ({
  from: dayNumber(year, month, 1),
  to: dayNumber(year, last + 1, 1) - 1,
});
const yearRange = (year: number): DayRange => ({ from: dayNumber(year, 0, 1), to: dayNumber(year, 11, 31) });

/** Weeks begin on Monday. */
function weekRange(day: number): DayRange {
  const from = day - ((calendarDay(day).weekday + 6) % 7);
  return { from, to: from + 6 };
}

const countOf = (word: string): number =>
  /^\d+$/.test(word) ? Number(word) : /^an?$/.test(word) ? 1 : word === 'few' ? 3 : word === 'couple' ? 2 : numbers.indexOf(word);

function ago(count: number, unit: string, today: CalendarDay): DayRange | undefined {
  if (count < 0 || count > 1000) return undefined;
  if (unit === 'day') return { from: today.day - count, to: today.day - count };
  if (unit === 'week') return { from: today.day - count * 7 - 3, to: today.day - count * 7 + 3 };
  if (unit === 'month') return { from: today.day - count * 30 - 15, to: today.day - count * 30 + 15 };
  return yearRange(today.year - count);
}

/** The latest such month that has begun. */
function namedMonth(month: number, year: string | undefined, today: CalendarDay): DayRange {
  if (year !== undefined) return monthRange(Number(year), month);
  return monthRange(month <= today.month ? today.year : today.year - 1, month);
}

function previous(unit: string, today: CalendarDay): DayRange | undefined {
  const weekday = weekdays.indexOf(unit);
  if (weekday >= 0) {
    const back = (today.weekday - weekday + 6) % 7;
    return { from: today.day - back - 1, to: today.day - back - 1 };
  }
  const month = months.indexOf(unit);
  if (month >= 0) return monthRange(month < today.month ? today.year : today.year - 1, month);
  const season = seasons[unit];
  if (season) {
    const year = season[0] < today.month ? today.year : today.year - 1;
    return monthRange(season[1] > 11 && today.month < 2 ? today.year - 1 : year, season[0], season[1]);
  }
  if (unit === 'week') return weekRange(today.day - 7);
  if (unit === 'weekend') {
    const { from } = weekRange(today.day);
    return today.weekday === 0 ? { from: from - 2, to: from - 1 } : { from: from - 2, to: from - 1 };
  }
  if (unit === 'month') return monthRange(today.year, today.month - 1);
  if (unit === 'year') return yearRange(today.year - 1);
  return unit === 'night' ? { from: today.day - 1, to: today.day - 1 } : undefined;
}

const monthNames = `(${months.join('|')}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)`;
const monthOf = (word: string): number => months.findIndex((name) => name.startsWith(word.slice(0, 3)));
type Rule = readonly [RegExp, (match: RegExpExecArray, today: CalendarDay) => DayRange | undefined];
const part = (match: RegExpExecArray, at: number): string => match[at] ?? '';

/** The first that fits wins: the exact ones stand above the vague ones. */
const rules: readonly Rule[] = [
  [/\b(\d{4})-(\d\d)-(\d\d)\b/, (m, today) => dated(Number(m[3]), Number(m[2]) - 1, m[1], today)],
  [
    new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? ${monthNames}\b,? ?(\d{4})?`),
    (m, today) => dated(Number(m[1]), monthOf(part(m, 2)), m[3], today),
  ],
  [
    new RegExp(String.raw`\b${monthNames} (\d{1,2})(?:st|nd|rd|th)?\b,? ?(\d{4})?`),
    (m, today) => dated(Number(m[2]), monthOf(part(m, 1)), m[3], today),
  ],
  [/\bday before yesterday\b/, (_, today) => single(today.day - 2)],
  [/\byesterday\b/, (_, today) => single(today.day - 1)],
  [/\b(?:today|tonight|this (?:morning|afternoon|evening))\b/, (_, today) => single(today.day)],
  [
    /\b(\d+|an?|few|couple|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: of)? (day|week|month|year)s? (?:ago|back|earlier)\b/,
    (m, today) => ago(countOf(part(m, 1)), part(m, 2), today),
  ],
  [
    new RegExp(
      String.raw`\b(?:last|past|previous) (week|weekend|month|year|night|spring|summer|autumn|fall|winter|${weekdays.join('|')}|${months.join('|')})\b`,
    ),
    (m, today) => previous(part(m, 1), today),
  ],
  [
    /\bthis weekend\b/,
    (_, today) => {
      const { to } = weekRange(today.day);
      return { from: to - 1, to };
    },
  ],
  [/\bthis week\b/, (_, today) => weekRange(today.day)],
  [/\bthis month\b/, (_, today) => monthRange(today.year, today.month)],
  [/\bthis year\b/, (_, today) => yearRange(today.year)],
  [
    new RegExp(String.raw`\b(?:in|during|since|of|around|back in|early|late|mid) ${monthNames}\b,? ?(\d{4})?`),
    (m, today) => namedMonth(monthOf(part(m, 1)), m[2], today),
  ],
  [new RegExp(String.raw`\b(${months.join('|')}),? (\d{4})\b`), (m, today) => namedMonth(monthOf(part(m, 1)), m[2], today)],
  [/\b(spring|summer|autumn|fall|winter)(?: of)? (\d{4})\b/, (m) => seasonOf(part(m, 1), Number(m[2]))],
  [new RegExp(String.raw`\bon (${weekdays.join('|')})\b`), (m, today) => previous(part(m, 1), today)],
  [/\b(?:in|during|of) ((?:19|20)\d\d)\b/, (m) => yearRange(Number(m[1]))],
  [/\b(?:recently|lately|the other day)\b/, (_, today) => ({ from: today.day - 14, to: today.day })],
];

const single = (day: number): DayRange => ({ from: day, to: day });

function seasonOf(name: string, year: number): DayRange | undefined {
  const season = seasons[name];
  return season && monthRange(year, season[0], season[1]);
}

/** From one 29 February to the next at most. */
const LEAP_YEARS = 8;

/** Without a year the latest such day that has come; undefined for a day that no month has. */
function dated(date: number, monthAt: number, year: string | undefined, today: CalendarDay): DayRange | undefined {
  const last = year === undefined ? today.year : Number(year);
  for (let at = last; at >= (year === undefined ? last - LEAP_YEARS : last); at--) {
    const day = dayNumber(at, monthAt, date);
    const { month, date: found } = calendarDay(day);
    const isThere = month === monthAt && found === date;
    if (date >= 1 && date <= 31 && isThere && (year !== undefined || day <= today.day)) return single(day);
  }
  return undefined;
}

/** The words that the rules begin with; most texts have none and cost one look. */
const HINT = new RegExp(
  String.raw`\d{4}|yesterday|today|tonight|this (?:morning|afternoon|evening|week|month|year)|ago|back|earlier|last|past|previous|recently|lately|other day|${months.map((name) => name.slice(0, 3)).join('|')}|${seasonWords()}|on (?:${weekdays.join('|')})`,
);
function seasonWords(): string {
  return Object.keys(seasons).join('|');
}

/** The days that a text speaks of, as seen from the day it was said; undefined where it speaks of none. */
export function daysIn(text: string, today: CalendarDay): { range: DayRange; words: string } | undefined {
  const lower = text.toLowerCase();
  if (!HINT.test(lower)) return undefined;
  for (const [pattern, days] of rules) {
    const match = pattern.exec(lower);
    const range = match && days(match, today);
    if (match && range) return { range, words: match[0].trim() };
  }
  return undefined;
}
