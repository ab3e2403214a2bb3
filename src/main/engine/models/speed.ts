/** @file How fast a download is, and how long it will still take. */
import { PULL_SPEED_MS } from '../../../shared/model-limits.ts';

/** Shorter than this nothing can be said of a speed. */
const SHORTEST_MS = 500;

export type Speed = {
  /** Notes how much there is now. Where that is less than before, what was taken back is not counted when it comes once more. */
  note(bytes: number, at: number): void;
  /** Bytes per second over the last seconds; undefined until there is something to go by, or where nothing came. */
  now(at: number): number | undefined;
  clear(): void;
};

export function createSpeed(): Speed {
  let samples: { at: number; bytes: number }[] = [];
  return {
    note(bytes, at) {
      const last = samples.at(-1);
      const back = Math.max(0, (last?.bytes ?? 0) - bytes);
      const recent = samples.filter((sample) => at - sample.at <= PULL_SPEED_MS);
      samples = [...recent.map((sample) => ({ at: sample.at, bytes: sample.bytes - back })), { at, bytes }];
    },
    now(at) {
      const [first] = samples;
      const last = samples.at(-1);
      if (!first || !last || at - first.at < SHORTEST_MS || last.bytes <= first.bytes) return undefined;
      return ((last.bytes - first.bytes) / (at - first.at)) * 1_000;
    },
    clear() {
      samples = [];
    },
  };
}
