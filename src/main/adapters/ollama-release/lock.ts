/** @file One installation into a folder at a time, of however many programs; a lock whose holder has gone is none. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_LOCK_STALE_MS, INSTALL_LOCK_TOUCH_MS } from '../../../shared/runtime-limits.ts';
import type { Clock } from '../../engine/ports.ts';
import { inUse } from './faults.ts';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It runs, and belongs to somebody else.
  }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // Given up in the meantime.
  }
};

function isStale(file: string, now: number): boolean {
  const pid = Number(read(file).split(' ')[0]);
  const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return !Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isRunning(pid) || age > INSTALL_LOCK_STALE_MS;
}

function take(file: string, words: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, words);
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Answers the function that gives it up. Throws Fault('download-failed') where another program holds it. */
export function lockInstall(folder: string, clock: Clock): () => void {
  const file = join(folder, 'lock');
  const words = `${process.pid} ${randomBytes(8).toString('hex')}`;
  if (!take(file, words)) {
    if (!isStale(file, clock.now())) throw inUse();
    // Moved away first: of two that see it stale only one can.
    const aside = `${file}.${words.split(' ')[1]}`;
    renameSync(file, aside);
    rmSync(aside, { force: true });
    if (!take(file, words)) throw inUse();
  }
  let stop = () => {};
  const touch = () => {
    const now = new Date(clock.now());
    if (read(file) === words) utimesSync(file, now, now);
    stop = clock.after(INSTALL_LOCK_TOUCH_MS, touch);
  };
  touch();
  return () => {
    stop();
    if (read(file) === words) rmSync(file, { force: true });
  };
}
