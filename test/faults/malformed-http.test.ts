import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoorProcess, startDoorProcess } from '../kit/door-process.ts';
import { createRandom, type Random } from '../kit/random.ts';
import { ask, knock, parseAnswer } from '../kit/test-door.ts';

const REQUESTS = process.env['TEST_LONG'] ? 10_000 : 1_000;
const AT_ONCE = 25;
/** The whole count takes minutes on a busy machine. */
const WITHIN_MS = 300_000;
const SEED = 5003;
/** Memory that is flat stays within this, however many requests there were. */
const MOST_GROWTH_MIB = 20;

let door: DoorProcess;
beforeAll(async () => {
  door = await startDoorProcess();
});
afterAll(() => door.end());

const bodies = ['', '{"text":"hi"}', '{"text":', 'x'.repeat(3_000), '{"text":"\\ud800"}'];

/** The ordinary value most of the time, so that one oddity at a time gets as far as it can. */
function mostly(random: Random, ordinary: string, odd: string[]): string {
  return random.chance(0.85) ? ordinary : random.pick(odd);
}

const paths = [
  '/health',
  '/api/sentiment',
  '/api/chat',
  '/api/characters',
  '/api/conversations',
  '/v1/models',
  '/v1/chat/completions',
  '/openapi.json',
  '/ws/chat',
  '/ws/session',
  '/nothing',
];
const posted = new Set(['/api/sentiment', '/api/chat', '/v1/chat/completions']);
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

/** A request that is right in most of its parts. */
function plausible(port: number, random: Random): string {
  const path = mostly(random, random.pick(paths), ['/', '/../etc/passwd', '*', 'http://x/', '//', '/%00', 'x', `/${'a'.repeat(9_000)}`]);
  const method = mostly(random, posted.has(path) ? 'POST' : 'GET', ['HEAD', 'PUT', 'OPTIONS', 'CONNECT', 'PROPFIND', 'GETT', 'get', '']);
  const body = random.pick(bodies);
  const headers = [
    `Host: ${mostly(random, `127.0.0.1:${port}`, [`localhost:${port}`, 'evil.test', '', 'a b'])}`,
    mostly(random, random.pick(['Connection: close', '']), [upgrade, 'Connection: Upgrade\r\nUpgrade: h2c', upgrade.replace('13', '7')]),
    mostly(random, `Content-Length: ${Buffer.byteLength(body)}`, [
      'Content-Length: -1',
      `Content-Length: ${'9'.repeat(20)}`,
      'Content-Length: 1, 2',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip',
      '',
    ]),
    mostly(random, 'Content-Type: application/json', ['Content-Type: application/json; charset=utf-16', 'Content-Type: text/plain', '']),
    mostly(random, '', [
      'Expect: 100-continue',
      'Expect: miracles',
      'Origin: http://evil.test',
      'Authorization: Bearer x',
      'Sec-WebSocket-Protocol: ,',
    ]),
    mostly(random, '', [
      ' folded: line',
      'No colon',
      'Bad name: x',
      'X-Nul: a\0b',
      'X-Bare: a\nb',
      `X-Long: ${'y'.repeat(20_000)}`,
      'X-Latin: \xff\xfe',
    ]),
  ].filter((line) => line !== '');
  return `${method} ${path} HTTP/${mostly(random, '1.1', ['1.0', '2.0', '9', '1.1 '])}\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

function garbled(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const kind = random.whole(0, 3);
  const at = random.whole(0, bytes.length - 1);
  if (kind === 0) return bytes;
  if (kind === 1) return bytes.subarray(0, at + 1);
  if (kind === 2) bytes[at] = random.whole(0, 255);
  else bytes.fill(random.whole(0, 255), at, Math.min(bytes.length, at + random.whole(1, 30)));
  return bytes;
}

describe('malformed HTTP', () => {
  it(
    '[D31] gets an answer below 500 each time, reaches nothing, and the process lives',
    async () => {
      const random = createRandom(SEED);
      // What the first requests make is made once.
      await Promise.all(Array.from({ length: AT_ONCE }, () => knock(door.port, garbled(plausible(door.port, random), random))));
      const before = await door.report();
      const counts = new Map<string, number>();
      const wrong: string[] = [];
      for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => garbled(plausible(door.port, random), random));
        await Promise.all(
          batch.map(async (bytes) => {
            const text = await knock(door.port, bytes);
            const status = parseAnswer(text.replace('HTTP/1.1 100 Continue\r\n\r\n', ''))?.status;
            const kind = status === undefined ? 'none' : `${String(status).slice(0, 1)}xx`;
            counts.set(kind, (counts.get(kind) ?? 0) + 1);
            /** Node itself closes the line without a word when a body breaks behind an upgrade that was declined. */
            const declined = status === undefined && bytes.includes('h2c');
            if (!declined && (status === undefined || status >= 500))
              wrong.push(`${status}: ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}`);
          }),
        );
      }
      const after = await door.report();
      const grown = (of: 'heapBytes' | 'residentBytes') => (after[of] - before[of]) / (1024 * 1024);
      const told = [...counts].map(([kind, count]) => `${kind}=${count}`).join(' ');
      console.log(
        `malformed-http seed=${SEED} requests=${REQUESTS} ${told} growth=${grown('heapBytes').toFixed(1)}MiB resident=${grown('residentBytes').toFixed(1)}MiB`,
      );
      expect(grown('heapBytes')).toBeLessThan(MOST_GROWTH_MIB);
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(counts.get('4xx')).toBeGreaterThan(REQUESTS / 2);
      expect(counts.get('2xx')).toBeGreaterThan(REQUESTS / 50);
      expect(after.reached - before.reached + after.healthAsked - before.healthAsked).toBeLessThanOrEqual(counts.get('2xx') ?? 0);
      expect(after.errors).toEqual([]);
      expect([door.child.exitCode, door.complaints()]).toEqual([null, '']);
      expect((await ask(door.port)).status).toBe(200);
    },
    WITHIN_MS,
  );
});
