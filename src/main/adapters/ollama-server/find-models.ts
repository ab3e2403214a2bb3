/** @file Models folders: how many models one holds, and which ones the person has already. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { SERVER_MANIFESTS } from '../../../shared/limits.ts';
import type { Environment } from './environment.ts';

export type ModelsFolder = { folder: string; models: number };

/** `manifests/<host>/<namespace>/<model>/<tag>`. */
const DEPTH = 4;

/** The names of a store's models, as `<host>/<namespace>/<model>:<tag>`; empty where it is none or cannot be read. */
export function modelsIn(folder: string): string[] {
  const found: string[] = [];
  const walk = (path: string, parts: string[]) => {
    for (const entry of entriesOf(path)) {
      if (found.length >= SERVER_MANIFESTS) return;
      const below = [...parts, entry.name];
      if (entry.isDirectory() && below.length < DEPTH) walk(join(path, entry.name), below);
      else if (entry.isFile() && below.length === DEPTH) found.push(`${below.slice(0, -1).join('/')}:${entry.name}`);
    }
  };
  walk(join(folder, 'manifests'), []);
  return found;
}

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  } catch {
    return []; // Not there or not for us to read: then there is nothing to offer.
  }
}

/** The person's own models, where Ollama keeps them: OLLAMA_MODELS, else ~/.ollama/models, else those of the system's service. Only looked at. */
export function findTheirModels(environment: Environment, home: string = homedir()): ModelsFolder | undefined {
  const said = environment['OLLAMA_MODELS'];
  const folders = [
    ...(said !== undefined && isAbsolute(said) ? [said] : []),
    join(home, '.ollama', 'models'),
    '/usr/share/ollama/.ollama/models',
    '/var/lib/ollama/.ollama/models',
  ];
  return folders.map((folder) => ({ folder, models: modelsIn(folder).length })).find(({ models }) => models > 0);
}
