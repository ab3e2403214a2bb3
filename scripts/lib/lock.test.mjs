/** @file One process at a time, also when an earlier one was killed in the middle of its work. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withLock } from './lock.mjs';
import { CACHE } from './project.mjs';

/** An owner that nobody knows to be dead is waited for 15 s. */
const BEFORE_SILENCE_MS = 10_000;
const freshName = () => `test-${randomUUID()}`;

/** A process id that was somebody's and is nobody's now. */
const deadPid = () => Number(spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }).stdout);

it('[N1] work of one name never overlaps, and who waits is told so', async () => {
  const name = freshName();
  const seen = { inside: 0, most: 0, done: 0, waits: 0 };
  const work = async () => {
    seen.inside += 1;
    seen.most = Math.max(seen.most, seen.inside);
    await pause(20);
    seen.inside -= 1;
    seen.done += 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(name, work, () => (seen.waits += 1))));
  expect(seen).toEqual({ inside: 0, most: 1, done: 8, waits: 7 });
});

it('[N1] a lock whose owner was killed is taken at once, by one of many who want it', { timeout: BEFORE_SILENCE_MS }, async () => {
  const name = freshName();
  const folder = join(CACHE, `${name}.lock`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ id: 'gone', pid: deadPid(), host: hostname() }));
  const seen = { inside: 0, most: 0 };
  const work = async () => {
    seen.inside += 1;
    seen.most = Math.max(seen.most, seen.inside);
    await pause(5);
    seen.inside -= 1;
  };
  await Promise.all(Array.from({ length: 6 }, () => withLock(name, work)));
  expect(seen).toEqual({ inside: 0, most: 1 });
  expect(existsSync(folder)).toBe(false);
});

it('[N1] the lock is given back where the work fails', async () => {
  const name = freshName();
  await expect(withLock(name, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(withLock(name, async () => 'free')).resolves.toBe('free');
});
