/** @file The WebSocket end of the door: handshakes, how many there may be, and how all of them end. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSING_MS, DROP_AFTER_MS, FRAME_BYTES, SOCKET_CHUNKS, SOCKET_FRAGMENTS, SOCKETS } from '../../shared/limits.ts';
import type { Caller } from './guard.ts';
import { type Line, type LinePorts, openLine, type Speak } from './line.ts';
import { refusals } from './refusals.ts';
import { type Answer, safeHeaders, sendRaw } from './respond.ts';
import { nameOf, routeOf, type Visitors } from './visitors.ts';

/** The subprotocol a browser offers together with its token, and the only one that is ever chosen. */
const subprotocol = 'companion.v1';

export type SocketPorts = LinePorts & {
  /** What speaks, by path. */
  speakers: Readonly<Record<string, Speak>>;
  visitors: Visitors;
};

/** A handshake that has passed the guard, on a path that has a speaker. */
export type Handshake = { path: string; request: IncomingMessage; socket: Duplex; head: Buffer; caller: Caller };

export type Sockets = {
  /** Why no further socket may be opened now, if so. */
  refusal(): Answer | undefined;
  accept(handshake: Handshake): void;
  /** Closes those who would not be let in any more with 1008, after the moment in which whoever asked for it gets its answer; answers how many. */
  drop(isStillIn: (caller: Caller) => boolean, reason: string): number;
  /** Takes no more and closes all with 1001. */
  close(reason: string): void;
};

/** Places are counted by open lines: one that is only waiting for its connection to go away holds none. */
export function createSockets(ports: SocketPorts): Sockets {
  const handshakes = createHandshakes(ports);
  const open = new Map<WebSocket, { line: Line | undefined; caller: Caller }>();
  let closed = false;

  const serve = (speak: Speak, ws: WebSocket, { path, request, socket, caller }: Handshake): void => {
    const visitor = ports.visitors.arrive(nameOf(request), routeOf('WS', path));
    const onLeave = () => {
      open.delete(ws);
      visitor.leave();
    };
    open.set(ws, { line: undefined, caller });
    const line = openLine({ ...ports, ws, socket, speak, onLeave, caller: { isOwner: caller.token === 'right', asked: visitor.asked } });
    if (line.isOpen()) open.set(ws, { line, caller });
  };

  return {
    refusal: () => {
      if (closed) return refusals.closing;
      return open.size >= SOCKETS ? refusals.tooManySockets : undefined;
    },
    accept: (handshake) => {
      const { path, request, socket, head } = handshake;
      const speak = ports.speakers[path];
      if (!speak) return sendRaw(socket, refusals.notFound, ports.clock);
      handshakes.handleUpgrade(request, socket, head, (ws) => serve(speak, ws, handshake));
    },
    drop: (isStillIn, reason) => {
      const gone = [...open.values()].filter(({ caller }) => !isStillIn(caller));
      ports.clock.after(DROP_AFTER_MS, () => {
        for (const { line } of gone) line?.close(1008, reason);
      });
      return gone.length;
    },
    close: (reason) => {
      closed = true;
      for (const { line } of [...open.values()]) line?.close(1001, reason);
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
  return new WebSocketServer(options)
    .on('wsClientError', (_error, socket) => sendRaw(socket, refusals.handshake, clock))
    .on('headers', (headers) => headers.push(...Object.entries(safeHeaders).map(([name, value]) => `${name}: ${value}`)));
}
