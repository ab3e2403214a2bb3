/** @file kill -9 of the program while its own Ollama starts, waits or speaks: nothing of it stays. */
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/main/adapters/ollama-server/process-table.ts';
import { connect } from '../kit/client.ts';
import { familyOf, modelReady, type OwnHouse, ownHouse, serverState, spawnOwn, WAIT } from '../kit/own-ollama.ts';
import { createRandom } from '../kit/random.ts';

const KILLS = process.env['TEST_LONG'] ? 100 : 10;
const SEED = 11;
/** What the product promises, in milliseconds; a busy machine gets ten times as much. */
const GONE_MS = 1_000;

const houses: OwnHouse[] = [];
const open = (...options: string[]) => {
  const house = ownHouse('own-orphans', ...options);
  houses.push(house);
  return house;
};
afterEach(() => {
  for (const house of houses.splice(0)) {
    for (const { pid } of house.family()) process.kill(pid, 'SIGKILL');
    house.remove();
  }
});

/** Milliseconds until nobody of the family lives. */
async function gone(family: () => ProcessSeen[]): Promise<number> {
  const since = performance.now();
  await expect.poll(family, { timeout: GONE_MS * 10, interval: 5 }).toEqual([]);
  return performance.now() - since;
}

const urlOf = (stdout: string) => /ready on (\S+)/.exec(stdout)?.[1] ?? '';

describe.skipIf(process.platform !== 'linux')('the program is killed', () => {
  it(`[U20] leaves no process over ${KILLS} kills at random moments`, { timeout: KILLS * 30_000 }, async () => {
    const random = createRandom(SEED);
    const counts = { lived: 0, withRunner: 0, speaking: 0, slowest: 0 };
    for (let round = 0; round < KILLS; round++) {
      const house = open('--token-ms', '20');
      const { child, ended, log, stdout } = spawnOwn(house);
      const moment = round % 3;
      if (moment > 0) await modelReady(log);
      if (moment === 2) {
        const client = await connect(urlOf(stdout()));
        const conversationId = await client.converse();
        await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Go on and on' });
        await client.until('text-delta');
        counts.speaking += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, random.whole(0, moment === 0 ? 1_500 : 200)));
      const family = house.family();
      if (family.length > 0) counts.lived += 1;
      if (family.some(({ executable }) => executable === house.release.runner)) counts.withRunner += 1;
      child.kill('SIGKILL');
      await ended;
      counts.slowest = Math.max(counts.slowest, await gone(house.family));
    }
    console.log(`own-orphans seed=${SEED} kills=${KILLS} ${JSON.stringify(counts)} left=0`);
    expect(counts.lived).toBeGreaterThan(KILLS / 2);
    expect(counts.withRunner).toBeGreaterThan(KILLS / 3);
    expect(counts.speaking).toBeGreaterThan(0);
  });

  it('[U20] a server that will not end goes all the same', async () => {
    const house = open('--stubborn');
    const { child, ended, log } = spawnOwn(house);
    await modelReady(log);
    child.kill('SIGKILL');
    await ended;
    await gone(house.family);
  });

  it('[U5] with its warden, too: the next start ends what is left, and nothing of a neighbour’s', async () => {
    const house = open();
    const neighbour = open();
    const service = spawnOwn(house);
    const other = spawnOwn(neighbour);
    await modelReady(service.log);
    await modelReady(other.log);
    const record = join(house.dataFolder, 'model-server', 'running.json');
    const neighbours = neighbour.family();
    const shells = house.family().filter(({ executable }) => !executable.endsWith('llama-server') && !/node/.test(executable));
    expect(shells.length).toBeGreaterThanOrEqual(2);
    for (const { pid } of shells) process.kill(pid, 'SIGSTOP');
    service.child.kill('SIGKILL');
    await service.ended;
    for (const { pid } of shells) process.kill(pid, 'SIGKILL');
    await expect.poll(() => house.family().length, WAIT).toBe(2);
    const left = house.family();
    expect(left.map(({ executable }) => executable)).toEqual(
      expect.arrayContaining([house.release.runner, realpathSync(process.execPath)]),
    );

    const next = spawnOwn(house);
    await modelReady(next.log);
    expect(next.log().find(({ event }) => event === 'server-leftover-ended')).toMatchObject({ processes: 2, still: 0 });
    const now = house.family().map(({ pid }) => pid);
    expect(left.filter(({ pid }) => now.includes(pid))).toEqual([]);
    expect(familyOf(neighbour.dataFolder)).toEqual(neighbours);

    next.child.kill('SIGTERM');
    expect(await next.ended).toEqual({ code: 0, signal: null });
    await gone(house.family);
    writeFileSync(record, '{"nonce": "half a rec');
    const last = spawnOwn(house);
    await modelReady(last.log);
    expect(serverState(last.log)).toBe('ready');
    for (const { child, ended } of [last, other]) {
      child.kill('SIGTERM');
      await ended;
    }
    await gone(neighbour.family);
  }, 90_000);

  it('[U10] an orderly end takes everything along within five seconds, stubborn servers too', async () => {
    for (const options of [[], ['--stubborn']]) {
      const house = open(...options);
      const { child, ended, log } = spawnOwn(house);
      await modelReady(log);
      await expect.poll(() => house.family().length, WAIT).toBeGreaterThanOrEqual(3);
      child.kill('SIGTERM');
      expect(await ended).toEqual({ code: 0, signal: null });
      await gone(house.family);
    }
  });
});
