/** @file A server that answers well or lies, one lie at a time: everything that HTTP lets a service do wrong, byte by byte. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** What an honest answer would be. */
export type Truth = { type: string; body: string };
export type Asked = { method: string; path: string; body: string };

export const lies = [
  'none',
  'slow',
  'silence',
  'headers never end',
  'headers break off',
  'half and silence',
  'half and gone',
  'reset',
  'status 500',
  'status 204',
  'redirect',
  'other content type',
  'no content type',
  'login page',
  'noise',
  'no UTF-8',
  'another schema',
  'a list of nothing',
  'huge',
  'a length of a terabyte',
  'gzip bomb',
  'not HTTP',
  'HTTP/1.0',
  'two lengths',
  'a broken chunk',
  'one byte at a time',
  'hints first',
] as const;
export type Lie = (typeof lies)[number];

export type Liar = {
  url: string;
  port: number;
  asked: (Asked & { lie: Lie; sentBytes: number; leftAt?: number; startedAt: number })[];
  close(): Promise<void>;
};

const HUGE_BYTES = 64 * 1024 * 1024;
const head = (status: string, ...more: string[]) =>
  `HTTP/1.1 ${status}\r\nConnection: close\r\n${more.map((line) => `${line}\r\n`).join('')}`;
/** 64 MiB of one letter in 65 kB, as the value of a field. */
const bomb = gzipSync(`{"name":"${'x'.repeat(HUGE_BYTES)}"}`);

type Line = { socket: Socket; write: (bytes: string | Buffer) => Promise<void>; gone: () => boolean };

async function flood(line: Line): Promise<void> {
  const piece = 'x'.repeat(64 * 1024);
  for (let sent = 0; sent < HUGE_BYTES && !line.gone(); sent += piece.length) await line.write(piece);
}

async function drip(line: Line, text: string): Promise<void> {
  for (const letter of text) {
    if (line.gone()) return;
    await line.write(letter);
    await pause(10);
  }
}

/** `elsewhere` is where a redirect points: nobody should ever be seen there. */
async function tell(lie: Lie, truth: Truth, line: Line, elsewhere: string): Promise<void> {
  const { type, body } = truth;
  const bytes = Buffer.from(body);
  const good = (...more: string[]) => head('200 OK', `Content-Type: ${type}`, ...more);
  const whole = (text: string, contentType = type) =>
    `${head('200 OK', `Content-Type: ${contentType}`, `Content-Length: ${Buffer.byteLength(text)}`)}\r\n${text}`;
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  const answers: Record<Lie, () => unknown> = {
    none: () => line.write(whole(body)),
    slow: () => pause(300).then(() => line.write(whole(body))),
    silence: () => undefined,
    'headers never end': () => line.write(good().slice(0, -2)),
    'headers break off': () => line.write(good()).then(() => line.socket.end()),
    'half and silence': () => line.write(Buffer.concat([Buffer.from(`${good(`Content-Length: ${bytes.length}`)}\r\n`), half])),
    'half and gone': () =>
      line.write(Buffer.concat([Buffer.from(`${good(`Content-Length: ${bytes.length}`)}\r\n`), half])).then(() => line.socket.end()),
    reset: () => line.socket.resetAndDestroy(),
    'status 500': () => line.write(whole(body).replace('200 OK', '500 Internal Server Error')),
    'status 204': () => line.write(`${head('204 No Content')}\r\n`),
    redirect: () => line.write(whole(body).replace('200 OK', `302 Found\r\nLocation: ${elsewhere}`)),
    'other content type': () => line.write(whole(body, 'image/png')),
    'no content type': () => line.write(`${head('200 OK', `Content-Length: ${bytes.length}`)}\r\n${body}`),
    'login page': () => line.write(whole('<!doctype html><title>Log in</title>', 'text/html')),
    noise: () => line.write(whole('\u0001\u0002]}{"name":\u0000')),
    'no UTF-8': () =>
      line
        .write(Buffer.concat([Buffer.from(`${good()}\r\n{"name":"`), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]))
        .then(() => line.socket.end()),
    'another schema': () => line.write(whole('{"hello":"world"}\n')),
    'a list of nothing': () => line.write(whole('[[],[{}],null]\n')),
    huge: () => line.write(`${good()}\r\n{"name":"`).then(() => flood(line)),
    'a length of a terabyte': () => line.write(`${good('Content-Length: 1099511627776')}\r\n{"name":"`).then(() => flood(line)),
    'gzip bomb': () =>
      line.write(Buffer.concat([Buffer.from(`${good('Content-Encoding: gzip', `Content-Length: ${bomb.length}`)}\r\n`), bomb])),
    'not HTTP': () => line.write('SSH-2.0-OpenSSH_9.6\r\n'),
    'HTTP/1.0': () => line.write(`HTTP/1.0 200 OK\r\nContent-Type: ${type}\r\n\r\n${body}`).then(() => line.socket.end()),
    'two lengths': () => line.write(`${good('Content-Length: 5', `Content-Length: ${bytes.length}`)}\r\n${body}`),
    'a broken chunk': () => line.write(`${good('Transfer-Encoding: chunked')}\r\n5\r\n${body.slice(0, 5)}\r\nzz\r\n`),
    'one byte at a time': () => line.write(`${good()}\r\n`).then(() => drip(line, `${' '.repeat(200)}${body}`)),
    'hints first': () => line.write(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${whole(body)}`),
  };
  await answers[lie]();
}

function readRequest(bytes: Buffer): Asked | undefined {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [method = '', path = ''] = text.split(' ');
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  const body = bytes.subarray(Buffer.byteLength(text.slice(0, end)) + 4);
  return body.length < length ? undefined : { method, path, body: body.toString('utf8') };
}

export type LiarOptions = { port?: number; elsewhere: string; answer: (asked: Asked) => { lie: Lie; truth: Truth } };

/** One question a connection. */
export async function createLiar({ port = 0, elsewhere, answer }: LiarOptions): Promise<Liar> {
  const sockets = new Set<Socket>();
  const asked: Liar['asked'] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    let gone = false;
    let got = Buffer.alloc(0);
    let record: Liar['asked'][number] | undefined;
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      gone = true;
      sockets.delete(socket);
      if (record) Object.assign(record, { leftAt: performance.now(), sentBytes: socket.bytesWritten });
    });
    socket.once('end', () => {
      gone = true;
    });
    const write = (bytes: string | Buffer) =>
      new Promise<void>((resolve) => {
        socket.once('close', resolve);
        socket.write(bytes, () => {
          socket.off('close', resolve);
          resolve();
        });
      });
    socket.on('data', (piece) => {
      if (record) return;
      got = Buffer.concat([got, piece]);
      const request = readRequest(got);
      if (!request) return;
      const { lie, truth } = answer(request);
      record = { ...request, lie, sentBytes: 0, startedAt: performance.now() };
      asked.push(record);
      void tell(lie, truth, { socket, write, gone: () => gone }, elsewhere);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const at = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${at}`,
    port: at,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
