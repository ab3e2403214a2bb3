/** @file Days in words, and words as stems. */
import { describe, expect, it } from 'vitest';
import { calendarDay, dayNumber, daysIn, dayWords } from './dates.ts';
import { stemOf } from './stem.ts';

describe('days in words', () => {
  // A Wednesday.
  const today = calendarDay(dayNumber(2026, 0, 7));
  const told = (text: string) => {
    const range = daysIn(text, today)?.range;
    return range && [dayWords(range.from), dayWords(range.to)];
  };

  it('[RC9] are the days they mean, also over the turn of a year', () => {
    expect(told('What did I say yesterday?')).toEqual(['6 January 2026', '6 January 2026']);
    expect(told('And last week?')).toEqual(['29 December 2025', '4 January 2026']);
    expect(told('last month')).toEqual(['1 December 2025', '31 December 2025']);
    expect(told('back in March')).toEqual(['1 March 2025', '31 March 2025']);
    expect(told('two days ago')).toEqual(['5 January 2026', '5 January 2026']);
    expect(told('on Monday')).toEqual(['5 January 2026', '5 January 2026']);
    expect(told('on 12 May 2023')).toEqual(['12 May 2023', '12 May 2023']);
    expect(told('this weekend')).toEqual(['10 January 2026', '11 January 2026']);
    expect(told('on 29 February')).toEqual(['29 February 2024', '29 February 2024']);
    expect(told('on 8 January')).toEqual(['8 January 2025', '8 January 2025']);
    for (const none of ['on 30 February', '2026-02-31', '2026-13-01', 'on 0 May']) expect(told(none)).toBeUndefined();
    expect(told('We may march on')).toBeUndefined();
    expect(told('I like soup.')).toBeUndefined();
  });

  it('[RC9] every day of 60 years has its date and weekday back', () => {
    for (let day = dayNumber(1990, 0, 1); day < dayNumber(2050, 0, 1); day++) {
      const { year, month, date, weekday } = calendarDay(day);
      const utc = new Date(day * 86_400_000);
      expect([year, month, date, weekday]).toEqual([utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), utc.getUTCDay()]);
    }
  });

  it('[RC9] one stem stands for the forms of a word', () => {
    for (const forms of [
      ['walk', 'walks', 'walked', 'walking'],
      ['hope', 'hoping', 'hoped'],
      ['party', 'parties'],
      ['adopt', 'adopted', 'adoption'],
    ]) {
      expect(new Set(forms.map(stemOf)).size).toBe(1);
    }
  });
});
