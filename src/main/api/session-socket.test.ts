import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  connectRaw,
  connectSocket,
  knock,
  openSocket,
  openTestDoor,
  parseAnswer,
  type TestDoor,
  testToken,
} from '../../../test/kit/test-door.ts';
import { eventSchema } from '../../shared/events.ts';
import { safeHeaders } from './respond.ts';

let door: TestDoor;
beforeEach(async () => {
  door = await openTestDoor();
});
afterEach(() => door.close());

const handshake = (port: number, headers: Record<string, string> = {}, path = '/ws/session', method = 'GET'): string => {
  const all: Record<string, string> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(all)
    .filter(([, value]) => value !== '-')
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
};

describe('/ws/session', () => {
  it('[D27] carries the session: its events out, its commands in', async () => {
    const client = await connectSocket(door.url, '/ws/session');
    expect(eventSchema.parse(await client.frame(0))).toMatchObject({ type: 'session-opened', service: 'persona_engine' });
    client.send({ type: 'create-conversation', requestId: 'r1', characterId: 'default' });
    const made = eventSchema.parse(await client.frame(1));
    if (made.type !== 'conversation-changed') throw new Error(`unexpected ${made.type}`);
    const conversationId = made.conversation.id;
    client.send({ type: 'attach-conversation', requestId: 'r2', conversationId });
    client.send({ type: 'start-turn', requestId: 'r3', turnId: 'turn-1', conversationId, text: 'hello' });
    const turn = await door.engine.turn(0);
    turn.accept();
    turn.say('Hi.');
    turn.end();
    await client.until((frames) => frames.length >= 7);
    const types = client.frames.map((frame) => eventSchema.parse(frame).type);
    expect(types).toEqual([
      'session-opened',
      'conversation-changed',
      'conversation-attached',
      'command-done',
      'turn-accepted',
      'text-delta',
      'turn-ended',
    ]);
  });

  it.each<[string, string | Buffer]>([
    ['no JSON', '{"type":'],
    ['an empty frame', ''],
    ['a bare word', 'hello'],
    ['a binary frame', Buffer.from('{"type":"retry-engine","requestId":"r1"}')],
    ['an unknown command', '{"type":"drop-everything","requestId":"r1"}'],
    ['a prototype', '{"__proto__":{"type":"retry-engine"},"requestId":"r1"}'],
  ])('[D27] %s is answered with bad-request', async (_name, frame) => {
    const client = await connectSocket(door.url, '/ws/session');
    client.ws.send(frame);
    expect(await client.frame(1)).toMatchObject({ type: 'command-failed', fault: { code: 'bad-request' } });
    expect(door.engine.reached.count).toBe(0);
  });

  it('[D27] leaving ends the session and stops no turn', async () => {
    const client = await connectSocket(door.url, '/ws/session');
    const { id } = await door.engine.conversationOf('default', 'default');
    client.send({ type: 'attach-conversation', requestId: 'r1', conversationId: id });
    client.send({ type: 'start-turn', requestId: 'r2', turnId: 'turn-1', conversationId: id, text: 'hello' });
    const turn = await door.engine.turn(0);
    client.ws.close();
    await expect.poll(() => door.engine.listeners(id)).toBe(0);
    expect(turn.stopped).toBe(false);
  });
});

describe('handshakes', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['a program without a token', [], {}, ''],
    ['a page with its token', ['companion.v1', `bearer.${testToken}`], { Origin: 'http://127.0.0.1:1' }, 'companion.v1'],
    ['a program with a bearer header', [], { Authorization: `Bearer ${testToken}`, Origin: 'null' }, ''],
    ['a program that speaks the subprotocol', ['companion.v1'], {}, 'companion.v1'],
  ])('[D8] %s gets in', async (_name, protocols, headers, chosen) => {
    const client = await connectSocket(door.url, '/ws/session', { protocols, headers });
    expect(client.ws.protocol).toBe(chosen);
    expect(client.ws.extensions).toBe('');
    expect(await client.frame(0)).toMatchObject({ type: 'session-opened' });
  });

  it.each<[string, (port: number) => string, number, string]>([
    ['a page without its token', (port) => handshake(port, { Origin: `http://127.0.0.1:${port}` }), 403, 'forbidden'],
    ['a strange page', (port) => handshake(port, { Origin: 'http://evil.test' }), 403, 'forbidden'],
    ['a name that was made to point here', (port) => handshake(port, { Host: `evil.test:${port}` }), 403, 'forbidden'],
    ['no Host', (port) => handshake(port, { Host: '-' }), 403, 'forbidden'],
    ['a wrong token', (port) => handshake(port, { 'Sec-WebSocket-Protocol': 'companion.v1, bearer.wrong' }), 401, 'unauthorized'],
    ['a token in the address', (port) => handshake(port, { Origin: 'http://evil.test' }, `/ws/chat?token=${testToken}`), 403, 'forbidden'],
    ['an unknown address', (port) => handshake(port, {}, '/ws/other'), 404, 'not-found'],
    ['an unknown address for a strange page', (port) => handshake(port, { Origin: 'http://evil.test' }, '/ws/other'), 403, 'forbidden'],
    ['the address of health', (port) => handshake(port, {}, '/health'), 404, 'not-found'],
    ['another method', (port) => handshake(port, {}, '/ws/chat', 'POST'), 405, 'method-not-allowed'],
    ['OPTIONS', (port) => handshake(port, {}, '/ws/chat', 'OPTIONS'), 403, 'forbidden'],
    ['no key', (port) => handshake(port, { 'Sec-WebSocket-Key': '-' }), 400, 'bad-request'],
    ['an old version', (port) => handshake(port, { 'Sec-WebSocket-Version': '7' }), 400, 'bad-request'],
    ['a broken list of protocols', (port) => handshake(port, { 'Sec-WebSocket-Protocol': 'a,,b' }), 400, 'bad-request'],
  ])('[D8] %s is refused', async (_name, bytes, status, code) => {
    const answer = parseAnswer(await knock(door.port, bytes(door.port)));
    expect([answer?.status, JSON.parse(answer?.body ?? '{}')]).toEqual([status, { error: { code, message: expect.any(String) } }]);
    expect(answer?.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(door.sessions.opened).toBe(0);
  });

  it('[D5] the answer to a handshake carries the headers of every other one', async () => {
    const { socket, received } = await connectRaw(door.port);
    socket.write(handshake(door.port, { Authorization: `Bearer ${testToken}` }));
    await expect.poll(received).toContain('\r\n\r\n');
    const answer = parseAnswer(received());
    expect(answer?.status).toBe(101);
    for (const [name, value] of Object.entries(safeHeaders)) expect(answer?.headers.get(name.toLowerCase())).toBe(value);
    expect(new Set(answer?.names).size).toBe(answer?.names.length);
    socket.destroy();
  });

  it('[D8] an upgrade to anything else is an ordinary request', async () => {
    const text = await knock(door.port, handshake(door.port, { Upgrade: 'h2c' }, '/health'));
    expect(parseAnswer(text)?.status).toBe(200);
  });

  it('[D8] a client that resets during the handshake harms nobody', async () => {
    for (let round = 0; round < 50; round++) {
      const { socket } = await connectRaw(door.port);
      socket.write(handshake(door.port, round % 2 ? {} : { Host: 'evil.test' }));
      socket.resetAndDestroy();
    }
    expect((await connectSocket(door.url, '/ws/session')).ws.readyState).toBe(WebSocket.OPEN);
  });
});

describe('limits of a socket', () => {
  it('[D10] 128 are open at once, the next is refused, and a place is free as soon as one leaves', async () => {
    const clients = await Promise.all(
      Array.from({ length: 128 }, (_, number) => connectSocket(door.url, number % 2 ? '/ws/chat' : '/ws/session')),
    );
    expect(parseAnswer(await knock(door.port, handshake(door.port)))?.status).toBe(429);
    const refused = openSocket(door.url, '/ws/chat');
    expect((await refused.closed).code).toBe(1006);
    clients[5]?.ws.close();
    await clients[5]?.closed;
    const next = await connectSocket(door.url, '/ws/session');
    expect(next.ws.readyState).toBe(WebSocket.OPEN);
    for (const { ws } of clients) ws.terminate();
    await expect.poll(() => door.engine.listeners('none')).toBe(0);
    await expect.poll(async () => (await connectSocket(door.url, '/ws/session')).ws.readyState).toBe(WebSocket.OPEN);
  });

  it.each(['/ws/session', '/ws/chat'])('[D12] a frame of more than 256 KiB on %s closes it with 1009', async (path) => {
    const client = await connectSocket(door.url, path);
    client.ws.send(' '.repeat(256 * 1024));
    await client.until((frames) => frames.length > 0);
    client.ws.send(' '.repeat(256 * 1024 + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it('[D12] more than 64 fragments of one message close it, a frame that is no UTF-8 does with 1007', async () => {
    const many = await connectSocket(door.url, '/ws/chat');
    for (let part = 0; part < 70; part++) many.ws.send(' ', { fin: false });
    expect((await many.closed).code).toBe(1008);
    const raw = await connectSocket(door.url, '/ws/chat');
    raw.ws.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect((await raw.closed).code).toBe(1007);
  });

  it('[D12] an unmasked frame closes it, and the process lives', async () => {
    const { socket, all } = await connectRaw(door.port);
    socket.write(handshake(door.port, {}, '/ws/chat'));
    await once(socket, 'data');
    socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
    socket.end();
    await all;
    expect((await connectSocket(door.url, '/ws/chat')).ws.readyState).toBe(WebSocket.OPEN);
  });
});
