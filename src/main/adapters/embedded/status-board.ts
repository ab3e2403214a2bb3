/** @file The state of the embedded engine, in words, and everyone who wants to hear of it. */

import type { Fault } from '../../../shared/faults.ts';
import { PROGRESS_EVERY_MS } from '../../../shared/limits.ts';
import type { ModelStatus, Progress } from '../../../shared/status.ts';
import type { Clock } from '../../engine/ports.ts';

type Identity = { model: string; label: string; starter: boolean };

/** The states and what each tells a person. */
export function createStatusBoard(clock: Clock, identity: Identity) {
  const listeners = new Set<(status: ModelStatus) => void>();
  let known: Identity & { contextTokens?: number } = identity;
  let current: ModelStatus = {
    ...identity,
    engine: 'embedded',
    state: 'absent',
    reason: 'The model is made ready when it is first needed.',
  };
  let progressAt = 0;

  const tell = () => {
    for (const listener of listeners) listener(current);
  };
  const set = (state: ModelStatus['state'], reason: string, more: Partial<Pick<ModelStatus, 'progress' | 'fault'>> = {}) => {
    current = { ...known, engine: 'embedded', state, reason, ...more };
    tell();
  };

  return {
    get: () => current,
    listen(listener: (status: ModelStatus) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    identify(more: Partial<Identity> & { contextTokens?: number }): void {
      const changed = JSON.stringify({ ...known, ...more }) !== JSON.stringify(known);
      known = { ...known, ...more };
      current = { ...current, ...more };
      if (changed) tell();
    },
    /** The first word of a fetch is told at once, later ones a few times a second. */
    fetching(progress: Progress): void {
      const news =
        current.state !== 'installing' || current.progress?.label !== progress.label || progress.doneBytes === progress.totalBytes;
      if (!news && clock.now() - progressAt < PROGRESS_EVERY_MS) return;
      progressAt = clock.now();
      set('installing', `${progress.label}; this happens only once.`, { progress });
    },
    loading: () => set('loading', 'The model is being loaded.'),
    ready: () => set('ready', 'The model is ready.'),
    stopped: (reason: string) => set('stopped', reason),
    failed: (fault: Fault) => set('failed', fault.message, { fault: fault.toWire() }),
  };
}
export type StatusBoard = ReturnType<typeof createStatusBoard>;
