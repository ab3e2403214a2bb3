/** @file Fan-out: who hears what, and that one listener's failure is nobody else's. */
import type { Log } from './ports.ts';

export type Broadcast<Event> = {
  add(listener: (event: Event) => void): () => void;
  send(event: Event): void;
  size(): number;
};

/** Listeners are called in the order they came; one added or removed while an event goes out hears from the next one on. */
export function createBroadcast<Event>(log: Log): Broadcast<Event> {
  const listeners = new Set<{ hear: (event: Event) => void }>();
  return {
    add(listener) {
      const entry = { hear: listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    send(event) {
      for (const { hear } of [...listeners]) {
        try {
          hear(event);
        } catch (error) {
          log.error('listener-failed', { cause: error });
        }
      }
    },
    size: () => listeners.size,
  };
}
