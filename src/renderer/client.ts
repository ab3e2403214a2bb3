/** @file The window's side of the wire: commands with their answers, events in order, and a connection that comes back. */
import type { DroppedModel } from '../shared/bridge.ts';
import type { Command } from '../shared/commands.ts';
import { type ClientEvent, eventSchema } from '../shared/events.ts';
import type { WireFault } from '../shared/faults.ts';
import { newId } from './ids.ts';
import { RECONNECT_FIRST_MS, RECONNECT_LONGEST_MS } from './limits.ts';
import type { Connection, Transport } from './transport.ts';

type Unanswered<Each> = Each extends Command ? Omit<Each, 'requestId'> : never;
/** A command as the window says it; the client adds the request id. */
export type Wish = Unanswered<Command>;
type DroppedWish = Omit<DroppedModel, 'requestId'>;
export type Answer = Exclude<ClientEvent, { type: 'command-failed' }> | { type: 'command-failed'; fault: WireFault };

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused' | 'outdated';

export type ClientPorts = {
  transport: Transport;
  /** Hears every valid event, in the order it came. */
  onEvent(event: ClientEvent): void;
  onConnection(state: ConnectionState): void;
  log(problem: string, detail: unknown): void;
};

export type Client = {
  start(): void;
  /** Sends a command and resolves with the event that answers it, once `settle` has seen that; never rejects. */
  ask(wish: Wish | DroppedWish, requestId?: string): Promise<Answer>;
  /** Hands an event that the window has taken in to whoever asked for it. */
  settle(event: ClientEvent): void;
  /** Tries a lost connection now. */
  retryNow(): void;
  close(): void;
};

/** The fault of a command whose answer never came: it may have been carried out. */
export const unanswered: WireFault = {
  code: 'cancelled',
  message: 'The connection was lost before an answer came; what was written is kept, so try again when it is back.',
  retryable: true,
};

const notUnderstood: WireFault = {
  code: 'internal',
  message: 'The program’s answer could not be read; what was written is kept, so load this page again.',
  retryable: true,
};

/** The pause before the given try (from 0), in ms. */
export function pauseBefore(attempt: number): number {
  return Math.min(RECONNECT_LONGEST_MS, RECONNECT_FIRST_MS * 2 ** Math.min(attempt, 16));
}

export function createClient(ports: ClientPorts): Client {
  const asked = new Map<string, (answer: Answer) => void>();
  let connection: Connection | undefined;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opened = false;

  const heard = (frame: unknown) => {
    const parsed = eventSchema.safeParse(frame);
    if (parsed.success) {
      if (parsed.data.type === 'session-opened') {
        attempt = 0;
        opened = true;
        ports.onConnection('open');
      }
      ports.onEvent(parsed.data);
      return;
    }
    ports.log('event-not-understood', parsed.error.issues[0]);
    if (typeOf(frame) === 'session-opened') end('outdated');
    else refuse(frame);
  };
  /** A frame that is no event answers nobody; a missing step of a reply shows as a gap in the numbers. */
  const refuse = (frame: unknown) => {
    const requestId = typeof frame === 'object' && frame !== null && 'requestId' in frame ? String(frame.requestId) : '';
    asked.get(requestId)?.({ type: 'command-failed', fault: notUnderstood });
    asked.delete(requestId);
  };
  const end = (state: ConnectionState) => {
    clearTimeout(timer);
    connection?.close();
    connection = undefined;
    for (const resolve of asked.values()) resolve({ type: 'command-failed', fault: unanswered });
    asked.clear();
    opened = false;
    ports.onConnection(state);
  };
  const connect = () => {
    clearTimeout(timer);
    connection?.close();
    connection = ports.transport({
      heard,
      closed: (reason) => {
        end(reason);
        if (reason === 'lost') timer = setTimeout(connect, pauseBefore(attempt++));
      },
    });
  };

  return {
    start() {
      ports.onConnection('connecting');
      connect();
    },
    ask(wish, requestId = newId()) {
      return new Promise((resolve) => {
        if (!connection || !opened) return resolve({ type: 'command-failed', fault: unanswered });
        asked.set(requestId, resolve);
        connection.send({ ...wish, requestId } as Command | DroppedModel);
      });
    },
    settle(event) {
      if (!('requestId' in event) || event.requestId === undefined) return;
      asked.get(event.requestId)?.(event);
      asked.delete(event.requestId);
    },
    retryNow() {
      if (!opened) connect();
    },
    close() {
      clearTimeout(timer);
      connection?.close();
      connection = undefined;
    },
  };
}

function typeOf(frame: unknown): unknown {
  return typeof frame === 'object' && frame !== null && 'type' in frame ? frame.type : undefined;
}
