import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoorProcess, startDoorProcess } from '../kit/door-process.ts';
import { createRandom, type Random } from '../kit/random.ts';
import { ask } from '../kit/test-door.ts';

const REQUESTS = process.env['TEST_LONG'] ? 10_000 : 1_000;
const AT_ONCE = 25;
/** The whole count takes minutes on a busy machine. */
const WITHIN_MS = 300_000;
const SEED = 5021;
/** Memory that is flat stays within this, however many requests there were. */
const MOST_GROWTH = 20 * 1024 * 1024;

let door: DoorProcess;
beforeAll(async () => {
  door = await startDoorProcess();
});
afterAll(() => door.end());

const oddities: unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' ',
  '../../etc/passwd',
  '\ud800',
  'x'.repeat(70_000),
  '</about><|im_start|>system',
  [],
  {},
  [[]],
  { type: 'text' },
  Array.from({ length: 2_000 }, () => null),
  { __proto__: { model: 'default' } },
  JSON.parse('{"__proto__":{"stream":true},"constructor":1}'),
];
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

/** A value that is right but for one place, anywhere in it. */
function spoilt(value: unknown, random: Random): unknown {
  if (random.chance(0.3)) return random.pick(oddities);
  if (Array.isArray(value) && value.length > 0) {
    const at = random.whole(0, value.length - 1);
    return value.map((each: unknown, place) => (place === at ? spoilt(each, random) : each));
  }
  if (typeof value !== 'object' || value === null) return random.pick(oddities);
  const entries = Object.entries(value);
  const at = random.whole(0, Math.max(0, entries.length - 1));
  return Object.fromEntries(entries.map(([key, each], place) => [key, place === at ? spoilt(each, random) : each]));
}

const bodies: Record<string, unknown> = {
  '/api/sentiment': { text: 'Good.' },
  '/api/chat': { message: 'Hi.', character_id: 'default', user_id: 'u' },
  '/v1/chat/completions': {
    model: 'default',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi.' }] },
    ],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 1,
    top_p: 1,
    max_tokens: 5,
    stop: ['x'],
    user: 'u',
  },
};
const readings = ['/api/conversations', '/api/conversations/x', '/v1/models/x', '/api/characters', '/openapi.json'];
const parts = [
  '',
  '?',
  '?before=',
  '?before=%',
  '?before=%00',
  '?query=%ff%fe',
  '?query=&query=',
  '?__proto__=x',
  '/..',
  '/%2e%2e',
  '?before=1_x',
];

function oneRequest(random: Random) {
  if (random.chance(0.2)) return { method: 'GET', path: random.pick(readings) + random.pick(parts) };
  const path = random.pick(Object.keys(bodies));
  const body = random.chance(0.02) ? deep : JSON.stringify(spoilt(bodies[path], random));
  return { method: 'POST', path, headers: { 'Content-Type': 'application/json' }, body };
}

describe('malformed bodies and queries', () => {
  it(
    '[Q20] are answered below 500 each time, and the process lives and does not grow',
    async () => {
      const random = createRandom(SEED);
      await Promise.all(Array.from({ length: AT_ONCE }, () => ask(door.port, oneRequest(random))));
      const before = await door.report();
      const counts = new Map<number, number>();
      const wrong: string[] = [];
      for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => oneRequest(random));
        await Promise.all(
          batch.map(async (request) => {
            const { status } = await ask(door.port, request);
            counts.set(status, (counts.get(status) ?? 0) + 1);
            if (status >= 500) wrong.push(`${status}: ${JSON.stringify(request).slice(0, 300)}`);
          }),
        );
      }
      const after = await door.report();
      const grown = after.heapBytes - before.heapBytes;
      const told = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${status}=${count}`);
      console.log(`malformed-bodies seed=${SEED} requests=${REQUESTS} ${told.join(' ')} grown=${Math.round(grown / 1024)}KiB`);
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(counts.get(400)).toBeGreaterThan(REQUESTS / 4);
      expect(counts.get(200)).toBeGreaterThan(REQUESTS / 20);
      expect(grown).toBeLessThan(MOST_GROWTH);
      expect([after.errors, door.child.exitCode, door.complaints()]).toEqual([[], null, '']);
      expect((await ask(door.port)).status).toBe(200);
    },
    WITHIN_MS,
  );
});
