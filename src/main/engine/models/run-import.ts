/** @file A model file of the person's, laid among the models: hashed with its progress told, and there when it is whole. */
import { Fault } from '../../../shared/faults.ts';
import type { Clock, Model } from '../ports.ts';
import { noteBytes, type PullJob, setState } from './pull-job.ts';

export type ImportWorld = { model: Pick<Model, 'shelf'>; clock: Clock; told(): void };

/** Rejects with the Fault that says why it cannot be used, or when the signal fires. */
export async function runImport({ model, clock, told }: ImportWorld, job: PullJob, path: string, signal: AbortSignal): Promise<void> {
  const files = model.shelf?.files();
  if (!files) throw new Fault('bad-request', 'The models’ folder cannot be reached at the moment; nothing was changed, so try again.');
  const progress = (doneBytes: number) => {
    job.layers.set(path, { doneBytes, totalBytes: job.expectedBytes });
    noteBytes(job, clock.now());
    setState(job, 'downloading', 'The file is being read and checked.');
    told();
  };
  progress(0);
  await files.place(path, job.view.model, progress, signal);
}
