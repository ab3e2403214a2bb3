/** @file A download of 150 MB cut by a lost connection, a killed server and a killed program: it goes on where it was. */
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../kit/client.ts';
import { createRegistry, digestOf, layerBytes, type ScriptedRegistry } from '../kit/ollama/registry.ts';
import { modelReady, type OwnHouse, ownHouse, spawnOwn, WAIT } from '../kit/own-ollama.ts';
import { createRandom } from '../kit/random.ts';

const MB = 1_000_000;
const SIZE = 150 * MB;
const LONG = process.env['TEST_LONG'] !== undefined;
const CUTS = LONG ? 20 : 3;
/** A file of this size has two parts, as the real server cuts it. */
const PART_STARTS = [0, 100 * MB];
const SEED = 150;
/** For each of the two parts. The figure is that of a line of 100 megabits; the short run is quicker, and only sees that nothing begins anew. */
const PACE = { bytesPerSecond: (LONG ? 6 : 20) * MB, pieceBytes: 128 * 1024 };
/** What the figure allows: a tenth more than the whole. On a fast line, and a machine with other tests on it, more is under way when a request ends. */
const MOST = SIZE * (LONG ? 1.1 : 1.4);

const ways = ['connection', 'server', 'program'] as const;
const opened: { house: OwnHouse; services: ReturnType<typeof spawnOwn>[]; registry: ScriptedRegistry }[] = [];
afterEach(async () => {
  for (const { house, services, registry } of opened.splice(0)) {
    for (const service of services) {
      service.child.kill('SIGKILL');
      await service.ended;
    }
    await expect.poll(house.family, WAIT).toEqual([]);
    await registry.close();
    house.remove();
  }
});

async function connected(service: ReturnType<typeof spawnOwn>) {
  await expect.poll(service.stdout, WAIT).toMatch(/ready on \S+\n/);
  return connect(/ready on (\S+)/.exec(service.stdout())?.[1] ?? '');
}
const serverOf = (house: OwnHouse) =>
  house.family().find(({ executable }) => executable === process.execPath || executable.endsWith('node'));

/** One download with one cut, to its end; answers how much was sent in all, and how far it had come when it was cut. */
async function downloadWithCut(
  way: (typeof ways)[number],
  cutAt: number,
  content: Buffer,
): Promise<{ sent: number; atCut: number; wentOn: boolean }> {
  const registry = await createRegistry([{ name: 'big', layers: [{ mediaType: 'application/vnd.ollama.image.model', content }] }], PACE);
  // Each part is tried once: what the server itself would try again reaches the program.
  const house = ownHouse('pull', '--store-tries', '1');
  const services = [spawnOwn(house)];
  opened.push({ house, services, registry });
  const [first] = services;
  if (!first) throw new Error('nothing was started');
  await modelReady(first.log);
  const name = registry.nameOf('big');
  const client = await connected(first);
  const reached = new Promise<void>((resolve) => registry.onSent((bytes) => bytes >= cutAt && resolve()));
  await client.ask({ type: 'pull-model', model: name });
  await reached;
  const atCut = registry.sent();
  const before = registry.ranges.length;
  if (way === 'connection') registry.cut();
  if (way === 'server') process.kill(serverOf(house)?.pid ?? 0, 'SIGKILL');
  if (way === 'program') {
    first.child.kill('SIGKILL');
    await first.ended;
    services.push(spawnOwn(house));
  }
  const service = services.at(-1) ?? first;
  const done = () => service.log().some(({ event }) => event === 'pull-done');
  await expect.poll(done, { timeout: 120_000, interval: 20 }).toBe(true);
  const listening = await connected(service);
  const listed = listening.until('models-listed');
  await listening.ask({ type: 'list-models' });
  expect((await listed).state.models.map((model) => model.name)).toContain(name);
  const big = registry.ranges.slice(before).filter(({ digest }) => digest === digestOf(content));
  // Both parts had begun, and had come to rest, before the cut: neither may begin anew.
  const wentOn = big.length > 0 && big.every(({ first: at }) => !PART_STARTS.includes(at));
  return { sent: registry.sent(), atCut, wentOn };
}

describe.skipIf(process.platform !== 'linux')('a large download', () => {
  it(`[MD15] cut at ${CUTS} random places, each time goes on where it was, and never fetches a tenth more than the whole`, {
    timeout: CUTS * 150_000,
  }, async () => {
    const random = createRandom(SEED);
    const content = layerBytes(SIZE, SEED);
    const seen: { way: string; share: number; wentOn: boolean }[] = [];
    for (let cut = 0; cut < CUTS; cut++) {
      const way = ways[cut % ways.length] ?? 'connection';
      const { sent, atCut, wentOn } = await downloadWithCut(way, random.whole(10 * MB, 140 * MB), content);
      seen.push({ way, share: sent / SIZE, wentOn });
      console.log(`  ${way} at ${Math.round(atCut / MB)} MB: ${(100 * (sent / SIZE)).toFixed(1)} % in all`);
    }
    const most = Math.max(...seen.map(({ share }) => share));
    console.log(
      `model-pull seed=${SEED} cuts=${CUTS} went-on=${seen.filter((one) => one.wentOn).length} most=${(100 * most).toFixed(1)} % of ${SIZE / MB} MB`,
    );
    expect(seen.filter(({ wentOn }) => wentOn)).toHaveLength(CUTS);
    expect(seen.filter(({ share }) => share * SIZE > MOST)).toEqual([]);
  });
});
