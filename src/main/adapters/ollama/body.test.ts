/** @file An answer without a stream in between, over a real connection. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, exchange } from './body.ts';

const MIB = 1024 * 1024;
let agent: Agent;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  agent = new Agent();
});
afterEach(async () => {
  await agent.destroy();
  for (const close of closing.splice(0)) await close();
});

async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (origin: string) => exchange(agent, { origin, path: '/', method: 'GET' });

async function readAll(body: Body): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let piece = await body.next(); piece; piece = await body.next()) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('an answer', () => {
  it('[O20] waits with its server where nobody reads, and loses nothing by that', async () => {
    const whole = Buffer.alloc(32 * MIB).map((_, at) => at % 251);
    const { promise: taken, resolve } = Promise.withResolvers<void>();
    const sent = { response: undefined as ServerResponse | undefined };
    const origin = await serve((response) => {
      sent.response = response;
      response.end(whole, () => resolve());
    });
    const { body } = await ask(origin).head;
    for (let round = 0; round < 50; round++) await new Promise(setImmediate);
    expect(sent.response?.writableLength).toBeGreaterThan(8 * MIB);
    expect(Buffer.compare(await readAll(body), whole)).toBe(0);
    await taken;
  });

  it('[O20] begins with its own status, whatever announces it', async () => {
    const origin = await serve((response) => {
      response.writeProcessing();
      response.writeHead(404).end('gone');
    });
    const { statusCode, body } = await ask(origin).head;
    expect(statusCode).toBe(404);
    expect((await readAll(body)).toString()).toBe('gone');
  });

  it('[O20] that breaks off gives what has come, and then says so', async () => {
    const origin = await serve((response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      setImmediate(() => response.destroy());
    });
    const { body } = await ask(origin).head;
    expect(Buffer.from((await body.next()) ?? []).toString()).toBe('half');
    await expect(body.next()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  });

  it('[O20] that nobody wants the rest of is read to its end, and its connection used again', async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((response) => {
      ports.add(response.socket?.remotePort);
      response.write('first ');
      setImmediate(() => response.end('last'));
    });
    for (let round = 0; round < 3; round++) {
      const { body } = await ask(origin).head;
      await body.next();
      await new Promise<void>((resolve) => body.discard(resolve));
      // undici lets go of the connection behind the last word of it.
      await new Promise(setImmediate);
    }
    expect(ports.size).toBe(1);
  });

  it('[O20] can be broken off at any time, before it is connected too', async () => {
    const reason = new Error('enough');
    const origin = await serve((response) => void response.write('and so on'));
    const running = ask(origin);
    const { body } = await running.head;
    running.abort(reason);
    await expect(body.next()).rejects.toBe(reason);

    const never = new Agent({ connect: () => undefined });
    const waiting = exchange(never, { origin, path: '/', method: 'GET' });
    waiting.abort(reason);
    await expect(waiting.head).rejects.toBe(reason);
    await never.destroy();
  });
});
