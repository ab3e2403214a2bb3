/** @file A log file that is turned over when it grows: the newest lines and one file before them. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Largest log file in bytes: some weeks of ordinary use. */
const FILE_BYTES = 2 * 1024 * 1024;

/** Appends lines to `<folder>/<name>.log`, readable by its owner alone; a line that cannot be written is lost, the program goes on. */
export function createFileSink(folder: string, name: string): (line: string) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}.log`);
  let size = existsSync(file) ? statSync(file).size : 0;
  return (line) => {
    try {
      if (size > FILE_BYTES) {
        renameSync(file, join(folder, `${name}.1.log`));
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += line.length;
    } catch (error) {
      process.stderr.write(`{"event":"log-not-written","code":${JSON.stringify((error as NodeJS.ErrnoException).code ?? '')}}\n`);
    }
  };
}
