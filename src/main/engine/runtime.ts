/** @file The port to Ollama itself: installing it, whose models it uses, what it writes. */
import type { GraphicsPart, Licence, RuntimeStatus } from '../../shared/runtime.ts';

/** Throws only Faults. How an installation goes is told by the status; its methods only begin and end it. */
export type Runtime = {
  /** Cheap, never waits. */
  status(): RuntimeStatus;
  /** Hears every change, some four times a second while something comes; returns the function that stops hearing. */
  onStatus(listener: (status: RuntimeStatus) => void): () => void;
  /** Of what would be fetched. */
  licences(): Licence[];
  /** Asks the release's server for what did not come with the program; fetches nothing. */
  lookUp(): Promise<void>;
  /** Begins an installation or goes on with one; one that runs is left alone. What is undefined is as it was asked for before. */
  install(graphics?: readonly GraphicsPart[], thenModel?: boolean): void;
  /** Keeps what has come. */
  pause(): void;
  /** Removes what has come. */
  cancel(): Promise<void>;
  /** Uses the person's own models, or our own again. */
  shareModels(share: boolean): Promise<void>;
  /** Ends our own Ollama; it stays ended until `startServer`. */
  stopServer(): Promise<void>;
  /** Starts it, also after it has failed. */
  startServer(): void;
  /** The newest lines of our own Ollama's log, oldest first. */
  log(): string[];
  /** Ends an installation so that the next start goes on with it. */
  close(): Promise<void>;
};
