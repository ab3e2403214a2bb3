/** @file Archives that are bombs, by what they say of themselves and by what they do not. */
import { describe, expect, it } from 'vitest';
import { createArchives } from './archives.ts';
import { declaredSizes } from './declared-sizes.ts';

const archives = createArchives();
const MIB = 1024 * 1024;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** `count` files of zeros, each of this size unfolded. */
const bomb = (size: number, count = 1) =>
  archives.pack(new Map(Array.from({ length: count }, (_, index) => [`f${index}.json`, new Uint8Array(size)] as const)));

const whole = bomb(32 * MIB);

/** Every place of the directory's entries. */
function entriesOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length - 4 }, (_, at) => at).filter((at) => view.getUint32(at, true) === 0x02014b50);
}

/** The same archive, with what its directory and its files' own headers say of their sizes. */
function saying(bytes: Uint8Array, size: number): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  for (const at of entriesOf(changed)) view.setUint32(at + 24, size, true);
  view.setUint32(22, size, true);
  return changed;
}

/** The same archive with nothing in it that could be unfolded. */
function hollow(bytes: Uint8Array): Uint8Array {
  const [directory = 0] = entriesOf(bytes);
  return bytes.slice().fill(0xff, 60, directory);
}

function refusal(bytes: Uint8Array): { code: string; ms: number; grownMiB: number } {
  const before = process.memoryUsage();
  const began = process.cpuUsage();
  try {
    archives.unpack(bytes);
    return { code: 'none', ms: 0, grownMiB: 0 };
  } catch (error) {
    const { user, system } = process.cpuUsage(began);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const grown = heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers;
    return { code: (error as { code: string }).code, ms: (user + system) / 1_000, grownMiB: grown / MIB };
  }
}

describe('bombs', () => {
  it('[KA22] that say so are refused before a byte of them is unfolded', () => {
    // Where there is nothing to unfold, only their own words can have been looked at.
    expect(refusal(hollow(whole)).code).toBe('too-large');
    expect(refusal(hollow(bomb(100, 2_001))).code).toBe('too-large');
    expect(refusal(hollow(bomb(100, 2_000))).code).toBe('bad-request');
    const outcome = refusal(whole);
    console.log(`zip-bomb says=32MiB packed=${whole.length} refused in ${outcome.ms.toFixed(1)}ms`);
    expect(outcome).toMatchObject({ code: 'too-large' });
  });

  it('[KA22] that say less are refused with the first byte that is more, in little memory', () => {
    for (const size of [0, 2, 100_000]) {
      const { code, ms, grownMiB } = refusal(saying(whole, size));
      console.log(`zip-bomb says=${size} refused in ${ms.toFixed(1)}ms grown=${grownMiB.toFixed(1)}MiB`);
      expect(code).toBe('bad-request');
      expect(grownMiB).toBeLessThan(32);
      expect(ms).toBeLessThan(500);
    }
  });

  it('[KA22] whose directory is gone are no archives', () => {
    const [directory = 0] = entriesOf(whole);
    const { code, ms, grownMiB } = refusal(whole.slice(0, directory));
    console.log(`zip-bomb without a directory refused in ${ms.toFixed(1)}ms`);
    expect(code).toBe('bad-request');
    expect(grownMiB).toBeLessThan(1);
  });
});

it('[KA22] an honest archive says what it unfolds to, also behind other bytes', () => {
  const files = new Map([
    ['card.json', bytesOf('{"name":"Lark"}')],
    ['assets/icon/images/größe.png', new Uint8Array(300_000).fill(7)],
  ]);
  const packed = archives.pack(files);
  expect(archives.unpack(packed)).toEqual(files);
  const shifted = new Uint8Array([...bytesOf('a picture before it'), ...packed]);
  for (const bytes of [packed, shifted]) {
    const declared = declaredSizes(bytes, 2_000);
    expect(declared && [...declared.sizes].map(([name, size]) => [name, size])).toEqual(
      [...files].map(([name, file]) => [name, file.length]),
    );
    expect(declared).toMatchObject({ entries: 2, bytes: 300_015 });
  }
  expect(declaredSizes(packed.slice(0, -30), 2_000)).toBeUndefined();
  expect(declaredSizes(new Uint8Array(10), 2_000)).toBeUndefined();
});
