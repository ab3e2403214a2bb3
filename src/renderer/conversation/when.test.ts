import { expect, it } from 'vitest';
import { dayGroup, listTime, span, stamp } from './when.ts';

const at = (month: number, day: number, hour = 12, minute = 0) => new Date(2026, month - 1, day, hour, minute).getTime();
const now = at(11, 23, 21, 14);

it('[W22] conversations stand under the day they were last spoken in', () => {
  const days = [at(11, 23, 0, 1), at(11, 22, 23, 59), at(11, 21), at(11, 16, 13), at(11, 15), at(10, 27), new Date(2025, 9, 27).getTime()];
  expect(days.map((day) => dayGroup(day, now))).toEqual([
    'Today',
    'Yesterday',
    'Last week',
    'Last week',
    'November',
    'October',
    'October 2025',
  ]);
  expect(days.map((day) => listTime(day, now))).toEqual(['00:01', '23:59', 'Sat', 'Mon', '15 Nov', '27 Oct', '27 Oct']);
});

it('[W22] stamps and spans are short', () => {
  expect([stamp(at(11, 23, 20, 52), now), stamp(at(11, 22, 20, 52), now), stamp(at(11, 19, 8), now)]).toEqual([
    '20:52',
    'Yesterday 20:52',
    'Thursday 08:00',
  ]);
  expect([span(10), span(6_400), span(60_000), span(80_000)]).toEqual(['1 s', '6 s', '1 min', '1 min 20 s']);
});
