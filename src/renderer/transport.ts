/** @file What carries commands out of the window and events into it, whatever it is made of. */
import type { DroppedModel } from '../shared/bridge.ts';
import type { Command } from '../shared/commands.ts';

export type Closing = 'lost' | 'refused';

export type TransportListener = {
  /** One event as it arrived, not yet checked. */
  heard(frame: unknown): void;
  /** Nothing can be sent any more. After `refused` no further try makes sense without the person. */
  closed(reason: Closing): void;
};

export type Connection = {
  /** A dropped file goes only over the bridge of the desktop window. */
  send(command: Command | DroppedModel): void;
  close(): void;
};

/** Opens one connection; the first event is `session-opened`. */
export type Transport = (listener: TransportListener) => Connection;
