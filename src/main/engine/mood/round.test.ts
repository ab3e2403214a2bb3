/** @file Rounding, where the usual way goes wrong: exact ties, and numbers that only look like ties. */
import { describe, expect, it } from 'vitest';
import { roundHalfEven } from './round.ts';

/** Rounds through exact whole-number arithmetic: a double is a whole number over a power of two. */
function roundExactly(value: number, decimals: number): number {
  let shift = 0n;
  let whole = Math.abs(value);
  for (; !Number.isInteger(whole); whole *= 2) shift += 1n;
  const doubled = 2n * BigInt(whole) * 10n ** BigInt(decimals);
  const unit = 1n << shift;
  const floor = doubled / (2n * unit);
  const rest = doubled - floor * 2n * unit;
  const up = rest > unit || (rest === unit && floor % 2n === 1n);
  return (Math.sign(value) * Number(up ? floor + 1n : floor)) / 10 ** decimals;
}

describe('roundHalfEven', () => {
  it.each([
    [0.0625, 3, 0.062],
    [0.1875, 3, 0.188],
    [0.3125, 3, 0.312],
    [0.9375, 3, 0.938],
    [-0.0625, 3, -0.062],
    [0.03125, 4, 0.0312],
    [0.09375, 4, 0.0938],
    [0.0005, 3, 0.001],
    [0.0015, 3, 0.002],
    [0.0025, 3, 0.003],
    [1.005, 2, 1],
    [0.5, 0, 0],
    [1.5, 0, 2],
  ])('[V5] rounds %d to %d decimals: %d', (value, decimals, rounded) => {
    expect(roundHalfEven(value, decimals)).toBe(rounded);
  });

  it('[V5] agrees with exact arithmetic on every share of up to 400 words and on all sixty-fourths', () => {
    let compared = 0;
    for (let total = 1; total <= 400; total += 1) {
      for (let part = 1; part <= total; part += 1) {
        expect(roundHalfEven(part / total, 3)).toBe(roundExactly(part / total, 3));
        compared += 1;
      }
    }
    for (let part = -64; part <= 64; part += 1) {
      if (part === 0) continue;
      expect(roundHalfEven(part / 64, 4)).toBe(roundExactly(part / 64, 4));
      compared += 1;
    }
    expect(compared).toBe(80_328);
  });

  it('[V5] never answers minus zero', () => {
    expect(Object.is(roundHalfEven(-0.0001, 3), 0)).toBe(true);
    expect(Object.is(roundHalfEven(-0, 3), 0)).toBe(true);
  });
});
