/** @file Electron: where its binary is, and the one try to get it where it is not. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, CACHE, readJson } from './project.mjs';
import { run, tail } from './run.mjs';

const TRY_MS = 20_000;
/** A failed try is not made again for a day, so that the next start is quick. */
const REMEMBER_MS = 24 * 60 * 60 * 1000;
const MEMORY = join(CACHE, 'electron-try.json');
const PACKAGE = at('node_modules', 'electron');

/** The binary's path where it is there. Asking the package itself would start its download. */
export function findElectron() {
  const named = join(PACKAGE, 'path.txt');
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : undefined;
  const elsewhere = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = elsewhere ? join(elsewhere, name ?? 'electron') : name && join(PACKAGE, 'dist', name);
  return path && existsSync(path) ? path : undefined;
}

/** Why Electron is not even looked for, in words; undefined where it is. */
export function whyNoElectron() {
  return process.env.PERSONA_NO_ELECTRON === '1' ? 'PERSONA_NO_ELECTRON is set' : undefined;
}

/** Version of the package and the last failed try of today, if there was one. */
export function rememberedTry() {
  if (!existsSync(MEMORY)) return undefined;
  try {
    const last = readJson(MEMORY);
    const isFresh = last.version === electronVersion() && Date.now() - last.at < REMEMBER_MS && Date.now() >= last.at;
    return isFresh ? last : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The binary, downloaded if need be; undefined, with one line that says why, where it cannot be had. */
export async function obtainElectron(say) {
  const refused = whyNoElectron();
  if (refused) return giveUp(say, refused);
  const found = findElectron();
  if (found) return found;
  const last = rememberedTry();
  if (last) return giveUp(say, `${last.reason} (tried today; remove .cache/electron-try.json to try again)`);
  say(`Window: trying to get Electron ${electronVersion()}, ${TRY_MS / 1000} s at most …`);
  const { code, output, timedOut } = await run(process.execPath, [join(PACKAGE, 'install.js')], { limitMs: TRY_MS });
  const path = code === 0 ? findElectron() : undefined;
  if (path) {
    rmSync(MEMORY, { force: true });
    return path;
  }
  const reason = timedOut ? `its download took longer than ${TRY_MS / 1000} s` : why(output);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(MEMORY, JSON.stringify({ version: electronVersion(), at: Date.now(), reason }));
  return giveUp(say, reason);
}

function giveUp(say, reason) {
  say(`Window: a browser instead of Electron, since ${reason}.`);
  return undefined;
}

/** A reason in words, from the output of Electron's own download. */
function why(output) {
  if (/fetch failed|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH/.test(output)) return 'the server that keeps it cannot be reached';
  const line = tail(output, 60)
    .split('\n')
    .find((candidate) => /error/i.test(candidate));
  return `its download failed${line ? ` (${line.trim().slice(0, 160)})` : ''}`;
}

export function electronVersion() {
  return readJson(join(PACKAGE, 'package.json')).version;
}
