/** @file One model on its way here: what is told of it, and what is kept of it over a restart. */
import type { Pull } from '../../../shared/models.ts';
import type { PullProgress } from './shelf.ts';
import { createSpeed, type Speed } from './speed.ts';

export type PullJob = {
  /** What is told of it. */
  view: Pull;
  /** The name under which it comes, once that is known. */
  found: string | undefined;
  /** Layers that were told of, over every request. */
  layers: Map<string, { doneBytes: number; totalBytes: number }>;
  /** From the registry's own list; 0 where it was not asked. */
  expectedBytes: number;
  speed: Speed;
  /** A file of the person's, for an import. */
  path?: string;
};

export function newJob(model: string, kind: Pull['kind'], label: string): PullJob {
  const view: Pull = { model, kind, label, state: 'waiting', reason: 'It waits for another download.', doneBytes: 0 };
  return { view, found: undefined, layers: new Map(), expectedBytes: 0, speed: createSpeed() };
}

/** Takes a step of the server into the job; a layer may fall back, and a new request begins with what is there already. */
export function noteStep(job: PullJob, step: PullProgress, at: number): void {
  if (step.model !== undefined) job.found = step.model;
  if (!step.layer) return;
  const { digest, doneBytes, totalBytes } = step.layer;
  job.layers.set(digest, { doneBytes, totalBytes });
  noteBytes(job, at);
}

/** Works the whole out of its layers. */
export function noteBytes(job: PullJob, at: number): void {
  const all = [...job.layers.values()];
  const done = all.reduce((sum, layer) => sum + layer.doneBytes, 0);
  const total = Math.max(
    job.expectedBytes,
    all.reduce((sum, layer) => sum + layer.totalBytes, 0),
  );
  job.speed.note(done, at);
  const perSecond = job.speed.now(at);
  const { bytesPerSecond: _, secondsLeft: __, ...view } = job.view;
  job.view = {
    ...view,
    doneBytes: done,
    ...(total > 0 ? { totalBytes: total } : {}),
    ...(perSecond === undefined ? {} : { bytesPerSecond: Math.round(perSecond), secondsLeft: Math.ceil((total - done) / perSecond) }),
  };
}

/** A state with its sentence; a speed is told only while something comes. */
export function setState(job: PullJob, state: Pull['state'], reason: string, fault?: Pull['fault']): void {
  const { bytesPerSecond, secondsLeft, fault: _, ...view } = job.view;
  if (state !== 'downloading') job.speed.clear();
  const speed =
    state === 'downloading' && bytesPerSecond !== undefined
      ? { bytesPerSecond, ...(secondsLeft === undefined ? {} : { secondsLeft }) }
      : {};
  job.view = { ...view, ...speed, state, reason, ...(fault ? { fault } : {}) };
}
