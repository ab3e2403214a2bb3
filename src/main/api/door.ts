/** @file Opens the door on this machine's own address: HTTP, the page, /ws/session and /ws/chat. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { DOOR_CLOSE_MS } from '../../shared/limits.ts';
import type { Health } from '../../shared/status.ts';
import type { Engine } from '../engine/contract.ts';
import type { Clock, Log } from '../engine/ports.ts';
import type { OpenSession } from '../session/wire.ts';
import { speakChat } from './chat-socket.ts';
import { type Caller, guard } from './guard.ts';
import type { Speak } from './line.ts';
import { readPage } from './page.ts';
import { createDoorServer } from './server.ts';
import { speakSession } from './session-socket.ts';
import { createSockets } from './sockets.ts';
import { createPlaces } from './streams.ts';
import { createTokenCheck } from './token.ts';
import { createVisitors, type Visitors } from './visitors.ts';

export type DoorConfig = {
  host: string;
  /** 0 picks a free one. */
  port: number;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  requireToken: boolean;
  pingIntervalS: number;
  pingTimeoutS: number;
};

export type DoorPorts = {
  engine: Engine;
  openSession: OpenSession;
  /** The latest probes' results; answers at once. */
  health: () => Health;
  config: DoorConfig;
  token: string;
  /** The built page; undefined serves none. */
  pageFolder: string | undefined;
  /** Where it is written down who came in; absent where nobody looks. */
  visitors?: Visitors;
  log: Log;
  clock: Clock;
};

export type Door = {
  url: string;
  port: number;
  /** Who may come in from now on; whoever could not any more is closed. Answers how many. */
  admit(rules: Pick<DoorConfig, 'requireToken' | 'allowedOrigins'>): number;
  /** Whoever came with the old one is closed. Answers how many. */
  replaceToken(token: string): number;
  /** Takes nothing new, closes sockets with 1001, and is done within a second. */
  close(reason?: string): Promise<void>;
};

/** Rejects with the system's error, such as EADDRINUSE, where the address cannot be had. */
export async function openDoor(ports: DoorPorts): Promise<Door> {
  const { config, engine, log, clock } = ports;
  const speakers: Record<string, Speak> = {
    '/ws/session': (line, caller) => speakSession(ports.openSession, line, caller),
    '/ws/chat': (line, caller) => speakChat({ engine, log }, line, caller),
  };
  const visitors = ports.visitors ?? createVisitors(clock, () => {});
  const { pingIntervalS, pingTimeoutS } = config;
  const sockets = createSockets({ clock, log, speakers, visitors, pingIntervalS, pingTimeoutS });
  const places = createPlaces(clock);
  const policy = { ...config };
  let isToken = createTokenCheck(ports.token);
  const server = createDoorServer({
    routes: {
      engine,
      health: ports.health,
      page: readPage(ports.pageFolder, log),
      socketPaths: Object.keys(speakers),
      places,
      clock,
      log,
    },
    sockets,
    visitors,
    isToken: (presented) => isToken(presented),
    policy: () => policy,
    clock,
    log,
  });
  const drop = (isStillIn: (caller: Caller) => boolean, reason: string) => sockets.drop(isStillIn, reason) + places.drop(isStillIn);
  const connections = trackConnections(server);
  policy.port = await listen(server, config);
  server.on('error', (error) => log.error('door-failed', { cause: error }));
  return {
    url: `http://${shownHost(config.host)}:${policy.port}`,
    port: policy.port,
    admit: ({ requireToken, allowedOrigins }) => {
      Object.assign(policy, { requireToken, allowedOrigins });
      return drop((caller) => guard(caller, policy) === 'in', 'Who may come in was changed.');
    },
    replaceToken: (token) => {
      isToken = createTokenCheck(token);
      return drop((caller) => caller.token !== 'right', 'The access token was replaced; come again with the new one.');
    },
    close: (reason = 'The service is stopping.') => {
      sockets.close(reason);
      return close(server, connections, clock);
    },
  };
}

function listen(server: Server, { host, port }: DoorConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function trackConnections(server: Server): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

/** An address that listens everywhere is reached on this machine by its loopback one. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Answers under way get DOOR_CLOSE_MS to arrive; whatever is connected after that is cut off. */
async function close(server: Server, connections: ReadonlySet<Socket>, clock: Clock): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  const cancel = clock.after(DOOR_CLOSE_MS, () => {
    for (const connection of connections) connection.destroy();
  });
  await ended;
  cancel();
}
