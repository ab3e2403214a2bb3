/** @file What is kept of downloads, so that they go on after a restart of the program or of the machine. */
import { PULLS_KEPT } from '../../../shared/model-limits.ts';
import { pullRecordSchema } from '../../../shared/pull-record.ts';
import type { Store } from '../ports.ts';
import { newJob, type PullJob } from './pull-job.ts';

const KEY = 'pulls';

export function keepPulls(store: Pick<Store, 'setValue'>, jobs: readonly PullJob[]): void {
  const kept = jobs
    .filter(({ view }) => view.kind === 'pull' && view.state !== 'done')
    .slice(-PULLS_KEPT)
    .map(({ view, found, layers, expectedBytes }) => ({
      model: view.model,
      ...(found === undefined ? {} : { found }),
      label: view.label,
      paused: view.state === 'paused' || view.state === 'failed',
      expectedBytes,
      layers: [...layers].map(([digest, layer]) => ({ digest, ...layer })),
    }));
  store.setValue(KEY, JSON.stringify(kept));
}

/** The downloads of the last run, in their order; none where the record cannot be read. */
export function keptPulls(store: Pick<Store, 'value'>): { job: PullJob; paused: boolean }[] {
  const read = pullRecordSchema.safeParse(parsed(store.value(KEY)));
  if (!read.success) return [];
  return read.data.map(({ model, found, label, paused, expectedBytes, layers }) => {
    const job = newJob(model, 'pull', label);
    job.found = found;
    job.expectedBytes = expectedBytes;
    job.layers = new Map(layers.map(({ digest, ...layer }) => [digest, layer]));
    return { job, paused };
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
