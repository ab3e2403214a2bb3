/** @file The WebSocket end of the door: handshakes, how many there may be, and how all of them end. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSING_MS, FRAME_BYTES, SOCKET_CHUNKS, SOCKET_FRAGMENTS, SOCKETS } from '../../shared/limits.ts';
import { type Line, type LinePorts, openLine, type Speak } from './line.ts';
import { refusals } from './refusals.ts';
import { type Answer, sendRaw } from './respond.ts';

/** The subprotocol a browser offers together with its token, and the only one that is ever chosen. */
const subprotocol = 'companion.v1';

export type SocketPorts = LinePorts & {
  /** What speaks, by path. */
  speakers: Readonly<Record<string, Speak>>;
};

export type Sockets = {
  /** Why no further socket may be opened now, if so. */
  refusal(): Answer | undefined;
  /** For requests that have passed the guard, on a path that has a speaker. */
  accept(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes no more and closes all with 1001. */
  close(): void;
};

/** Places are counted by open lines: one that is only waiting for its connection to go away holds none. */
export function createSockets(ports: SocketPorts): Sockets {
  const handshakes = createHandshakes(ports);
  const open = new Map<WebSocket, Line | undefined>();
  let closed = false;

  const serve = (speak: Speak, ws: WebSocket, socket: Duplex): void => {
    open.set(ws, undefined);
    const line = openLine({ ...ports, ws, socket, speak, onLeave: () => open.delete(ws) });
    if (line.isOpen()) open.set(ws, line);
  };

  return {
    refusal: () => {
      if (closed) return refusals.closing;
      return open.size >= SOCKETS ? refusals.tooManySockets : undefined;
    },
    accept: (path, request, socket, head) => {
      const speak = ports.speakers[path];
      if (!speak) return sendRaw(socket, refusals.notFound, ports.clock);
      handshakes.handleUpgrade(request, socket, head, (ws) => serve(speak, ws, socket));
    },
    close: () => {
      closed = true;
      for (const line of open.values()) line?.close(1001, 'The service is stopping.');
    },
  };
}

function createHandshakes({ clock }: SocketPorts): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES,
    maxFragments: SOCKET_FRAGMENTS,
    maxBufferedChunks: SOCKET_CHUNKS,
    closeTimeout: CLOSING_MS,
    handleProtocols: (offered: Set<string>): string | false => offered.has(subprotocol) && subprotocol,
  };
  return new WebSocketServer(options).on('wsClientError', (_error, socket) => sendRaw(socket, refusals.handshake, clock));
}
