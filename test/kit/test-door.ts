/** @file A door over an engine played by hand, and the clients that knock on it. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import { type Door, type DoorConfig, type DoorPorts, openDoor } from '../../src/main/api/door.ts';
import type { Engine } from '../../src/main/engine/contract.ts';
import type { Clock, Log } from '../../src/main/engine/ports.ts';
import { createSessions } from '../../src/main/session/session.ts';
import type { Health } from '../../src/shared/status.ts';
import { createFakeEngine, type FakeEngine } from './fake-engine.ts';

export const testToken = 'a-token-that-only-these-tests-know-0123456789';

export type TestDoor = Door & {
  engine: FakeEngine;
  health: { now: Health; asked: number };
  sessions: { opened: number };
  logged: { level: string; event: string; fields: Record<string, unknown> | undefined }[];
};

const healthy: Health = {
  status: 'healthy',
  service: 'persona_engine',
  version: '0.0.0',
  dependencies: {
    ollama: { state: 'healthy', latency_ms: 1 },
    model: { state: 'healthy' },
    store: { state: 'healthy' },
    redis: { state: 'not_configured' },
    character_manager: { state: 'not_configured' },
    memory_subsystem: { state: 'not_configured' },
  },
};

export type TestDoorOptions = Partial<DoorConfig> & { clock?: Clock; pageFolder?: string; engine?: FakeEngine; over?: Engine };

/** Opens a door on a free port with real sessions, over an engine played by hand unless `over` names another; `reached` of its engine tells whether anything came through. */
export async function openTestDoor(options: TestDoorOptions = {}): Promise<TestDoor> {
  const { clock = createSystemClock(), pageFolder, engine = createFakeEngine(), over = engine, ...config } = options;
  const logged: TestDoor['logged'] = [];
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) => void logged.push({ level, event, fields });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const health = { now: healthy, asked: 0 };
  const sessions = { opened: 0 };
  const openSession = createSessions({ engine: over, clock, log, service: 'persona_engine', version: '0.0.0', userId: 'default' });
  const ports: DoorPorts = {
    engine: over,
    openSession: (wire) => {
      sessions.opened += 1;
      return openSession(wire);
    },
    health: () => {
      health.asked += 1;
      return health.now;
    },
    config: {
      host: '127.0.0.1',
      port: 0,
      allowedHosts: [],
      allowedOrigins: [],
      requireToken: false,
      pingIntervalS: 30,
      pingTimeoutS: 10,
      ...config,
    },
    token: testToken,
    pageFolder,
    log,
    clock,
  };
  return { ...(await openDoor(ports)), engine, health, sessions, logged };
}

export type RawAnswer = { status: number; headers: Map<string, string>; names: string[]; body: string };

/** Reads the first answer out of raw bytes; undefined where there is no whole head. */
export function parseAnswer(text: string): RawAnswer | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
  if (headEnd < 0 || status === undefined) return undefined;
  const lines = text.slice(0, headEnd).split('\r\n').slice(1);
  const pairs = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status: Number(status), headers: new Map(pairs), names: pairs.map(([name]) => name), body: text.slice(headEnd + 4) };
}

export type RawClient = {
  socket: Socket /** Everything received when the connection ends. */;
  all: Promise<string>;
  received: () => string;
};

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => socket.destroy());
  const received = () => Buffer.concat(chunks).toString('latin1');
  const all = new Promise<string>((resolve) => socket.once('close', () => resolve(received())));
  await once(socket, 'connect');
  return { socket, all, received };
}

/** Sends bytes as they are and answers everything that came back until the server closed. */
export async function knock(port: number, bytes: string | Buffer): Promise<string> {
  const { socket, all } = await connectRaw(port);
  socket.end(bytes);
  return all;
}

export type Request = { method?: string; path?: string; host?: string | null; headers?: Record<string, string>; body?: string };

/** One request with exactly these headers; `host: null` leaves the Host out. */
export async function ask(port: number, request: Request = {}): Promise<RawAnswer> {
  const { method = 'GET', path = '/health', host = `127.0.0.1:${port}`, headers = {}, body } = request;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...('Connection' in headers ? [] : ['Connection: close']),
  ];
  const text = await knock(port, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`));
  const answer = parseAnswer(text);
  if (!answer) throw new Error(`no answer to ${method} ${path}: ${JSON.stringify(text.slice(0, 200))}`);
  return answer;
}

export type SocketClient = {
  ws: WebSocket;
  frames: unknown[];
  send: (value: unknown) => void;
  /** The frame of this number, counted from 0, as soon as it is there. */
  frame: (number: number) => Promise<unknown>;
  /** Resolves when the frames heard so far fit. */
  until: (fits: (frames: unknown[]) => boolean) => Promise<unknown[]>;
  closed: Promise<{ code: number; reason: string }>;
};

/** A client of one of the sockets, without token or Origin, as native programs are. */
export function openSocket(
  url: string,
  path: string,
  options: { protocols?: string[]; headers?: Record<string, string> } = {},
): SocketClient {
  const ws = new WebSocket(url.replace('http', 'ws') + path, options.protocols ?? [], { headers: options.headers ?? {} });
  const frames: unknown[] = [];
  let waiters: { fits: (frames: unknown[]) => boolean; tell: (frames: unknown[]) => void }[] = [];
  ws.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()));
    const met = waiters.filter(({ fits }) => fits(frames));
    waiters = waiters.filter((waiter) => !met.includes(waiter));
    for (const { tell } of met) tell(frames);
  });
  ws.on('error', () => ws.terminate());
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  const until = (fits: (frames: unknown[]) => boolean) =>
    fits(frames) ? Promise.resolve(frames) : new Promise<unknown[]>((tell) => waiters.push({ fits, tell }));
  return {
    ws,
    frames,
    closed,
    until,
    send: (value) => ws.send(typeof value === 'string' ? value : JSON.stringify(value)),
    frame: async (number) => (await until((all) => all.length > number))[number],
  };
}

/** A socket client whose handshake is done. */
export async function connectSocket(url: string, path: string, options: Parameters<typeof openSocket>[2] = {}): Promise<SocketClient> {
  const client = openSocket(url, path, options);
  await once(client.ws, 'open');
  return client;
}
