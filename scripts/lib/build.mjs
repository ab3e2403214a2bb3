/** @file The built program in out/: whether it is that of today's sources, and the building of it in one step. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { demandEngineNode } from './node.mjs';
import { at, CACHE, HEADLESS, OUT, ROOT } from './project.mjs';
import { run, tail } from './run.mjs';
import { duration, plainError } from './words.mjs';

/** Everything that ends up in out/ or says how. */
const SOURCES = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'scripts/classic-page.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
/** Large, not in git, and copied into no build. */
const FETCHED = 'resources/ollama/';
const STAMP = join(OUT, 'sources.sha256');

/** Whether out/ was built from exactly these sources; what they hold counts, not their dates, so that a fresh clone or a copy does not confuse it. */
export function isBuilt() {
  return existsSync(HEADLESS) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourcesHash();
}

/** Builds where out/ is missing or of other sources. Throws with a sentence where it fails; out/ is then as it was. */
export async function ensureBuilt(say) {
  if (isBuilt()) return false;
  return withLock(
    'build',
    () => build(say),
    () => say('Program: another start is building it; waiting for it …'),
  );
}

async function build(say) {
  if (isBuilt()) return false;
  const node = demandEngineNode();
  say('Program: building it from the sources …');
  const begun = Date.now();
  const hash = sourcesHash();
  sweep();
  const fresh = join(CACHE, `build-${process.pid}`);
  const program = at('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { code, output } = await run(node, [program, 'build', '--outDir', fresh]);
  if (code !== 0) throw plainError(`The program could not be built, so nothing was started:\n${tail(output, 40)}`);
  writeFileSync(join(fresh, 'sources.sha256'), hash);
  swap(fresh);
  say(`Program: built in ${duration(Date.now() - begun)}.`);
  return true;
}

/** Nobody ever sees half a program: two renames put the whole new one in the place of the old one. */
function swap(fresh) {
  const old = join(CACHE, `old-${process.pid}`);
  if (existsSync(OUT)) renameSync(OUT, old);
  renameSync(fresh, OUT);
  rmSync(old, { recursive: true, force: true });
}

/** Removes what builds that were cut short left behind; called only while no other build runs. */
function sweep() {
  for (const name of readdirSync(CACHE)) {
    if (/^(build|old)-\d+$/.test(name)) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesUnder(name))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(name) {
  const path = at(name);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [name];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.startsWith(FETCHED))
    .sort();
}
