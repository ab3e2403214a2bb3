/** @file A download in words: how much, how fast, how long still. */
import type { Progress } from '../../shared/status.ts';

export type Sample = { at: number; bytes: number };

/** Samples older than this say nothing about the speed now. */
const RATE_WINDOW_MS = 8_000;

/** The samples with one more; a file that began anew begins its samples anew. */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last && sample.bytes < last.bytes) return [sample];
  return [...samples.filter(({ at }) => sample.at - at <= RATE_WINDOW_MS), sample];
}

/** Bytes per second over the last seconds; undefined until there is something to go by. */
export function speedOf(samples: readonly Sample[]): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 500 || last.bytes <= first.bytes) return undefined;
  return ((last.bytes - first.bytes) / (last.at - first.at)) * 1_000;
}

/** "94 MB", "4.9 GB". */
export function bytes(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} GB`;
  if (count >= 1e6) return `${Math.round(count / 1e6)} MB`;
  return `${Math.max(count > 0 ? 1 : 0, Math.round(count / 1e3))} kB`;
}

/** "31 of 94 MB"; without a whole, what is there. */
export function amount({ doneBytes, totalBytes }: Progress): string {
  if (totalBytes === undefined) return bytes(doneBytes);
  const [done = '', unit] = bytes(doneBytes).split(' ');
  const whole = bytes(totalBytes);
  return whole.endsWith(unit ?? '') ? `${done} of ${whole}` : `${bytes(doneBytes)} of ${whole}`;
}

/** "8.4 MB/s". */
export function speedWords(perSecond: number): string {
  return perSecond >= 1e6 ? `${(perSecond / 1e6).toFixed(1)} MB/s` : `${Math.max(1, Math.round(perSecond / 1e3))} kB/s`;
}

/** "about 4 minutes left". */
export function timeLeft(missingBytes: number, perSecond: number): string {
  const seconds = missingBytes / perSecond;
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} seconds left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.round(minutes / 60)} hours left`;
}

/** Whole percent; undefined where the whole is not known. */
export function percent({ doneBytes, totalBytes }: Progress): number | undefined {
  return totalBytes ? Math.min(100, Math.floor((doneBytes / totalBytes) * 100)) : undefined;
}
