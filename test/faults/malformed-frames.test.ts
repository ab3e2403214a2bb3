/** @file Frames that are no commands and no messages, on both sockets: refused in words, and nothing else happens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readChatFrame } from '../../src/main/api/chat-frames.ts';
import { commandSchema } from '../../src/shared/commands.ts';
import { type DoorProcess, startDoorProcess } from '../kit/door-process.ts';
import { mutate } from '../kit/mutate.ts';
import { createRandom, type Random } from '../kit/random.ts';
import { sampleCommands } from '../kit/sample-commands.ts';
import { connectRaw, connectSocket } from '../kit/test-door.ts';

const FRAMES = process.env['TEST_LONG'] ? 50_000 : 5_000;
const BATCH = 50;
const MIB = 1024 * 1024;
/** Memory that is flat stays within this, however many frames there were. */
const MOST_GROWTH_MIB = 20;
/** The whole counts take minutes on a busy machine. */
const WITHIN_MS = 300_000;

let door: DoorProcess;
beforeAll(async () => {
  door = await startDoorProcess();
});
afterAll(() => door.end());

const messages: Record<string, unknown>[] = [{ message: 'Hello Sarah!', character_id: 'default', user_id: 'user123' }];

/** Bytes of a JSON text turned, dropped, doubled or cut off. */
function garble(text: string, random: Random): string {
  const at = random.whole(0, text.length - 1);
  const kind = random.whole(0, 3);
  if (kind === 0) return text.slice(0, at);
  if (kind === 1) return text.slice(0, at) + String.fromCharCode(random.whole(0, 0xffff)) + text.slice(at + 1);
  if (kind === 2) return text.slice(0, at) + text.slice(at + random.whole(1, 5));
  return text.slice(0, at) + random.pick(['{', '}', '[', '"', '\\', '\u0000', '[['.repeat(5_000), '{"a":'.repeat(5_000)]) + text.slice(at);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Frames of which each is wrong, by the count. */
function* malformed(
  valid: Record<string, unknown>[],
  isWrong: (text: string) => boolean,
  random: Random,
  count: number,
): Generator<string> {
  for (let made = 0; made < count; ) {
    const frame = random.pick(valid);
    const text = random.chance(0.5) ? JSON.stringify(mutate(frame, random)) : garble(JSON.stringify(frame), random);
    if (!isWrong(text)) continue;
    made += 1;
    yield text;
  }
}

type Path = {
  path: string;
  seed: number;
  valid: Record<string, unknown>[];
  greeting: number;
  code: (frame: unknown) => unknown;
  isWrong: (text: string) => boolean;
};

const paths: Path[] = [
  {
    path: '/ws/session',
    seed: 3107,
    valid: sampleCommands(),
    greeting: 1,
    code: (frame) => (frame as { fault?: { code: string } }).fault?.code,
    isWrong: (text) => !commandSchema.safeParse(parsed(text)).success,
  },
  {
    path: '/ws/chat',
    seed: 3109,
    valid: messages,
    greeting: 0,
    code: (frame) => (frame as { code?: string }).code,
    isWrong: (text) => readChatFrame(text).kind === 'unreadable',
  },
];

describe('malformed frames', () => {
  it.each(paths)(
    '[D30] on $path are bad requests and change nothing',
    async ({ path, seed, valid, greeting, code, isWrong }) => {
      const random = createRandom(seed);
      const client = await connectSocket(door.url, path);
      const codes = new Map<unknown, number>();
      let sent = 0;
      await client.until((frames) => frames.length >= greeting);
      client.frames.length = 0;
      let before = await door.report();
      for (const text of malformed(valid, isWrong, random, FRAMES)) {
        client.send(text);
        sent += 1;
        if (sent % BATCH !== 0) continue;
        await client.until((frames) => frames.length >= BATCH);
        // What the first of them make is made once.
        if (sent === FRAMES / 10) before = await door.report();
        for (const frame of client.frames.splice(0)) codes.set(code(frame), (codes.get(code(frame)) ?? 0) + 1);
      }
      const after = await door.report();
      const grown = (of: 'heapBytes' | 'residentBytes') => (after[of] - before[of]) / MIB;
      console.log(
        `malformed-frames path=${path} seed=${seed} kinds=${valid.length} frames=${sent} growth=${grown('heapBytes').toFixed(1)}MiB resident=${grown('residentBytes').toFixed(1)}MiB`,
      );
      expect([...codes]).toEqual([['bad-request', FRAMES]]);
      expect([after.reached, after.turns, after.errors]).toEqual([before.reached, before.turns, []]);
      expect(grown('heapBytes')).toBeLessThan(MOST_GROWTH_MIB);
      expect([door.child.exitCode, door.complaints()]).toEqual([null, '']);
      client.ws.terminate();
    },
    WITHIN_MS,
  );

  it.each([
    ['/ws/session', 4111],
    ['/ws/chat', 4127],
  ])(
    '[D30] on %s that break the protocol itself close that socket and no other',
    async (path, seed) => {
      const random = createRandom(seed);
      const witness = await connectSocket(door.url, path);
      const before = await door.report();
      const count = FRAMES / 10;
      let closes = 0;
      for (let sent = 0; sent < count; sent += 20) {
        await Promise.all(
          Array.from({ length: 20 }, async () => {
            const { socket, received, all } = await connectRaw(door.port);
            socket.write(handshake(door.port, path));
            await expect.poll(received, { interval: 1 }).toContain('\r\n\r\n');
            socket.write(brokenFrame(random));
            socket.end();
            const bytes = await all;
            if (Buffer.from(bytes, 'latin1').includes(0x88)) closes += 1;
          }),
        );
      }
      const after = await door.report();
      console.log(`broken-frames path=${path} seed=${seed} frames=${count} closes=${closes}`);
      expect(closes).toBe(count);
      expect([after.reached, after.turns, after.errors]).toEqual([before.reached, before.turns, []]);
      expect(witness.ws.readyState).toBe(witness.ws.OPEN);
      expect([door.child.exitCode, door.complaints()]).toEqual([null, '']);
      witness.ws.terminate();
    },
    WITHIN_MS,
  );
});

const handshake = (port: number, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** A frame that RFC 6455 forbids, followed by noise. */
function brokenFrame(random: Random): Buffer {
  const noise = Buffer.from(Array.from({ length: random.whole(0, 200) }, () => random.whole(0, 255)));
  const mask = [1, 2, 3, 4];
  const heads = [
    [0xc1, 0x82, ...mask, 0, 0],
    [0xa1, 0x80, ...mask],
    [0x83, 0x80, ...mask],
    [0x8b, 0x80, ...mask],
    [0x81, 0x02, 0x68, 0x69],
    [0x09, 0x80, ...mask],
    [0x89, 0xfe, 0x00, 0x7e, ...mask],
    [0x80, 0x80, ...mask],
    [0x88, 0x81, ...mask, 0],
    [0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01],
    [0x88, 0x84, 0, 0, 0, 0, 0x03, 0xe8, 0xff, 0xfe],
    [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mask],
    [0x81, 0xff, 0, 0, 0, 0, 0, 4, 0, 1, ...mask],
    [0x01, 0x80, ...mask, 0x01, 0x80, ...mask],
    [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe],
  ];
  return Buffer.concat([Buffer.from(random.pick(heads)), noise]);
}
