import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { ask, connectRaw, connectSocket, knock, openTestDoor, parseAnswer, type TestDoor } from '../../../test/kit/test-door.ts';
import { CLOSING_MS, DOOR_CLOSE_MS, DRAIN_BYTES, DRAIN_MS, SENTIMENT_BODY_BYTES } from '../../shared/limits.ts';

async function withDoor(options: Parameters<typeof openTestDoor>[0], use: (door: TestDoor) => Promise<void>): Promise<void> {
  const door = await openTestDoor(options);
  try {
    await use(door);
  } finally {
    await door.close();
  }
}

const post = (port: number, length: number, more = ''): string =>
  `POST /api/sentiment HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n`;

/** The value once it has stayed the same while the door answered twenty others. */
async function settled(port: number, value: () => number): Promise<number> {
  for (let same = 0; same < 20; ) {
    const before = value();
    await ask(port);
    same = value() === before ? same + 1 : 0;
  }
  return value();
}

describe('a body that is too large', () => {
  it('[D4] is answered at once and whole, before its bytes are there', () =>
    withDoor({}, async ({ port }) => {
      const { socket, received, all } = await connectRaw(port);
      socket.write(post(port, SENTIMENT_BODY_BYTES + 1));
      await expect.poll(received).toMatch(/^HTTP\/1\.1 413 .*\}\}$/s);
      socket.end(Buffer.alloc(SENTIMENT_BODY_BYTES + 1, 0x20));
      const answer = parseAnswer(await all);
      expect(answer?.headers.get('connection')).toBe('close');
      expect(Number(answer?.headers.get('content-length'))).toBe(answer?.body.length);
    }));

  it('[D4] arrives whole at a client that first sends everything and then reads', () =>
    withDoor({}, async ({ port }) => {
      for (const length of [SENTIMENT_BODY_BYTES + 1, DRAIN_BYTES, DRAIN_BYTES + SENTIMENT_BODY_BYTES]) {
        const answer = parseAnswer(await knock(port, Buffer.concat([Buffer.from(post(port, length)), Buffer.alloc(length, 0x20)])));
        expect([length, answer?.status, answer?.body.endsWith('}}')]).toEqual([length, 413, true]);
      }
    }));

  it('[D4] in chunks without a declared length it is noticed on the way', () =>
    withDoor({}, async ({ port }) => {
      const { socket, all } = await connectRaw(port);
      socket.write(
        `POST /api/sentiment HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (let sent = 0; sent < 20; sent++) socket.write(`8000\r\n${' '.repeat(0x8000)}\r\n`);
      socket.end('0\r\n\r\n');
      expect(parseAnswer(await all)?.status).toBe(413);
    }));

  it('[D4] no more than DRAIN_BYTES are read, and the connection ends after DRAIN_MS', async () => {
    const clock = createFakeClock();
    await withDoor({ clock }, async (door) => {
      const length = 64 * 1024 * 1024;
      const { socket, received, all } = await connectRaw(door.port);
      socket.write(post(door.port, length));
      socket.write(Buffer.alloc(length, 0x20));
      await expect.poll(received).toMatch(/\}\}$/);
      const left = await settled(door.port, () => socket.writableLength);
      expect(left).toBeGreaterThan(length / 2);
      expect(socket.readyState).toBe('open');
      clock.advance(DRAIN_MS);
      expect(parseAnswer(await all)?.status).toBe(413);
      clock.advance(DRAIN_MS);
    });
  });

  it('[D4] a client that waits for 100 Continue is told so at once and without sending it', () =>
    withDoor({ clock: createFakeClock() }, async ({ port }) => {
      const { socket, all } = await connectRaw(port);
      socket.write(post(port, SENTIMENT_BODY_BYTES + 1, 'Expect: 100-continue\r\n'));
      const text = await all;
      expect(text).not.toContain('100 Continue');
      expect(parseAnswer(text)?.status).toBe(413);
    }));

  it('[D4] a refused request with a body never leaves its bytes to the next request', () =>
    withDoor({}, async ({ port, health }) => {
      const smuggled = `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
      const text = await knock(
        port,
        `POST /api/sentiment HTTP/1.1\r\nHost: evil.test\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      );
      expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 403']);
      expect(health.asked).toBe(0);
    }));
});

describe('slow and broken lines', () => {
  it('[D7] headers that do not come within HEADERS_MS are answered with 408, and others are served meanwhile', () =>
    withDoor({}, async ({ port }) => {
      const slow = await Promise.all(Array.from({ length: 50 }, () => connectRaw(port)));
      for (const { socket } of slow) socket.write('GET /health HTTP/1.1\r\nHost: 127');
      const silent = await connectRaw(port);
      expect((await ask(port)).status).toBe(200);
      const answers = await Promise.all(slow.map(async ({ all }) => parseAnswer(await all)?.status));
      expect(new Set(answers)).toEqual(new Set([408]));
      await silent.all;
    }));

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['a bad length', 'POST /api/sentiment HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a NUL', 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an end in the middle', 'GET /health HTTP/1.1\r\nHos'],
  ])('[D7] %s is answered with one 400', (_name, bytes) =>
    withDoor({}, async ({ port }) => {
      const text = await knock(port, bytes);
      expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400']);
      expect(JSON.parse(parseAnswer(text)?.body ?? '')).toEqual({ error: { code: 'bad-request', message: expect.any(String) } });
    }),
  );
});

describe('opening and closing', () => {
  it('[D13] closes sockets with 1001 and cuts off what will not end, within a second', async () => {
    const clock = createFakeClock();
    const door = await openTestDoor({ clock });
    const sockets = await Promise.all(['/ws/session', '/ws/chat', '/ws/chat'].map((path) => connectSocket(door.url, path)));
    sockets[2]?.send({ message: 'hi' });
    const turn = await door.engine.turn(0);
    const deaf = await connectRaw(door.port);
    deaf.socket.write(
      `GET /ws/chat HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await expect.poll(deaf.received).toContain('101 Switching');
    const half = await connectRaw(door.port);
    half.socket.write(post(door.port, 100));
    const refused = await connectRaw(door.port);
    refused.socket.write('GET /ws/none HTTP/1.1\r\nHost: evil\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    await expect.poll(refused.received).toContain('403');
    const closing = door.close();
    clock.advance(DOOR_CLOSE_MS - 1);
    expect(deaf.socket.destroyed).toBe(false);
    clock.advance(1);
    await expect.poll(() => deaf.socket.closed, { timeout: CLOSING_MS / 2 }).toBe(true);
    await closing;
    expect(clock.timers()).toBe(0);
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual(Array(3).fill({ code: 1001, reason: expect.any(String) }));
    expect(turn.stopped).toBe(true);
    await Promise.all([deaf.all, half.all, refused.all]);
    await expect(connectRaw(door.port)).rejects.toThrow();
  });

  it('[D14] an address that is taken rejects with the system’s own code', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(openTestDoor({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('[D14] says where it is reached on this machine', () =>
    withDoor({ host: '0.0.0.0' }, async (door) => {
      expect(door.url).toBe(`http://127.0.0.1:${door.port}`);
      expect(door.port).toBeGreaterThan(0);
      expect((await ask(door.port)).status).toBe(200);
    }));
});
