/** @file Sees to it that our own Ollama has a model from the start: the starter model, laid into its store where there is no other. */
import { asFault, Fault } from '../../../shared/faults.ts';
import type { Progress } from '../../../shared/status.ts';
import type { Log } from '../../engine/ports.ts';
import { modelsIn } from './find-models.ts';
import { isSideLoaded, nameOfFile, sideLoad } from './side-load.ts';

/** Where the starter model's file comes from; compose gives the one that the embedded engine uses too. */
export type StarterFile = {
  /** The file, where it is there already. */
  find(signal: AbortSignal): Promise<{ path: string; starter: boolean } | undefined>;
  /** The file, fetched where it is not there. */
  obtain(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<{ path: string; starter: boolean }>;
};

export type StarterSupply = {
  /** Lays down the file where it is there and no other model is; fetches nothing. Never rejects. */
  lay(models: string): Promise<void>;
  /** The same, and fetches it where it is not there. Answers whether there is something new. Throws Faults. */
  fetch(models: string, onProgress: (progress: Progress) => void): Promise<boolean>;
};

/** Its name in the store; the namespace keeps it apart from what a registry may have. */
const STARTER = 'persona/smollm2:135m';
const OURS = 'registry.ollama.ai/persona/';

const othersIn = (models: string): boolean => modelsIn(models).some((name) => !name.startsWith(OURS));

const notLaid = (cause: unknown): Fault =>
  new Fault(
    'model-loading-failed',
    'The starter model could not be laid into our Ollama’s folder; your conversations are kept: make room on the disk and try again.',
    {
      cause,
      detail: (cause as NodeJS.ErrnoException).code ?? '',
    },
  );

export function createStarterSupply({ file, log, signal }: { file: StarterFile; log: Log; signal: AbortSignal }): StarterSupply {
  const put = async (models: string, found: { path: string; starter: boolean }): Promise<boolean> => {
    const load = { path: found.path, models, name: found.starter ? STARTER : nameOfFile(found.path) };
    try {
      if (isSideLoaded(load)) return false;
      await sideLoad(load, signal);
    } catch (error) {
      throw error instanceof Fault ? error : notLaid(error);
    }
    log.info('starter-laid', { model: load.name });
    return true;
  };
  return {
    async lay(models) {
      if (othersIn(models)) return;
      try {
        const found = await file.find(signal);
        if (found) await put(models, found);
      } catch (error) {
        log.warn('starter-not-laid', { cause: error, reason: asFault(error).message });
      }
    },
    async fetch(models, onProgress) {
      if (othersIn(models)) return false;
      return put(models, await file.obtain(signal, onProgress));
    },
  };
}
