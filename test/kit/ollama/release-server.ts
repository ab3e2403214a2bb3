/** @file A release server on this machine: ranges, redirects and a list of hashes, and every way in which one can fail. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReleaseServer = {
  /** In place of RELEASES. */
  base: string;
  /** Method, file and range of every request, in order. */
  requests: { method: string; file: string; range: string | undefined }[];
  /** Bytes of files that were handed to the system, all requests together. */
  servedBytes(): number;
  /** How it answers from now on. */
  now: Behaviour;
  hashOf(file: string): string;
  close(): Promise<void>;
};

export type Behaviour = {
  /** Ends the connection after so many bytes of a file, counted anew for each request; asked at each. */
  cutAfter?: (() => number) | undefined;
  /** Bytes of a piece, and the pause after each. */
  pieceBytes?: number;
  pauseMs?: number;
  ranges?: boolean;
  /** In place of the file. */
  status?: number | undefined;
  /** In place of its content; of the same length. */
  content?: Buffer | undefined;
  /** A list that names another hash. */
  list?: string | undefined;
  etag?: string;
  /** Answers with where it is to be had first, as releases do. */
  redirect?: boolean;
  silent?: boolean;
};

const hash = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

type House = { files: Map<string, Buffer>; server: ReleaseServer; served: { bytes: number } };

async function give({ server, served }: House, response: ServerResponse, content: Buffer, signal: AbortSignal): Promise<void> {
  const { cutAfter, pieceBytes = 64 * 1024, pauseMs = 0 } = server.now;
  const cut = cutAfter?.() ?? Number.POSITIVE_INFINITY;
  for (let at = 0; at < content.length && !signal.aborted; at += pieceBytes) {
    if (at >= cut) return void response.destroy();
    const piece = content.subarray(at, Math.min(at + pieceBytes, cut));
    served.bytes += piece.length;
    const hasRoom = response.write(piece);
    if (!hasRoom)
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (cut < content.length) response.destroy();
  else response.end();
}

async function file(house: House, request: IncomingMessage, response: ServerResponse, content: Buffer): Promise<void> {
  const { ranges = true, etag = '"one"', status } = house.server.now;
  if (status !== undefined) return void response.writeHead(status).end('not now');
  const left = new AbortController();
  response.on('close', () => left.abort());
  const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const from = Number(wanted?.[1] ?? 0);
  const isRest = wanted !== null && ranges && (request.headers['if-range'] ?? etag) === etag;
  if (isRest && from >= content.length) return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  const length = isRest ? content.length - from : content.length;
  const range = isRest ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(isRest ? 206 : 200, { 'content-length': length, etag, ...range });
  if (request.method === 'HEAD') return void response.end();
  await give(house, response, isRest ? content.subarray(from) : content, left.signal);
}

async function answer(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { files, server } = house;
  const path = new URL(request.url ?? '/', 'http://any').pathname;
  const name = path.split('/').at(-1) ?? '';
  server.requests.push({ method: request.method ?? '', file: name, range: request.headers.range });
  const { silent, redirect, content, list } = server.now;
  if (silent) return;
  if (redirect && !path.startsWith('/storage/')) return void response.writeHead(302, { location: `/storage${path}` }).end();
  if (name === 'sha256sum.txt') {
    const lines = [...files].map(([file, whole]) => `${hash(whole)}  ./${file}`);
    return void response.end(list ?? `${lines.join('\n')}\n`);
  }
  const whole = files.get(name);
  if (!whole) return void response.writeHead(404).end();
  await file(house, request, response, content ?? whole);
}

/** Serves the files under any version; behaves well until told otherwise. */
export async function openReleaseServer(files: Record<string, Buffer>): Promise<ReleaseServer> {
  const http = createServer((request, response) => {
    response.on('error', () => undefined);
    void answer(house, request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const served = { bytes: 0 };
  const server: ReleaseServer = {
    base: `http://127.0.0.1:${(http.address() as AddressInfo).port}/releases`,
    requests: [],
    servedBytes: () => served.bytes,
    now: {},
    hashOf: (name) => hash(house.files.get(name) ?? Buffer.alloc(0)),
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  const house: House = { files: new Map(Object.entries(files)), server, served };
  return server;
}
