/** @file A disk that fills up while turns are written. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mountingProblem, runMounted } from '../kit/mounted.ts';

const POINTS = process.env['TEST_LONG'] ? 200 : 20;
const SEED = 20_260_904;
const PROGRAM = join(import.meta.dirname, '../kit/programs/store-on-full-disk.ts');

type Refusal = { code: string; message: string };
type Point = {
  name: string;
  fault: Refusal;
  health: string;
  lost: number;
  again: string;
  healthAgain: string;
  ended: number;
  refused?: Record<'folder' | 'lock' | 'store', Refusal | undefined>;
};

const problem = mountingProblem();
if (problem) console.warn(`SKIPPED: full disk: ${problem}`);

it.skipIf(problem !== undefined)(
  `[S18] a disk that fills at ${POINTS} points loses nothing and is used again`,
  { timeout: 300_000 },
  () => {
    const points = runMounted('mount -t tmpfs -o size=48m tmpfs /mnt', PROGRAM, ['/mnt', String(SEED), String(POINTS)]) as Point[];
    expect(points).toHaveLength(POINTS);
    for (const [i, point] of points.entries()) {
      const said = `point ${i}: ${JSON.stringify(point)}`;
      expect(point, said).toMatchObject({ lost: 0, again: 'works', health: 'degraded', healthAgain: 'healthy' });
      expect(point.fault, said).toMatchObject({
        code: 'store-full',
        message: 'The disk is full, so this was not saved; everything saved before is kept; free some space and try again.',
      });
      for (const refusal of Object.values(point.refused ?? {})) expect(refusal?.code ?? 'store-full', said).toBe('store-full');
    }
    const names = new Set(points.map((point) => point.name));
    const refused = points.flatMap((point) => Object.values(point.refused ?? {})).length;
    console.log(`full disk: seed ${SEED}, ${POINTS} points in ${[...names].join(', ')}; ${refused} starts refused, 0 turns lost`);
    expect(names.size).toBeGreaterThan(2);
    expect(refused).toBeGreaterThan(POINTS / 4);
  },
);
