/** @file The port to the door for other programs: whether it is open, its token, who came in. */
import type { DoorStatus } from '../../shared/door.ts';

/** Throws only Faults. */
export type DoorPort = {
  /** Cheap, never waits. */
  status(): DoorStatus;
  /** Hears every change, some four times a second while programs come in; returns the function that stops hearing. */
  onStatus(listener: (status: DoorStatus) => void): () => void;
  /** Makes the token where there is none yet. */
  token(): string;
  /** Answers the new token and how many sockets, which came with the old one, are closed. */
  rotateToken(): { token: string; dropped: number };
  retry(): void;
  /** What programs asked is no longer shown: something of it was deleted. */
  forgetWords(): void;
};
