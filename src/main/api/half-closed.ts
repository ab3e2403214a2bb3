/** @file Clients that close their writing side after the request still get their answer; those that are gone are noticed. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HALF_CLOSED_PROBE_MS } from '../../shared/limits.ts';
import type { Clock } from '../engine/ports.ts';

/**
 * A client that has left and one that has merely said everything look the same: both have ended their side. The difference shows
 * when something is written to them, so something is: an interim status before the answer has begun, an empty comment within a
 * stream of events. Whoever is gone answers with a reset, and the next write fails.
 */
export function serveHalfClosed(server: Server, clock: Clock): void {
  // Without this, Node ends a connection as soon as the client's side has ended, and the answer with it.
  Object.assign(server, { httpAllowHalfOpen: true });
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  const note = (_request: IncomingMessage, response: ServerResponse): void => {
    const socket = response.socket;
    if (!socket) return;
    const answers = open.get(socket);
    if (answers) answers.add(response);
    else watch(socket, clock, open, response);
    response.once('close', () => open.get(socket)?.delete(response));
  };
  server.on('request', note).on('checkContinue', note).on('checkExpectation', note);
}

function watch(socket: Socket, clock: Clock, open: WeakMap<Socket, Set<ServerResponse>>, first: ServerResponse): void {
  const answers = new Set([first]);
  open.set(socket, answers);
  let cancel = () => {};
  const probe = (): void => {
    const [answer] = answers;
    if (!answer || socket.destroyed) return;
    touch(answer);
    cancel = clock.after(HALF_CLOSED_PROBE_MS, probe);
  };
  socket.once('end', () => {
    cancel = clock.after(HALF_CLOSED_PROBE_MS, probe);
  });
  socket.once('close', () => cancel());
}

/** Clients of HTTP/1.0 know no interim status; they are noticed at the first word. */
function touch(answer: ServerResponse): void {
  if (answer.writableEnded) return;
  if (answer.headersSent) {
    if (String(answer.getHeader('content-type')).startsWith('text/event-stream')) answer.write(':\n\n');
  } else if (answer.req.httpVersionMinor > 0) answer.writeProcessing();
}
