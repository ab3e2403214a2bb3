/** @file Whatever carries frames between a client and its session: IPC, a socket, or a pair of queues in a test. */
import type { ClientEvent } from '../../shared/events.ts';

export type Wire = {
  isOpen(): boolean;
  send(event: ClientEvent): void;
  /** Bytes handed to `send` that the other side has not taken yet; 0 where nothing is known. */
  unsentBytes(): number;
  /** Ends the connection with a WebSocket close code (1001 going away, 1013 try again later). */
  close(code: number, reason: string): void;
  /** It is the person's own window, or showed the access token: it may see the token and who else comes in. */
  isOwner?: boolean;
  /** Asks the person for a model file in the system's own dialog; undefined where they close it. Only the desktop window has one. */
  chooseModelFile?(): Promise<string | undefined>;
};

/** One client of the engine. `receive` takes whatever arrived, valid or not, and never throws. */
export type Session = {
  receive(frame: unknown): void;
  close(): void;
};

export type OpenSession = (wire: Wire) => Session;
