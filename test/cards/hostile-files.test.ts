/** @file Files that lie, burst or lead elsewhere: refused or tamed, quickly and in little memory. */
import { execFileSync } from 'node:child_process';
import { platform } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardPreviewSchema } from '../../src/shared/characters.ts';
import { Fault } from '../../src/shared/faults.ts';
import { collection } from '../kit/cards.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { hostileCards } from '../kit/hostile-cards.ts';
import { memoryLibrary } from '../kit/memory-library.ts';
import { createRandom } from '../kit/random.ts';

const SEED = 20_261_126;
const LONG = process.env['TEST_LONG'] !== undefined;
const ROUNDS = LONG ? 20_000 : 2_000;
const LOOKER = join(import.meta.dirname, '../kit/programs/look-at-card.ts');
const MIB = 1024 * 1024;
/** What is allowed, in processor time; the verdict rests on ten times of it. */
const ALLOWED_MS = 50;
const SLOW_MS = 10 * ALLOWED_MS;
const ALLOWED_BYTES = 32 * MIB;

type Outcome = { refused: boolean; ms: number };

/** Processor time, so that a busy machine makes nothing slower. */
function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** Looks at a file as a person would: it is read or refused with a fault, and nothing else may come out. */
function look(library: ReturnType<typeof memoryLibrary>, name: string, bytes: Uint8Array): Outcome {
  const began = process.cpuUsage();
  try {
    const { preview } = library.preview({ name, bytes });
    const ms = spent(began);
    expect(cardPreviewSchema.safeParse(preview).success, name).toBe(true);
    return { refused: false, ms };
  } catch (error) {
    const ms = spent(began);
    if (!(error instanceof Fault)) throw new Error(`${name} broke something`, { cause: error });
    expect(['bad-request', 'too-large'], name).toContain(error.code);
    return { refused: true, ms };
  }
}

describe('hostile files', () => {
  it(`[KA20] ${hostileCards.length} made by hand are refused or tamed`, () => {
    const library = memoryLibrary(createFakeClock());
    for (const { name, bytes } of collection) look(library, name, bytes);
    let refused = 0;
    let slowest = { name: '', ms: 0 };
    let largest = { name: '', bytes: 0 };
    for (const { name, make } of hostileCards) {
      const bytes = make();
      const before = process.resourceUsage().maxRSS * 1024;
      const outcome = look(library, name, bytes);
      const grown = process.resourceUsage().maxRSS * 1024 - before;
      if (outcome.refused) refused += 1;
      if (outcome.ms > slowest.ms) slowest = { name, ms: outcome.ms };
      if (grown > largest.bytes) largest = { name, bytes: grown };
      expect(outcome.ms, name).toBeLessThan(SLOW_MS);
      expect(grown, name).toBeLessThanOrEqual(ALLOWED_BYTES);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(library.list()).toHaveLength(1);
    const words = `slowest="${slowest.name}" ${slowest.ms.toFixed(1)}ms largest="${largest.name}" ${(largest.bytes / MIB).toFixed(1)}MiB`;
    console.log(`hostile-files cards=${hostileCards.length} refused=${refused} ${words}`);
    expect(hostileCards.length).toBeGreaterThanOrEqual(60);
    expect(refused).toBeGreaterThan(30);
  }, 120_000);

  /** In `npm test` those that take most. */
  const weighed = LONG
    ? hostileCards.map(({ name }) => name)
    : ['a lorebook of 20,000 entries', 'a million empty chunks', 'a zTXt bomb', 'a zip bomb'];
  it.skipIf(platform() !== 'linux')(
    `[KA20] ${weighed.length} of them, each in a process of its own, take at most 32 MiB at their peak`,
    () => {
      const peaks = weighed.map((name) => ({ name, bytes: Number(execFileSync(process.execPath, [LOOKER, name], { encoding: 'utf8' })) }));
      const [largest] = peaks.toSorted((one, other) => other.bytes - one.bytes);
      console.log(`hostile-peaks cards=${peaks.length} largest="${largest?.name}" ${((largest?.bytes ?? 0) / MIB).toFixed(1)}MiB`);
      for (const { name, bytes } of peaks) expect(bytes, name).toBeLessThanOrEqual(ALLOWED_BYTES);
      expect(largest?.bytes).toBeGreaterThan(MIB);
    },
    120_000,
  );

  it(`[KA21] ${ROUNDS} mutations are refused or tamed`, () => {
    const library = memoryLibrary(createFakeClock());
    const random = createRandom(SEED);
    let refused = 0;
    let slowest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { name, bytes } = random.pick(collection);
      const changed = bytes.slice(0, random.chance(0.1) ? random.whole(0, bytes.length) : bytes.length);
      const times = random.whole(1, 8);
      for (let time = 0; time < times && changed.length > 0; time++) {
        const at = random.whole(0, changed.length - 1);
        if (random.chance(0.3)) changed.copyWithin(at, random.whole(0, changed.length - 1), changed.length);
        else changed[at] = random.pick([0, 255, 0x7f, 0x5b, 0x7b, 0x22, 0x50, (changed[at] ?? 0) ^ (1 << random.whole(0, 7))]);
      }
      const outcome = look(library, `${name} in round ${round}`, changed);
      if (outcome.refused) refused += 1;
      slowest = Math.max(slowest, outcome.ms);
    }
    console.log(`mutated-cards seed=${SEED} rounds=${ROUNDS} refused=${refused} slowest=${slowest.toFixed(1)}ms allowed=${ALLOWED_MS}ms`);
    expect(refused).toBeGreaterThan(ROUNDS / 10);
    expect(refused).toBeLessThan(ROUNDS);
    expect(slowest).toBeLessThan(SLOW_MS);
  }, 300_000);
});
