/** @file Whose models folder our own Ollama uses: its own, or the person's, where they chose to share it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import type { RuntimeModels } from '../../../shared/runtime.ts';
import type { ModelChoice } from '../../../shared/status.ts';
import type { Environment } from './environment.ts';
import { findTheirModels } from './find-models.ts';

const choiceFile = (folder: string): string => join(folder, 'models-folder.txt');

/** The folder that the person chose to share, else our own. */
export function chosenModels(folder: string): string {
  try {
    const chosen = readFileSync(choiceFile(folder), 'utf8').trim();
    if (isAbsolute(chosen)) return chosen;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return join(folder, 'models');
}

/** Undefined goes back to our own. */
export function chooseModels(folder: string, chosen: string | undefined): void {
  if (chosen === undefined) rmSync(choiceFile(folder), { force: true });
  else writeFileSync(choiceFile(folder), chosen, { mode: 0o600 });
}

/** A folder as a person reads it: their home is `~`. */
export function shownFolder(folder: string, home: string = homedir()): string {
  return folder === home || folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder;
}

/** The person's own models, where they are not the ones in use. */
export function offerOf(inherited: Environment, inUse: string): ModelChoice['theirModels'] {
  const theirs = findTheirModels(inherited);
  if (!theirs || theirs.folder === inUse) return undefined;
  return { models: theirs.models, folder: shownFolder(theirs.folder) };
}

/** Whose models are used, and whose could be; the folders as a person reads them. */
export function modelsOf(folder: string, inherited: Environment): RuntimeModels {
  const inUse = chosenModels(folder);
  const theirs = findTheirModels(inherited);
  return {
    folder: shownFolder(inUse),
    shared: inUse !== join(folder, 'models'),
    ...(theirs ? { theirs: { folder: shownFolder(theirs.folder), models: theirs.models } } : {}),
  };
}
