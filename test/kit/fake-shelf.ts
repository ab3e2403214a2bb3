/** @file A model server that keeps models in memory: what it has, how its downloads go, and what its disk says are a test's to decide. */
import type { ModelFiles, PullProgress, ShelfModel } from '../../src/main/engine/models/shelf.ts';
import type { Model } from '../../src/main/engine/ports.ts';
import { Fault } from '../../src/shared/faults.ts';
import { canonicalModelName, isSameModel } from '../../src/shared/model-names.ts';
import { createFakeModel, type FakeModel } from './fake-model.ts';

export const MB = 1_000_000;

export function shelfModel(name: string, part: Partial<ShelfModel> = {}): ShelfModel {
  const label = name.replace(/:.*/, '');
  const plain = {
    contextTokens: 32_768,
    thinking: false,
    family: 'llama',
    sizeBytes: 1_000 * MB,
    parameterSize: '1B',
    quantisation: 'Q4_K_M',
  };
  return { name, label, ...plain, converses: true, starter: false, capabilities: ['completion'], contextBytesPerToken: 32_768, ...part };
}

export const starter = shelfModel('persona/smollm2:135m', {
  label: 'SmolLM2 135M',
  starter: true,
  sizeBytes: 98 * MB,
  contextTokens: 8_192,
});

/** One request for a download: the steps it tells, and how it ends. */
export type PullScript = (name: string, signal: AbortSignal) => AsyncIterable<PullProgress>;

export type FakeShelf = {
  model: FakeModel & Model;
  models: ShelfModel[];
  place: 'ours' | 'here' | 'elsewhere';
  freeBytes: number;
  /** Every request for a download, oldest first. */
  asked: string[];
  discarded: string[][];
  mended: number;
  preferred(): string | undefined;
  /** How the next requests go; the last one holds for all that follow. */
  pulls: PullScript[];
};

export const step = (digest: string, doneBytes: number, totalBytes: number): PullProgress => ({
  status: `pulling ${digest}`,
  doneBytes,
  totalBytes,
  layer: { digest, doneBytes, totalBytes },
});

export const failing = (words: string, code: Fault['code'] = 'download-failed'): Fault =>
  new Fault(code, 'It could not be fetched; what has come is kept, so try again.', { detail: words });

/** A download that goes well at once. */
export const whole = (bytes: number): PullScript =>
  async function* () {
    yield { status: 'pulling manifest', doneBytes: 0 };
    yield step('sha256:a', bytes, bytes);
    yield { status: 'success', doneBytes: bytes, totalBytes: bytes };
  };

/** One that never ends by itself. */
export const endless: PullScript = async function* (_name, signal) {
  yield step('sha256:a', 10 * MB, 100 * MB);
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(failing('', 'cancelled')), { once: true }));
};

/** The first of `models` answers where nobody prefers another. */
export function createFakeShelf(models: ShelfModel[]): FakeShelf {
  const inner = createFakeModel();
  let preferred: string | undefined;
  const find = (name: string) => shelf.models.find((one) => isSameModel(one.name, name));
  const answering = () => (preferred === undefined ? undefined : find(preferred)) ?? shelf.models[0];
  const files: ModelFiles = {
    folder: () => '~/models',
    space: async () => ({
      freeBytes: shelf.freeBytes,
      totalBytes: 500_000 * MB,
      modelsBytes: shelf.models.reduce((sum, one) => sum + (one.sizeBytes ?? 0), 0),
    }),
    freedBy: async (name) => (find(name)?.sizeBytes ?? 0) - 1,
    has: () => false,
    mendUnfinished: async () => ++shelf.mended,
    discard: async (digests) => {
      shelf.discarded.push([...digests]);
      return 0;
    },
    inspect: async (path) => ({ name: `persona/${path.slice(1)}:latest`, label: path.slice(1), bytes: 3 * MB }),
    place: async (_path, name, onProgress) => {
      onProgress(3 * MB);
      shelf.models.push(shelfModel(name));
    },
  };
  async function* pull(name: string, signal: AbortSignal): AsyncGenerator<PullProgress> {
    shelf.asked.push(name);
    const script = shelf.pulls.length > 1 ? shelf.pulls.shift() : shelf.pulls[0];
    let last = '';
    for await (const one of (script ?? endless)(name, signal)) {
      last = one.status;
      yield { ...one, model: name };
    }
    if (last === 'success' && !find(name)) shelf.models.push(shelfModel(name));
  }
  const model: FakeShelf['model'] = {
    ...inner,
    defaultModel: () => answering()?.name ?? 'none',
    describe: async (name) => {
      const found = find(name);
      if (!found) throw new Fault('model-missing', 'It is not here; nothing was changed.');
      return found;
    },
    pull,
    remove: async (name) => {
      shelf.models = shelf.models.filter((one) => canonicalModelName(one.name) !== canonicalModelName(name));
    },
    prefer: (name) => {
      preferred = name;
    },
    shelf: {
      place: () => shelf.place,
      files: () => (shelf.place === 'ours' ? files : undefined),
      inventory: async () => shelf.models,
      details: async () => ({ licence: 'MIT License' }),
    },
  };
  const shelf: FakeShelf = {
    model,
    models,
    place: 'ours',
    freeBytes: 100_000 * MB,
    asked: [],
    discarded: [],
    mended: 0,
    preferred: () => preferred,
    pulls: [endless],
  };
  return shelf;
}
