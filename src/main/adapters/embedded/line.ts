/** @file One after the other: the engine has one context, so a second chat waits in line. */
import { unlessCancelled } from './cancelled.ts';

export type Line = {
  /** Waits for the turn; the place is held until `leave` is called. Throws Fault('cancelled') when the signal fires first. */
  enter(signal: AbortSignal): Promise<{ leave(): void }>;
};

export function createLine(): Line {
  let last: Promise<void> = Promise.resolve();
  return {
    async enter(signal) {
      const before = last;
      const place = Promise.withResolvers<void>();
      last = before.then(() => place.promise);
      try {
        await unlessCancelled(before, signal);
      } catch (error) {
        place.resolve();
        throw error;
      }
      return { leave: place.resolve };
    },
  };
}
