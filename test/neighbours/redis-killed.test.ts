/** @file Redis killed again and again while people talk, and the service killed while Redis is away: nothing lost, nothing out of order. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { createNeighbourHouse, speak } from '../kit/neighbour-house.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { createRandom } from '../kit/random.ts';
import { createRedis, type TestRedis, whyNoRedis } from '../kit/redis.ts';
import { startService, temporaryFolder } from '../kit/service.ts';
import { silentLog } from '../kit/silent-log.ts';
import { connectSocket } from '../kit/test-door.ts';

const reason = whyNoRedis();
const folder = temporaryFolder('redis-killed');
afterAll(folder.remove);
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const kills = process.env['TEST_LONG'] ? 20 : 2;
const turnsPerKill = 500;
const users = ['ada', 'grace', 'edith', 'mary'];
const seed = 20261124;

type Said = { user_id: string; user_message: string };

/** What was heard of each conversation: repeated messages, and those that came before an older one. */
function judge(server: TestRedis): { distinct: number; duplicates: number; outOfOrder: number } {
  const seen = new Map<string, Set<number>>();
  let duplicates = 0;
  let outOfOrder = 0;
  for (const { message } of server.heard) {
    const { user_id, user_message } = JSON.parse(message) as Said;
    const numbers = seen.get(user_id) ?? new Set();
    seen.set(user_id, numbers);
    const number = Number(user_message);
    if (numbers.has(number)) duplicates += 1;
    else if (number !== numbers.size + 1) outOfOrder += 1;
    numbers.add(number);
  }
  const distinct = [...seen.values()].reduce((sum, { size }) => sum + size, 0);
  return { distinct, duplicates, outOfOrder };
}

describe.skipIf(reason)(`Redis killed${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it(
    `[NB5] ${kills} times in ${kills * turnsPerKill} turns: 0 lost, 0 out of order, duplicates counted`,
    async () => {
      const server = await createRedis();
      undo.push(server.close);
      await server.start();
      const store = openStore({ folder: folder.path, log: silentLog, now: Date.now, outbox: true });
      const environment = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(server.port) };
      const house = await createNeighbourHouse({ environment, store });
      undo.push(store.close, house.close);
      const random = createRandom(seed);
      const spoken = new Map(users.map((user) => [user, 0]));
      const clients = await Promise.all(users.map(async (user) => ({ user, client: await house.connect() })));
      const progress = { said: 0, reached: (): void => undefined, goal: Number.POSITIVE_INFINITY };
      const until = (goal: number) =>
        new Promise<void>((resolve) => Object.assign(progress, { goal, reached: resolve })).finally(() => {
          progress.goal = Number.POSITIVE_INFINITY;
        });
      const talk = async ({ user, client }: (typeof clients)[number], turns: number) => {
        for (let index = 0; index < turns; index++) {
          const number = (spoken.get(user) ?? 0) + 1;
          spoken.set(user, number);
          expect((await speak(client, { message: String(number), user_id: user })).status).toBe('complete');
          progress.said += 1;
          if (progress.said >= progress.goal) progress.reached();
        }
      };
      let whileAway = 0;
      for (let kill = 0; kill < kills; kill++) {
        const before = progress.said;
        const talking = clients.map((one) => talk(one, turnsPerKill / users.length));
        await until(before + random.whole(50, 200));
        await server.kill();
        const gone = progress.said;
        await until(gone + random.whole(1, 100));
        whileAway += progress.said - gone;
        await server.start();
        await Promise.all(talking);
        const heard = server.heard.length;
        await server.until(() => server.heard.length > heard || judge(server).distinct === progress.said);
      }
      await server.until(() => judge(server).distinct >= progress.said);
      const verdict = judge(server);
      const aways = house.logged.filter(({ event }) => event === 'redis-away').length;
      console.log(
        `redis killed: seed=${seed} kills=${kills} noticed=${aways} while-away=${whileAway} turns=${progress.said} ${JSON.stringify(verdict)}`,
      );
      expect(progress.said).toBe(kills * turnsPerKill);
      expect(verdict).toMatchObject({ distinct: progress.said, outOfOrder: 0 });
      expect(verdict.duplicates).toBeLessThanOrEqual(kills);
      expect(aways).toBeGreaterThanOrEqual(kills);
      expect(whileAway).toBeGreaterThanOrEqual(kills);
      await expect.poll(() => store.outbox(1)).toEqual([]);
    },
    15 * 60_000,
  );

  it('[NB7] the service killed with turns that Redis has not heard of: the next start hands them on, in order', async () => {
    const server = await createRedis();
    undo.push(server.close);
    const ollama = await createScriptedOllama();
    undo.push(ollama.close);
    const data = temporaryFolder('redis-service');
    undo.push(data.remove);
    const environment = { OLLAMA_BASE_URL: ollama.url, REDIS_HOST: '127.0.0.1', REDIS_PORT: String(server.port) };
    const start = async () => {
      const service = await startService({ dataFolder: data.path, environment });
      undo.push(() => service.kill('SIGKILL'));
      return service;
    };
    const say = async (url: string, numbers: number[]) => {
      const client = await connectSocket(url, '/ws/chat');
      for (const number of numbers)
        expect(await speak(client, { message: String(number), user_id: 'ada' })).toMatchObject({ type: 'complete' });
      client.ws.terminate();
    };
    const first = await start();
    await say(first.url, [1, 2, 3]);
    await first.kill('SIGKILL');
    await server.start();
    const second = await start();
    await say(second.url, [4, 5]);
    await server.until((heard) => heard.length >= 5);
    expect(await second.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(server.heard.map(({ message }) => (JSON.parse(message) as Said).user_message)).toEqual(['1', '2', '3', '4', '5']);
  });
});
