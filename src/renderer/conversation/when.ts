/** @file Times and spans in words. Every function takes what "now" is. */

const DAY = 24 * 60 * 60 * 1_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const shortWeekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'long' });
const monthAndYear = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });

/** Whole days between two moments by the calendar; 0 is today. */
export function daysAgo(at: number, now: number): number {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return Math.max(0, Math.ceil((midnight - at) / DAY));
}

/** The head of a group in the list: "Today", "Last week", "October". */
export function dayGroup(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'Last week';
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? month.format(at) : monthAndYear.format(at);
}

/** The short time in the list: "21:14", "Sat", "27 Oct". */
export function listTime(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days <= 1) return clock.format(at);
  return days <= 7 ? shortWeekday.format(at) : dayAndMonth.format(at);
}

/** The stamp of a message: "20:52", "Sunday 20:52", "27 Oct 20:52". */
export function stamp(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return clock.format(at);
  if (days === 1) return `Yesterday ${clock.format(at)}`;
  return `${days <= 7 ? weekday.format(at) : dayAndMonth.format(at)} ${clock.format(at)}`;
}

export function fullTime(at: number): string {
  return whole.format(at);
}

/** "6 s", "1 min 20 s"; at least one second. */
export function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
