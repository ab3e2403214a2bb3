import { expect, it } from 'vitest';
import { addSample, amount, bytes, percent, speedOf, speedWords, timeLeft } from './progress.ts';

it('[W21] a download is said in words: how much, how fast, how long still', () => {
  expect([bytes(0), bytes(900), bytes(94_000_000), bytes(4_900_000_000)]).toEqual(['0 kB', '1 kB', '94 MB', '4.9 GB']);
  expect(amount({ label: '', doneBytes: 31_000_000, totalBytes: 94_000_000 })).toBe('31 of 94 MB');
  expect(amount({ label: '', doneBytes: 31_000_000, totalBytes: 4_900_000_000 })).toBe('31 MB of 4.9 GB');
  expect(amount({ label: '', doneBytes: 31_000_000 })).toBe('31 MB');
  expect(percent({ label: '', doneBytes: 99_999, totalBytes: 100_000 })).toBe(99);
  expect(percent({ label: '', doneBytes: 5 })).toBeUndefined();
  expect([speedWords(8_400_000), speedWords(12)]).toEqual(['8.4 MB/s', '1 kB/s']);
  expect([timeLeft(10, 10), timeLeft(400, 10), timeLeft(3_000, 10), timeLeft(90_000, 10)]).toEqual([
    'a few seconds left',
    'about 40 seconds left',
    'about 5 minutes left',
    'about 3 hours left',
  ]);
});

it('[W21] the speed is that of the last seconds, and begins anew with a file that does', () => {
  const samples = [0, 1_000, 2_000].reduce(
    (known, at) => addSample(known, { at, bytes: at * 5 }),
    [] as readonly { at: number; bytes: number }[],
  );
  expect(speedOf(samples)).toBe(5_000);
  expect(speedOf(samples.slice(0, 1))).toBeUndefined();
  expect(addSample(samples, { at: 3_000, bytes: 10 })).toEqual([{ at: 3_000, bytes: 10 }]);
  expect(addSample(samples, { at: 60_000, bytes: 20_000 })).toHaveLength(1);
});
