/** @file One request as a scripted server sees it: what came, what was sent, when who left. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type ChatBody = {
  model: string;
  messages: { role: string; content: string }[];
  stream?: boolean;
  truncate?: boolean;
  shift?: boolean;
  think?: boolean;
  keep_alive?: number | string;
  options?: Record<string, number>;
};

/** Times are `performance.now()` of the server's process, in milliseconds. */
export type RequestRecord = {
  method: string;
  path: string;
  body: unknown;
  /** The connection it came on, counted from 1: the same number means that the connection was used again. */
  connection: number;
  startedAt: number;
  firstByteAt?: number;
  /** The client went away before the answer was whole. */
  closedByClientAt?: number;
  endedAt?: number;
  bytesSent: number;
  promptTokens?: number;
  /** Tokens of the prompt that were not there from the request before. */
  evaluatedTokens?: number;
};

/** How a body is cut into writes: whole, in pieces of a size, or in two at one offset of the body. */
export type Cutting = { kind: 'whole' } | { kind: 'every'; bytes: number } | { kind: 'at'; offset: number };

export type Exchange = {
  record: RequestRecord;
  /** Fires when the client has gone. */
  gone: AbortSignal;
  body(): Promise<string>;
  head(status: number, headers: Record<string, string | number>): void;
  write(text: string): Promise<void>;
  end(text?: string): Promise<void>;
  reset(): void;
  /** Waits; throws when the client leaves. */
  wait(ms: number): Promise<void>;
};

function cut(bytes: Buffer, from: number, cutting: Cutting): Buffer[] {
  if (cutting.kind === 'whole') return [bytes];
  if (cutting.kind === 'at') {
    const at = cutting.offset - from;
    return at <= 0 || at >= bytes.length ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)];
  }
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += cutting.bytes) pieces.push(bytes.subarray(start, start + cutting.bytes));
  return pieces;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** Watches both ends of a request and writes its answer in the pieces that are asked for. */
export function openExchange(request: IncomingMessage, response: ServerResponse, connection: number, cutting: () => Cutting): Exchange {
  const control = new AbortController();
  const path = new URL(request.url ?? '/', 'http://scripted').pathname;
  const record: RequestRecord = {
    method: request.method ?? 'GET',
    path,
    body: undefined,
    connection,
    startedAt: performance.now(),
    bytesSent: 0,
  };
  response.on('close', () => {
    record.endedAt = performance.now();
    if (!response.writableEnded) record.closedByClientAt = record.endedAt;
    control.abort();
  });
  request.socket.setNoDelay(true);
  const send = async (text: string) => {
    for (const piece of cut(Buffer.from(text), record.bytesSent, cutting())) {
      record.firstByteAt ??= performance.now();
      record.bytesSent += piece.length;
      if (!response.write(piece)) await Promise.race([drained(response), leaving(control.signal)]);
    }
  };
  return {
    record,
    gone: control.signal,
    body: () => readBody(request),
    head: (status, headers) => response.writeHead(status, headers).flushHeaders(),
    write: send,
    end: async (text) => {
      if (text) await send(text);
      response.end();
    },
    reset: () => request.socket.resetAndDestroy(),
    wait: (ms) => sleep(ms, undefined, { signal: control.signal }),
  };
}

const drained = (response: ServerResponse) => new Promise((resolve) => response.once('drain', resolve));
const leaving = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
