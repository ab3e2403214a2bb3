/** @file One open socket and its speaker: in which order frames leave, and that nothing holds them for good. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createFakeClock, type FakeClock } from '../../../test/kit/fake-clock.ts';
import { silentLog } from '../../../test/kit/silent-log.ts';
import { ANSWERS_HELD_MS, MERGE_FROM_BYTES, UNSENT_BYTES } from '../../shared/limits.ts';
import { type Line, openLine } from './line.ts';

type End = { line: Line; client: WebSocket; heard: string[]; closed: Promise<unknown[]>; left: () => boolean };
type Receive = (line: Line, text: string | undefined) => void;

let server: Server;
let clock: FakeClock;
const clients: WebSocket[] = [];
beforeEach(async () => {
  clock = createFakeClock();
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
  server.close();
});

/** A line over a real connection, by a clock that stands still. */
async function connect(receive: Receive): Promise<End> {
  const sockets = new WebSocketServer({ noServer: true });
  let left = false;
  const opened = new Promise<Line>((resolve) => {
    server.once('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (ws) => {
        const speak = (line: Line) => ({ receive: (text: string | undefined) => receive(line, text), leave: () => (left = true) });
        const caller = { isOwner: false, asked: () => {} };
        resolve(openLine({ ws, socket, clock, log: silentLog, pingIntervalS: 60, pingTimeoutS: 60, speak, caller, onLeave: () => {} }));
      }),
    );
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  clients.push(client);
  const heard: string[] = [];
  client.on('message', (data) => heard.push(String(data)));
  const closed = once(client, 'close');
  const [line] = await Promise.all([opened, once(client, 'open')]);
  return { line, client, heard, closed, left: () => left };
}

it('[D49] what a frame calls forth waits a moment, and whatever comes of itself comes after it', async () => {
  let received = 0;
  const end = await connect((line, text) => {
    received += 1;
    line.send(`answer to ${text}`, true);
    line.send(`done ${text}`);
  });
  end.client.send('1');
  end.client.send('2');
  await expect.poll(() => received).toBe(2);
  expect(end.line.unsentBytes()).toBeGreaterThan(0);
  end.line.send('an event');
  await expect.poll(() => end.heard).toEqual(['answer to 1', 'done 1', 'answer to 2', 'done 2', 'an event']);
  expect(end.line.unsentBytes()).toBe(0);
  end.client.send('3');
  await expect.poll(() => received).toBe(3);
  clock.advance(ANSWERS_HELD_MS);
  await expect.poll(() => end.heard.slice(5)).toEqual(['answer to 3', 'done 3']);
});

it('[D49] a large answer waits for nothing, and who reads it is neither slow nor dropped', async () => {
  const large = 'x'.repeat(MERGE_FROM_BYTES);
  const lags: boolean[] = [];
  const end = await connect((line, text) => {
    line.send(`before ${text}`);
    for (let n = 0; n < 20; n += 1) line.send(large);
    lags.push(line.unsentBytes() > UNSENT_BYTES + large.length);
    line.send(`after ${text}`);
  });
  end.client.send('1');
  await expect.poll(() => end.heard.length).toBeGreaterThanOrEqual(21);
  expect(end.heard[0]).toBe('before 1');
  clock.advance(ANSWERS_HELD_MS);
  await expect.poll(() => end.heard.at(-1)).toBe('after 1');
  expect(end.line.isOpen()).toBe(true);
  expect(lags).toEqual([false]);
});

it('[D49] what was answered comes before the close, where the speaker closes and where it fails', async () => {
  for (const [fail, code] of [
    [(line: Line) => line.close(1008, 'no'), 1008],
    [
      () => {
        throw new Error('no');
      },
      1011,
    ],
  ] as const) {
    const end = await connect((line) => {
      line.send('answer');
      fail(line);
      line.send('too late');
    });
    end.client.send('1');
    expect((await end.closed)[0]).toBe(code);
    expect([end.heard, end.left(), end.line.isOpen()]).toEqual([['answer'], true, false]);
    clock.advance(ANSWERS_HELD_MS);
  }
});

it('[D49] a client that is gone while its answers wait is let go of, and another hears at once what a frame of it brings', async () => {
  const other = await connect(() => {});
  let received = 0;
  const end = await connect((line) => {
    received += 1;
    line.send('answer');
    other.line.send('an event');
  });
  end.client.send('1');
  await expect.poll(() => other.heard).toEqual(['an event']);
  expect(received).toBe(1);
  end.client.terminate();
  await expect.poll(() => end.left()).toBe(true);
  clock.advance(ANSWERS_HELD_MS);
  end.line.send('into nothing');
  other.line.send('another');
  await expect.poll(() => other.heard).toEqual(['an event', 'another']);
});
