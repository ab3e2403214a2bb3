/** @file The data folder, by the same rule as src/main/config.ts (a test compares the two), and who holds it. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { readJson } from './project.mjs';

export function dataFolderOf(environment) {
  const said = environment.PERSONA_DATA_DIR?.trim();
  return said ? resolve(said) : defaultDataFolder(environment);
}

export function defaultDataFolder(environment) {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Persona Engine');
  if (process.platform === 'win32') return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Persona Engine');
  const base = environment.XDG_DATA_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), '.local', 'share'), 'persona-engine');
}

/** What the process that uses the folder says of itself (`pid`, `url`, `pageUrl`); undefined where none lives. */
export function holderOf(folder) {
  const file = join(folder, 'running.json');
  try {
    const holder = existsSync(file) ? readJson(file) : undefined;
    return holder && isAlive(holder.pid) ? holder : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'EACCES'].includes(error.code)) return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
