/** @file Pings a socket and notices when the other side has fallen silent. */
import type { Clock } from '../engine/ports.ts';

export type HeartbeatOptions = {
  clock: Clock;
  /** WS_PING_INTERVAL and WS_PING_TIMEOUT, in seconds. */
  intervalS: number;
  timeoutS: number;
  /** Bytes that have arrived so far: anything at all is a sign of life, a large frame that is still on its way as well. */
  bytesRead: () => number;
  ping: () => void;
  onSilence: () => void;
};

/** Starts the pings; returns what stops them. */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const { clock, intervalS, timeoutS } = options;
  const pending = new Set<() => void>();
  const later = (seconds: number, action: () => void): void => {
    const cancel = clock.after(seconds * 1_000, () => {
      pending.delete(cancel);
      action();
    });
    pending.add(cancel);
  };
  const beat = (): void => {
    const before = options.bytesRead();
    options.ping();
    later(timeoutS, () => {
      if (options.bytesRead() === before) options.onSilence();
    });
    later(intervalS, beat);
  };
  later(intervalS, beat);
  return () => {
    for (const cancel of pending) cancel();
    pending.clear();
  };
}
