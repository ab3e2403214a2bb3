/** @file How fast something comes and how long it still takes, from the bytes of the last seconds. */
import { RELEASE_SPEED_MS } from '../../../shared/runtime-limits.ts';

export type Measured = { doneBytes: number; totalBytes: number; bytesPerSecond?: number; secondsLeft?: number };

/** A speed from less time than this would jump about. */
const SHORTEST_MS = 1_000;

export function createMeter(totalBytes: number): { at(now: number, doneBytes: number): Measured } {
  let samples: { now: number; doneBytes: number }[] = [];
  return {
    at(now, doneBytes) {
      const last = samples.at(-1);
      // What began anew, or a clock that was set, says nothing of the speed.
      if (last && (doneBytes < last.doneBytes || now < last.now)) samples = [];
      samples = [...samples.filter((sample) => now - sample.now <= RELEASE_SPEED_MS), { now, doneBytes }];
      const first = samples[0];
      const ms = first ? now - first.now : 0;
      if (!first || ms < SHORTEST_MS || doneBytes <= first.doneBytes) return { doneBytes, totalBytes };
      const bytesPerSecond = Math.round(((doneBytes - first.doneBytes) / ms) * 1_000);
      return { doneBytes, totalBytes, bytesPerSecond, secondsLeft: Math.ceil((totalBytes - doneBytes) / bytesPerSecond) };
    },
  };
}
