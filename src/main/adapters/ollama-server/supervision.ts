/** @file What a supervisor of our own Ollama says, does, and needs of the world. */
import type { Clock, Log } from '../../engine/ports.ts';
import type { Run, RunEvents } from './server-process.ts';

export type ServerState = 'absent' | 'installing' | 'stopped' | 'starting' | 'ready' | 'degraded' | 'failed';

export type Supervision = {
  state: ServerState;
  /** One sentence or the start of one, for a person. */
  reason: string;
  /** Where it listens, while it is ready or degraded. */
  url?: string;
  version?: string;
};

/** Why a start is not even tried: nothing is there to start, or something a person must put right. */
export type Obstacle = { state: 'absent' | 'failed'; reason: string };

export type SupervisorPorts = {
  clock: Pick<Clock, 'now' | 'after'>;
  log: Log;
  /** Everything before a start: looks for the binary, ends a leftover, makes folders. Never rejects. */
  prepare(): Promise<Obstacle | undefined>;
  /** Begins a run; its events come later. */
  spawn(events: Omit<RunEvents, 'onLine'>): Run;
  /** Whether the server answers, within PROBE_TIMEOUT_MS. Never rejects. */
  probe(url: string): Promise<boolean>;
  /** A flaw of a server that answers, such as a runner that is gone; undefined where there is none. */
  flaw(version: string): string | undefined;
};

export type Supervisor = {
  status(): Supervision;
  listen(listener: (status: Supervision) => void): () => void;
  /** Starts it, also after it has failed or was stopped; what went wrong before is forgotten. */
  start(): void;
  /** Ends it; it stays stopped until `start`. */
  stop(reason?: string): Promise<void>;
  /** Said of what comes before a first start, such as a download. */
  installing(reason: string): void;
  /** Somebody heard the server just now. */
  heard(): void;
};
