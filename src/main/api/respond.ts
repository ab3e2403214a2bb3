/** @file How the door answers: one set of headers on everything, one shape of error, nothing left half sent. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FaultCode } from '../../shared/faults.ts';
import { DRAIN_BYTES, DRAIN_MS } from '../../shared/limits.ts';
import type { Clock } from '../engine/ports.ts';

/** On every answer; there is never an Access-Control-* header among them (wire.md). */
export const safeHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** What went wrong, where the body says so; one door says it in another shape. */
  problem?: { code: FaultCode; message: string; param?: string };
};

export type ErrorOptions = { status: number; code: FaultCode; message: string; headers?: Record<string, string> };

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

export function errorAnswer({ status, code, message, headers }: ErrorOptions): Answer {
  return { ...jsonAnswer(status, { error: { code, message } }, headers), problem: { code, message } };
}

/** Sends an answer whole. Where the request's body was not read to its end, the connection closes after it. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, clock: Clock): void {
  if (response.destroyed) return;
  const unread = hasBody(request) && !request.complete;
  const headers: Record<string, string | number> = { ...safeHeaders, ...answer.headers, 'Content-Length': Buffer.byteLength(answer.body) };
  if (unread || answer.status === 413) headers['Connection'] = 'close';
  response.writeHead(answer.status, headers);
  if (!unread || waitsForContinue(request)) {
    response.end(answer.body);
    return;
  }
  response.flushHeaders();
  response.write(answer.body);
  dropRest(request, clock, () => response.end());
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/** Such a client has not sent its body yet, and will not. */
function waitsForContinue(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && request.readableFlowing === null;
}

/**
 * Reads and drops what a client is still sending, within DRAIN_BYTES and DRAIN_MS: a connection that closes over unread bytes
 * is reset, and the answer with it. Past the bytes it only waits, so that a client which reads late finds its answer.
 */
function dropRest(request: IncomingMessage, clock: Clock, done: () => void): void {
  let dropped = 0;
  const finish = (): void => {
    cancel();
    request.off('data', count).off('close', finish).off('end', finish).pause();
    done();
  };
  const count = (chunk: Buffer): void => {
    dropped += chunk.length;
    if (dropped > DRAIN_BYTES) request.off('data', count).pause();
  };
  const cancel = clock.after(DRAIN_MS, finish);
  request.on('data', count).once('end', finish).once('close', finish).resume();
}

/** Answers on a bare connection, where there is no request to answer or it asked for another protocol, and closes it. */
export function sendRaw(socket: Duplex, answer: Answer, clock: Clock): void {
  const headers: Record<string, string | number> = {
    ...safeHeaders,
    ...answer.headers,
    'Content-Length': Buffer.byteLength(answer.body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join('')}\r\n${answer.body.toString()}`);
  socket.resume();
  const cancel = clock.after(DRAIN_MS, () => socket.destroy());
  socket.once('close', cancel);
}
