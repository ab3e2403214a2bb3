/** @file Where things lie in this checkout, and what its environment says. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';

// Written so that an old Node gets as far as the sentence that says it is too old.
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const at = (...parts) => join(ROOT, ...parts);
export const OUT = at('out');
/** Everything these scripts remember; git does not see it, and it may be removed at any time. */
export const CACHE = at('.cache');
export const HEADLESS = join(OUT, 'main', 'headless.js');

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The values of `.env` under those of the environment, as the engine reads them. */
export function settings() {
  const file = at('.env');
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile();
  return { ...(isThere ? util.parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) : {}), ...process.env };
}
