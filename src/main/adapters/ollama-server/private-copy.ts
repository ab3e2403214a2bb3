/** @file The binary under a name of its own, in a folder of ours: what ends every "ollama" on a machine does not end this one. */
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { FoundBinary } from './find-binary.ts';

/** Ollama's own desktop program and installer end processes by the name "ollama" (docs/decisions/own-ollama.md). */
const NAME = 'persona-ollama';

const isSame = (one: Stats, other: Stats): boolean =>
  one.size === other.size && (one.ino === other.ino || Math.abs(one.mtimeMs - other.mtimeMs) < 1);

/** A second name for the same file costs no room; where the system forbids one it is copied. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    // Another disk, or a file of another owner.
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    const { atime, mtime } = statSync(from);
    utimesSync(to, atime, mtime);
  }
}

/**
 * Lays `bin/persona-ollama` and `lib/ollama` into a folder of ours; the second leads to the libraries where they lie. Nothing is
 * written beside the binary that was found. Answers the program to start. Throws the system's error where the folder cannot be written.
 */
export function layPrivateCopy({ path, libraries }: FoundBinary, folder: string, platform: NodeJS.Platform): string {
  const program = platform === 'win32' ? join(folder, `${NAME}.exe`) : join(folder, 'bin', NAME);
  mkdirSync(dirname(program), { recursive: true, mode: 0o700 });
  const there = statSync(program, { throwIfNoEntry: false });
  if (there === undefined || !isSame(there, statSync(path))) {
    rmSync(program, { force: true });
    linkOrCopy(path, program);
  }
  const link = join(folder, 'lib', 'ollama');
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(link);
  if (libraries !== undefined) {
    mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
    symlinkSync(libraries, link, 'junction');
  }
  return realpathSync(program);
}
