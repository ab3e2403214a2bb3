/** @file A registry of models on loopback, as Ollama speaks to one: manifests, blobs by ranges, and every way of failing at it. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type RegistryModel = { name: string; layers: { mediaType: string; content: Buffer }[] };

export type ScriptedRegistry = {
  port: number;
  /** `localhost:<port>/test/<name>:latest`, as it is pulled. */
  nameOf(model: string): string;
  /** Bytes of blobs that were sent, all together. */
  sent(): number;
  /** The ranges that were asked for, in order, each by its first byte. */
  ranges: { digest: string; first: number }[];
  /** Breaks every connection that sends a blob now; the next ones are served. */
  cut(): void;
  /** Hears how much was sent, as it is sent. */
  onSent(listener: (bytes: number) => void): void;
  /** The next so many ranges are answered with wrong bytes. */
  damage: { ranges: number };
  close(): Promise<void>;
};

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const config = Buffer.from(
  '{"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"1B","file_type":"Q4_K_M"}',
);

export const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Bytes that are the same in every run and have no pattern that a wrong offset would pass. */
export function layerBytes(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed >>> 0 || 1;
  for (let at = 0; at + 4 <= size; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeUInt32LE(state >>> 0, at);
  }
  return bytes;
}

type Pace = { bytesPerSecond: number; pieceBytes: number };

async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.on('drain', resolve).on('close', resolve);
  await promise;
  response.off('drain', resolve).off('close', resolve);
}

/** Throttled by itself, so that what was sent is what has arrived, but for a piece. */
export async function createRegistry(models: RegistryModel[], pace: Pace): Promise<ScriptedRegistry> {
  const blobs = new Map<string, Buffer>([[digestOf(config), config]]);
  const manifests = new Map<string, string>();
  for (const { name, layers } of models) {
    const described = layers.map(({ mediaType, content }) => {
      blobs.set(digestOf(content), content);
      return { mediaType, digest: digestOf(content), size: content.length };
    });
    const head = { mediaType: CONFIG, digest: digestOf(config), size: config.length };
    manifests.set(name, JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: head, layers: described }));
  }
  const state = { sent: 0, epoch: 0, hear: (_bytes: number) => {} };
  const ranges: ScriptedRegistry['ranges'] = [];
  const damage = { ranges: 0 };

  const send = async (content: Buffer, first: number, last: number, response: ServerResponse): Promise<unknown> => {
    const { epoch } = state;
    const wrong = damage.ranges-- > 0;
    // A line that was held up does not make up for it: it has a speed, and no more.
    let free = performance.now();
    for (let at = first; at <= last && !response.destroyed; at += pace.pieceBytes) {
      const piece = content.subarray(at, Math.min(at + pace.pieceBytes, last + 1));
      if (epoch !== state.epoch) return response.destroy();
      const due = free - performance.now();
      if (due > 1) await sleep(due);
      free = Math.max(free, performance.now()) + (piece.length / pace.bytesPerSecond) * 1_000;
      if (response.destroyed) return undefined;
      const taken = response.write(wrong ? Buffer.alloc(piece.length) : piece);
      state.sent += piece.length;
      state.hear(state.sent);
      if (!taken) await drained(response);
    }
    return response.end();
  };
  const answer = (request: IncomingMessage, response: ServerResponse): unknown => {
    const url = request.url ?? '';
    const manifest = /^\/v2\/test\/([\w.-]+)\/manifests\/latest$/.exec(url)?.[1];
    const blob = /^\/v2\/test\/[\w.-]+\/blobs\/(sha256:[0-9a-f]{64})$/.exec(url)?.[1];
    const data = /^\/data\/(sha256:[0-9a-f]{64})$/.exec(url)?.[1];
    const content = blobs.get(blob ?? data ?? '');
    if (manifest !== undefined) {
      const text = manifests.get(manifest);
      return text === undefined ? response.writeHead(404).end('{}') : response.writeHead(200, { 'Content-Type': MANIFEST }).end(text);
    }
    if (!content) return response.writeHead(404).end();
    if (request.method === 'HEAD') return response.writeHead(200, { 'Content-Length': content.length }).end();
    // The registry sends a blob's reader to another host, as the real one does.
    if (blob !== undefined) return response.writeHead(307, { Location: `http://127.0.0.1:${port}/data/${blob}` }).end();
    const [, from = '0', to = String(content.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    ranges.push({ digest: data ?? '', first: Number(from) });
    response.writeHead(206, { 'Content-Length': Number(to) - Number(from) + 1, 'Content-Range': `bytes ${from}-${to}/${content.length}` });
    return send(content, Number(from), Number(to), response);
  };
  const server = createServer((request, response) => void answer(request, response));
  // Small buffers in the system, so that little is under way when a connection is cut.
  server.on('connection', (socket) => socket.setNoDelay(true));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    nameOf: (model) => `localhost:${port}/test/${model}:latest`,
    sent: () => state.sent,
    ranges,
    cut() {
      state.epoch += 1;
    },
    onSent: (listener) => {
      state.hear = listener;
    },
    damage,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
