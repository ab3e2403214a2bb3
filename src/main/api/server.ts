/** @file The HTTP server of the door: every request, upgrade and broken line passes the guard or is refused here. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HEADERS_MS, REQUEST_CHECK_MS, REQUEST_MS } from '../../shared/limits.ts';
import type { Clock, Log } from '../engine/ports.ts';
import { callerOf, pathOf } from './caller.ts';
import { type Caller, type GuardPolicy, guard, type Verdict } from './guard.ts';
import { serveHalfClosed } from './half-closed.ts';
import { inShapeOf } from './openai-errors.ts';
import { refusalOf, refusals } from './refusals.ts';
import { send, sendRaw } from './respond.ts';
import { answerVisit, type RoutePorts, routeKind } from './routes.ts';
import type { Sockets } from './sockets.ts';
import { nameOf, routeOf, type Visitor, type Visitors } from './visitors.ts';

export type ServerPorts = {
  routes: RoutePorts;
  sockets: Sockets;
  visitors: Visitors;
  isToken: (presented: string) => boolean;
  /** Known only once the door listens, because of its port. */
  policy: () => GuardPolicy;
  clock: Clock;
  log: Log;
};

const options = {
  headersTimeout: HEADERS_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: REQUEST_CHECK_MS,
  /** A request without a Host is the guard's to refuse. */
  requireHostHeader: false,
  noDelay: true,
  /** Any other upgrade, such as the h2c some clients offer, is answered as the plain request it also is. */
  shouldUpgradeCallback: (request: IncomingMessage): boolean => request.headers.upgrade?.toLowerCase() === 'websocket',
};

/** The server, not yet listening. */
export function createDoorServer(ports: ServerPorts): Server {
  const responses = new WeakMap<Duplex, ServerResponse>();
  const visit = (request: IncomingMessage, response: ServerResponse): void => {
    responses.set(request.socket, response);
    void answerRequest(ports, request, response);
  };
  const server = createServer(options, visit)
    .on('checkContinue', visit)
    .on('checkExpectation', visit)
    .on('upgrade', (request, socket, head) => upgrade(ports, request, socket, head))
    .on('connect', (request, socket) => connect(ports, request, socket))
    .on('clientError', (error, socket) => refuseBrokenLine(ports, error, socket, responses.get(socket)));
  serveHalfClosed(server, ports.clock);
  return server;
}

async function answerRequest(ports: ServerPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { verdict, caller } = judge(ports, request);
    const refusal = refusalOf(verdict);
    const path = pathOf(request);
    const visited =
      refusal ??
      answerVisit(ports.routes, { request, response, path, caller, full: verdict === 'in', asked: note(ports, request, response, caller) });
    /** What is known at once is sent at once, before anything behind this request can break the line. */
    const answer = visited instanceof Promise ? await visited : visited;
    if (answer !== 'streamed') send(request, response, inShapeOf(path, answer), ports.clock);
  } catch (error) {
    ports.log.error('door-failed', { cause: error });
    if (response.headersSent) response.destroy();
    else send(request, response, inShapeOf(pathOf(request), refusals.internal), ports.clock);
  }
}

function judge(ports: ServerPorts, request: IncomingMessage): { verdict: Verdict; caller: Caller } {
  const route = routeKind(ports.routes.page, request.method ?? '', pathOf(request));
  const caller = callerOf(request, { isToken: ports.isToken, route });
  const verdict = guard(caller, ports.policy());
  if (verdict === 'forbidden' || verdict === 'unauthorized') {
    ports.log.debug('door-refused', { verdict, route });
    ports.visitors.refused();
  }
  return { verdict, caller };
}

/** Enters a request in the register; the page's own files are nobody's question. */
function note({ visitors }: ServerPorts, request: IncomingMessage, response: ServerResponse, { route }: Caller): Visitor['asked'] {
  if (route === 'static') return () => {};
  const visitor = visitors.arrive(nameOf(request), routeOf(request.method, pathOf(request)));
  response.once('close', visitor.leave);
  return visitor.asked;
}

/** An upgraded connection has lost the server's own error listener: without one here, a reset would end the process. */
function upgrade(ports: ServerPorts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', (error) => ports.log.debug('socket-broken', { cause: error }));
  const path = pathOf(request);
  const known = ports.routes.socketPaths.includes(path);
  const { verdict, caller } = judge(ports, request);
  const refusal =
    refusalOf(verdict) ??
    (known ? undefined : refusals.notFound) ??
    (request.method === 'GET' ? undefined : refusals.socketMethod) ??
    ports.sockets.refusal();
  if (refusal) sendRaw(socket, refusal, ports.clock);
  else ports.sockets.accept({ path, request, socket, head, caller });
}

/** CONNECT asks for a tunnel, which there never is. */
function connect(ports: ServerPorts, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', (error) => ports.log.debug('socket-broken', { cause: error }));
  sendRaw(socket, refusalOf(judge(ports, request).verdict) ?? refusals.noTunnel, ports.clock);
}

/** A line that is not HTTP is told so once, unless an answer is already on its way through it, or still to come to a request that was whole. */
function refuseBrokenLine(ports: ServerPorts, error: Error, socket: Duplex, response: ServerResponse | undefined): void {
  if (!socket.writable || !('code' in error) || error.code === 'ECONNRESET') {
    if (!socket.writableEnded) socket.destroy();
    return;
  }
  if (response && !response.writableEnded && response.req.complete) {
    response.shouldKeepAlive = false;
    return;
  }
  const answering = response?.headersSent === true && !response.writableFinished;
  if (answering) socket.end();
  else sendRaw(socket, refusals.broken(String(error.code)), ports.clock);
}
