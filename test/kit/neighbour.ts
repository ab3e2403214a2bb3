/** @file A scripted neighbouring service over real HTTP: whatever a Character Manager or a Memory Subsystem may answer, and every lie. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type NeighbourAnswer =
  | { status?: number; headers?: Record<string, string>; body?: unknown; afterMs?: number }
  | 'hang'
  /** Half an answer, and then nothing more. */
  | 'hang-in-body'
  | 'reset';

export type NeighbourRequest = {
  method: string;
  /** As it stood in the request line. */
  target: string;
  headers: IncomingHttpHeaders;
  body: unknown;
  startedAt: number;
  /** When the connection was given up by the other side. */
  leftAt?: number;
};

export type Neighbour = {
  url: string;
  port: number;
  /** Everything that was asked but for looks at /health. */
  requests: NeighbourRequest[];
  looks(): number;
  /** What every question gets from now on. */
  says(answer: NeighbourAnswer | ((request: NeighbourRequest) => NeighbourAnswer)): void;
  /** What a look at /health gets. */
  saysOfHealth(answer: NeighbourAnswer): void;
  /** Ends it and every connection, as a process that dies does. */
  close(): Promise<void>;
};

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

async function send(response: ServerResponse, answer: NeighbourAnswer): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer === 'hang-in-body') {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"name": "Half');
    return;
  }
  const { status = 200, headers = {}, body, afterMs = 0 } = answer;
  await pause(afterMs);
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = body === undefined ? '' : isRaw ? body : JSON.stringify(body);
  response.writeHead(status, isRaw ? headers : { 'content-type': 'application/json', ...headers }).end(bytes);
}

/** Answers 404 until it is told better. */
export async function createNeighbour(port = 0): Promise<Neighbour> {
  const requests: NeighbourRequest[] = [];
  let looks = 0;
  let answer: NeighbourAnswer | ((request: NeighbourRequest) => NeighbourAnswer) = { status: 404 };
  let ofHealth: NeighbourAnswer = { status: 404 };
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/health')) {
      looks += 1;
      void send(response, ofHealth);
      return;
    }
    const record: NeighbourRequest = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body: undefined,
      startedAt: performance.now(),
    };
    requests.push(record);
    response.on('close', () => {
      if (!response.writableFinished) record.leftAt = performance.now();
    });
    void readBody(request).then((body) => {
      record.body = body;
      return send(response, typeof answer === 'function' ? answer(record) : answer);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const at = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${at}`,
    port: at,
    requests,
    looks: () => looks,
    says: (next) => {
      answer = next;
    },
    saysOfHealth: (next) => {
      ofHealth = next;
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
