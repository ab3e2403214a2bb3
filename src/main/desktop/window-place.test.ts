import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../engine/ports.ts';
import { fitPlace, readPlace, writePlace } from './window-place.ts';

const screens = [
  { x: 0, y: 25, width: 1_920, height: 1_055 },
  { x: 1_920, y: 0, width: 1_280, height: 1_024 },
];
const place = { x: 100, y: 80, width: 900, height: 700, maximized: false };

describe('fitPlace', () => {
  it('[K11] opens where it was, on whichever screen', () => {
    expect(fitPlace(place, screens)).toEqual({ x: 100, y: 80, width: 900, height: 700 });
    expect(fitPlace({ ...place, x: 2_500 }, screens)).toEqual({ x: 2_500, y: 80, width: 900, height: 700 });
  });

  it.each([
    ['left of every screen', { x: -880, y: 80 }],
    ['right of every screen', { x: 3_190, y: 80 }],
    ['with its upper edge above the screen', { x: 100, y: -300 }],
    ['below the screen', { x: 100, y: 1_060 }],
    ['on a screen that was taken away', { x: 9_000, y: 9_000 }],
  ])('[K11] keeps its size and leaves the place to the system where it was %s', (_where, at) => {
    expect(fitPlace({ ...place, ...at }, screens)).toEqual({ width: 900, height: 700 });
  });

  it('[K11] is never smaller than what can be used, and has a first size', () => {
    expect(fitPlace({ ...place, width: 10, height: 10 }, screens)).toMatchObject({ width: 400, height: 560 });
    expect(fitPlace(undefined, screens)).toEqual({ width: 1_120, height: 780 });
  });
});

describe('the file of the place', () => {
  let folder: string;
  let warned: string[];
  const log: Log = { debug() {}, info() {}, error() {}, warn: (event) => warned.push(event) };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'window-place-'));
    warned = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = () => join(folder, 'place.json');

  it('[K11] comes back as it was written, readable by its owner alone', () => {
    writePlace(file(), place, log);
    expect(readPlace(file(), log)).toEqual(place);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(warned).toEqual([]);
  });

  it('[K11] is nothing where there is none, without a word', () => {
    expect(readPlace(file(), log)).toBeUndefined();
    expect(warned).toEqual([]);
  });

  it.each(['', '{', 'null', '[]', '{"x":1}', JSON.stringify({ ...place, width: 1e9 }), JSON.stringify({ ...place, x: 'left' })])(
    '[K11] is nothing, with a warning, where it is damaged: %s',
    (text) => {
      writeFileSync(file(), text);
      expect(readPlace(file(), log)).toBeUndefined();
      expect(warned).toEqual(['window-place-unreadable']);
    },
  );

  it('[K11] that cannot be written leaves a warning and the old one', () => {
    writePlace(file(), place, log);
    writePlace(join(folder, 'none', 'place.json'), place, log);
    expect(warned).toEqual(['window-place-not-kept']);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(place);
  });
});
