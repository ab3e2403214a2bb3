/** @file Programs run with a disk of their own, which the system takes away again with the program. */
import { spawnSync } from 'node:child_process';

const own = process.getuid?.() === 0 ? ['-m'] : ['-rm'];

/** Why a small disk cannot be mounted here, or undefined where it can. */
export function mountingProblem(): string | undefined {
  const tried = spawnSync('unshare', [...own, 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt'], { encoding: 'utf8' });
  if (tried.error) return `unshare is not there (${tried.error.message})`;
  return tried.status === 0 ? undefined : `this system does not let a test mount a disk (${tried.stderr.trim()})`;
}

/** Runs shell lines and then a TypeScript program, in a mount namespace of their own; returns its lines on stdout as JSON values. */
export function runMounted(shell: string, program: string, args: readonly string[]): unknown[] {
  const ran = spawnSync('unshare', [...own, 'sh', '-c', `set -e; ${shell}; exec "$@"`, 'sh', process.execPath, program, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.status !== 0) throw new Error(`${program} ended with ${ran.status ?? ran.signal}: ${ran.stderr}`);
  return ran.stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
