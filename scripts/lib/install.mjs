/** @file The packages: whether they are those of package-lock.json, and the installing of what is missing. */
import { existsSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { at, readJson } from './project.mjs';
import { npm, tail } from './run.mjs';
import { duration, plainError } from './words.mjs';

/** Why the packages have to be installed, in words; undefined where all are there. */
export function whyInstall() {
  // npm writes this file last: where an install was cut short there is none.
  const written = at('node_modules', '.package-lock.json');
  if (!existsSync(written)) return 'they are not installed yet';
  return differenceOf(readJson(at('package-lock.json')).packages, readJson(written).packages);
}

/** The first difference between what a lock names and what npm says it has installed; undefined where there is none that matters. */
export function differenceOf(wanted, present) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/')) continue;
    const own = present[path];
    if (!own && !isLeftOut(entry)) return `${nameOf(path)} is missing`;
    if (own && own.version !== entry.version) return `${nameOf(path)} is another version than package-lock.json says`;
  }
  return undefined;
}

/** Packages for other platforms are in the lock and not on the disk. */
function isLeftOut(entry) {
  return entry.optional || entry.devOptional || entry.peer;
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/**
 * Installs what package-lock.json names if that is not what is there. No package of ours needs an install script, so none is run.
 * Throws with a sentence where it fails.
 */
export async function ensureInstalled(say) {
  if (!whyInstall()) return;
  await withLock('install', install.bind(undefined, say), () => say('Packages: another start is installing them; waiting for it …'));
}

async function install(say) {
  const why = whyInstall();
  if (!why) return;
  say(`Packages: ${why}; running npm ci once, which takes half a minute on a fast line …`);
  const begun = Date.now();
  const { code, output } = await npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
  if (code !== 0) throw plainError(`npm ci failed, so nothing was started; mend what it says and run the command again:\n${tail(output)}`);
  say(`Packages: installed in ${duration(Date.now() - begun)}.`);
}
