/** @file Cards: how long a look into files made to hurt takes, and how long many lorebook keys are looked for. */
import { createKeyMatcher } from '../../src/main/engine/lore/key-matcher.ts';
import { collection } from '../kit/cards.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { hostileCards } from '../kit/hostile-cards.ts';
import { memoryLibrary } from '../kit/memory-library.ts';
import { atMost, median, milliseconds, type Row, shown } from './figures.ts';

const MIB = 1024 * 1024;
const LOOKS = 5;
const KEYS = 10_000;
const SCANS = 51;

/** Processor time of a first look, so that other work on the machine makes nothing slower. */
function lookTimes(): { name: string; ms: number }[] {
  const library = memoryLibrary(createFakeClock());
  const look = (name: string, bytes: Uint8Array): number => {
    const began = process.cpuUsage();
    try {
      library.preview({ name, bytes });
    } catch {
      // Refused, which is as well.
    }
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1_000;
  };
  for (const { name, bytes } of collection) look(name, bytes);
  return hostileCards.flatMap(({ name, make }) => {
    const bytes = make();
    return bytes.length > MIB + 1_024 ? [] : [{ name, ms: median(Array.from({ length: LOOKS }, () => look(name, bytes))) }];
  });
}

/** Keys that all differ, keys that stand in each other, keys that nearly stand there; the text is 8 KiB. */
const shapes: Readonly<Record<string, [(index: number) => string, string]>> = {
  words: [(index) => `word${index}`, 'word12 and word9999 '.repeat(410)],
  nested: [(index) => 'a'.repeat(1 + (index % 500)), 'a'.repeat(8_192)],
  near: [(index) => `${'a'.repeat(20)}${index}`, 'a'.repeat(8_192)],
};

function scanTimes(): { name: string; made: number; ms: number }[] {
  return Object.entries(shapes).map(([name, [keyAt, text]]) => {
    const keys = Array.from({ length: KEYS }, (_, index) => keyAt(index));
    const began = performance.now();
    const matcher = createKeyMatcher(keys);
    const made = performance.now() - began;
    const times = Array.from({ length: SCANS }, () => {
      const start = performance.now();
      matcher.scan(text, () => undefined);
      return performance.now() - start;
    });
    return { name, made, ms: median(times) };
  });
}

export async function benchCards(): Promise<Row[]> {
  const looks = lookTimes().toSorted((one, other) => other.ms - one.ms);
  const scans = scanTimes().toSorted((one, other) => other.ms - one.ms);
  const [slowest] = looks;
  return [
    atMost(
      `Looking into ${looks.length} files made to hurt, up to 1 MiB: slowest, in processor time`,
      slowest?.ms ?? Number.NaN,
      50,
      milliseconds,
    ),
    shown(
      '… which one, and the next two',
      looks
        .slice(0, 3)
        .map(({ name, ms }) => `${name} (${milliseconds(ms)})`)
        .join(', '),
    ),
    atMost(
      `${KEYS.toLocaleString('en')} lorebook keys in 8 KiB of text: slowest of ${scans.length} kinds of keys (median of ${SCANS})`,
      scans[0]?.ms ?? Number.NaN,
      20,
      (ms) => `${ms.toFixed(2)} ms`,
    ),
    shown('… to make them ready, once a lorebook (slowest)', milliseconds(Math.max(...scans.map(({ made }) => made)))),
  ];
}
