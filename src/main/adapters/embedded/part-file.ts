/** @file The part file of one download: named after its process, so that two processes never write into the same one. */
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ORPHAN_AFTER_MS } from '../../../shared/limits.ts';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It runs, and belongs to somebody else.
  }
}

async function isOrphan(path: string, pid: number, now: number): Promise<boolean> {
  if (!isRunning(pid)) return true;
  const { mtimeMs } = await stat(path);
  return now - mtimeMs > ORPHAN_AFTER_MS;
}

/** The path of our own part file; one that an ended process left behind is taken over, so that its bytes are not fetched again. */
export async function claimPart(folder: string, file: string, now: number): Promise<string> {
  const own = `${file}.${process.pid}.part`;
  const names = await readdir(folder);
  if (names.includes(own)) return join(folder, own);
  for (const name of names) {
    const pid = Number(/\.(\d+)\.part$/.exec(name)?.[1]);
    if (!name.startsWith(`${file}.`) || !Number.isInteger(pid)) continue;
    try {
      if (!(await isOrphan(join(folder, name), pid, now))) continue;
      await rename(join(folder, name), join(folder, own));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // Somebody else took it over first.
    }
  }
  return join(folder, own);
}
