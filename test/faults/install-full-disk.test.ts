/** @file A disk that runs full while Ollama comes, and while it is unpacked: nothing half installed, and the room is given back. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mountingProblem, runMounted } from '../kit/mounted.ts';

const PROGRAM = join(import.meta.dirname, '../kit/programs/install-on-full-disk.ts');
const problem = mountingProblem();
if (problem) console.warn(`SKIPPED: full disk under an installation: ${problem}`);

it.skipIf(problem !== undefined).each([
  ['while it comes', 'size=1m', ['random', '4000000'], []],
  ['while it is unpacked', 'size=3m', ['packable', '8000000'], ['ollama.download']],
] as const)(
  '[U56] a disk that runs full %s: one sentence, nothing in place, the room is given back',
  { timeout: 60_000 },
  (_, size, what, left) => {
    const [came] = runMounted(`mount -t tmpfs -o ${size} tmpfs /mnt`, PROGRAM, ['/mnt/ollama', ...what]);
    expect(came).toEqual({ code: 'download-failed', message: expect.stringMatching(/disk ran full/), left });
  },
);
