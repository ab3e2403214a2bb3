/** @file What `npm run doctor` looks at on this machine: each finding is a sentence with what to do where something is missing. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { findBrowser, findProgram, hasDisplay } from './browser.mjs';
import { isBuilt } from './build.mjs';
import { dataFolderOf, holderOf } from './data-folder.mjs';
import { electronVersion, findElectron, rememberedTry, whyNoElectron } from './electron.mjs';
import { whyInstall } from './install.mjs';
import { versionOf } from './machine.mjs';
import { ENGINE_NODE_MISSING, engineNode } from './node.mjs';
import { npm } from './run.mjs';

/** Room for the starter model, its engine and the first conversations. */
const ROOM_BYTES = 500_000_000;

/** What is `missing` stands in the way of a conversation; a `note` is good to know. */
export const ok = (text) => ({ kind: 'ok', text });
export const note = (text) => ({ kind: 'note', text });
export const missing = (text) => ({ kind: 'missing', text });

export async function nodeFindings() {
  const node = engineNode();
  const { code, output } = await npm(['--version', '--loglevel=error']);
  return [
    ok(`Node ${process.versions.node} runs these scripts (${process.execPath}).`),
    node ? ok(`Node ${versionOf(node)?.slice(1)} runs the engine (${node}).`) : missing(ENGINE_NODE_MISSING),
    code === 0 ? ok(`npm ${output.trim()}.`) : missing('npm does not answer; it comes with Node.'),
  ];
}

export function checkoutFindings() {
  const why = whyInstall();
  if (why) return [missing(`The packages are not those of package-lock.json: ${why}. npm start installs them.`)];
  const built = isBuilt()
    ? ok('The program is built from these sources.')
    : note('The program is not built from these sources; npm start builds it.');
  return [ok('The packages are those of package-lock.json.'), built];
}

export function windowFindings() {
  const browser = findBrowser();
  const display = hasDisplay() ? ok('There is a display.') : note('There is no display: npm start prints the address of the page.');
  const window = browser
    ? ok(`A browser for the page's window: ${browser}.`)
    : note('No browser of Chromium’s family: the page opens in the default browser.');
  return [display, electronFinding(), window];
}

function electronFinding() {
  const found = findElectron();
  if (found) return ok(`Electron: ${found}.`);
  if (whyInstall()) return note('Electron comes with the packages.');
  const why = whyNoElectron() ?? rememberedTry()?.reason;
  return note(
    `Electron ${electronVersion()} is not here${why ? ` (${why})` : ''}: ${why ? 'the page opens in a browser' : 'npm start tries once to get it'}.`,
  );
}

export function testFindings() {
  const redis = findProgram('redis-server');
  return [redis ? ok(`redis-server for the tests: ${redis}.`) : note('No redis-server: tests that need one are skipped.')];
}

export function dataFindings(environment) {
  const folder = dataFolderOf(environment);
  const there = nearest(folder);
  const holder = holderOf(folder);
  const { bavail, bsize } = statfsSync(there);
  return [
    isWritable(there)
      ? ok(`The data folder is ${folder}${there === folder ? '' : ', which is made at the first start'}.`)
      : missing(`The data folder ${folder} cannot be written; choose another one with PERSONA_DATA_DIR.`),
    ...(bavail * bsize < ROOM_BYTES ? [note(`Only ${Math.floor((bavail * bsize) / 1_000_000)} MB are free on its disk.`)] : []),
    ...(holder
      ? [note(`It is in use by process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}; npm start opens the page of that one.`)]
      : []),
  ];
}

/** The folder, or the first one above it that is there. */
function nearest(folder) {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}
