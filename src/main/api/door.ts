/** @file Opens the door on this machine's own address: HTTP, the page, /ws/session and /ws/chat. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { DOOR_CLOSE_MS } from '../../shared/limits.ts';
import type { Health } from '../../shared/status.ts';
import type { Engine } from '../engine/contract.ts';
import type { Clock, Log } from '../engine/ports.ts';
import type { OpenSession } from '../session/wire.ts';
import { speakChat } from './chat-socket.ts';
import type { Speak } from './line.ts';
import { readPage } from './page.ts';
import { createDoorServer } from './server.ts';
import { speakSession } from './session-socket.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createPlaces } from './streams.ts';
import { createTokenCheck } from './token.ts';

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
  log: Log;
  clock: Clock;
};

export type Door = {
  url: string;
  port: number;
  /** Takes nothing new, closes sockets with 1001, and is done within a second. */
  close(): Promise<void>;
};

/** Rejects with the system's error, such as EADDRINUSE, where the address cannot be had. */
export async function openDoor(ports: DoorPorts): Promise<Door> {
  const { config, engine, log, clock } = ports;
  const speakers: Record<string, Speak> = {
    '/ws/session': (line) => speakSession(ports.openSession, line),
    '/ws/chat': (line) => speakChat({ engine, log }, line),
  };
  const sockets = createSockets({ clock, log, speakers, pingIntervalS: config.pingIntervalS, pingTimeoutS: config.pingTimeoutS });
  const policy = { ...config };
  const server = createDoorServer({
    routes: {
      engine,
      health: ports.health,
      page: readPage(ports.pageFolder, log),
      socketPaths: Object.keys(speakers),
      places: createPlaces(),
      clock,
      log,
    },
    sockets,
    isToken: createTokenCheck(ports.token),
    policy: () => policy,
    clock,
    log,
  });
  const connections = trackConnections(server);
  policy.port = await listen(server, config);
  server.on('error', (error) => log.error('door-failed', { cause: error }));
  return {
    url: `http://${shownHost(config.host)}:${policy.port}`,
    port: policy.port,
    close: () => close(server, sockets, connections, clock),
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
async function close(server: Server, sockets: Sockets, connections: ReadonlySet<Socket>, clock: Clock): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  sockets.close();
  const cancel = clock.after(DOOR_CLOSE_MS, () => {
    for (const connection of connections) connection.destroy();
  });
  await ended;
  cancel();
}
