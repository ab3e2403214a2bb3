/** @file The "but" rule against its plain, slow wording, and the count of its steps. */
import { describe, expect, it } from 'vitest';
import { weighRoundBut } from './but.ts';

const SEED = 20_261;

/** The rule as it is worded: for each value in turn, the first position that holds an equal one is changed. */
function weighSlowly(valences: number[], turn: number): void {
  for (let at = 0; at < valences.length; at += 1) {
    const valence = valences[at] ?? 0;
    const first = valences.indexOf(valence);
    if (first < turn) valences[first] = valence * 0.5;
    else if (first > turn) valences[first] = valence * 1.5;
  }
}

/** Whole numbers below a bound, the same ones each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('weighRoundBut', () => {
  it('[V4] changes the first equal value, not the one whose turn it is', () => {
    const valences = [1, 2, 0, 1, 1];
    weighRoundBut(valences, 2);
    expect(valences).toEqual([0.5, 0.5, 0, 1.5, 1]);
    const halved = [2, 1, 1, 0, 1];
    weighRoundBut(halved, 3);
    expect(halved).toEqual([0.5, 0.5, 0.5, 0, 1]);
  });

  it('[V4] agrees with the plain wording on lists full of values that are halves and one-and-a-halves of each other', () => {
    const pick = seeded(SEED);
    const count = process.env['TEST_LONG'] ? 20_000 : 2_000;
    const values = [0, 0, 1, 2, 4, 8, 16, 3, 1.5, 0.75, 0.5, -1, -2, -4, -1.5];
    let odd = 0;
    for (let round = 0; round < count; round += 1) {
      const valences = Array.from({ length: 2 + pick(60) }, () => values[pick(values.length)] ?? 0);
      const turn = pick(valences.length);
      valences[turn] = 0;
      const [fast, slow] = [[...valences], [...valences]];
      weighRoundBut(fast, turn);
      weighSlowly(slow, turn);
      expect(fast).toEqual(slow);
      const simple = valences.map((valence, at) => valence * (at < turn ? 0.5 : at > turn ? 1.5 : 1));
      if (simple.some((valence, at) => valence !== fast[at])) odd += 1;
    }
    console.log(`but rule: seed ${SEED}, ${count} lists, ${odd} of them with an earlier equal value`);
    expect(odd).toBeGreaterThan(count / 4);
  });

  it('[V3] looks at each value a fixed number of times, however many there are', () => {
    const steps = (length: number) => {
      let touched = 0;
      const counted = new Proxy(
        Array.from({ length }, (_, at) => (at === length / 2 ? 0 : (at % 7) - 3)),
        {
          get: (target, key) => {
            touched += 1;
            return Reflect.get(target, key);
          },
          set: (target, key, value) => {
            touched += 1;
            return Reflect.set(target, key, value);
          },
        },
      );
      weighRoundBut(counted, length / 2);
      return touched;
    };
    expect(steps(40_000)).toBeLessThan(4.1 * steps(10_000));
    expect(steps(10_000)).toBeGreaterThan(10_000);
  });
});
