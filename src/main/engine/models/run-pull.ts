/** @file One download from its first question to its last layer: it rests, is cut, goes on, and ends well or with a reason. */
import { asFault, Fault } from '../../../shared/faults.ts';
import {
  DISK_MARGIN_BYTES,
  PULL_MISMATCHES,
  PULL_REST_MS,
  PULL_REST_SHARE,
  PULL_RETRY_MS,
  PULL_SETTLE_MS,
  PULL_TRIES,
} from '../../../shared/model-limits.ts';
import type { Clock, Log, Model } from '../ports.ts';
import { noteBytes, noteStep, type PullJob, setState } from './pull-job.ts';
import { remedyFor } from './pull-remedy.ts';
import type { PullProgress, Registry, RegistryEntry } from './shelf.ts';

export type PullWorld = {
  model: Pick<Model, 'pull' | 'shelf' | 'onStatus'>;
  registry: Registry | undefined;
  clock: Clock;
  log: Log;
  /** The job's view changed. */
  told(): void;
  /** The job came to rest at a place that it can go on from. */
  rested(): void;
};

const amount = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`);

const noRoom = (needed: number, free: number): Fault =>
  new Fault(
    'download-failed',
    `It needs ${amount(needed)} on the disk and ${amount(free)} are free; what has come is kept, so make room and go on.`,
    { detail: `no space left: needed ${needed} bytes with a margin of ${DISK_MARGIN_BYTES}, free ${free}` },
  );

/** Resolves when the model is there; rejects with the Fault that only a person can do something about, or when the signal fires. */
export async function runPull(world: PullWorld, job: PullJob, signal: AbortSignal): Promise<void> {
  await lookFirst(world, job, signal);
  const tries = { fruitless: 0, mismatches: 0, mended: false };
  for (;;) {
    const before = job.view.doneBytes;
    try {
      if (await pullOnce(world, job, signal)) return;
      world.rested();
      tries.fruitless = 0;
      await pause(world, PULL_SETTLE_MS, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (job.view.doneBytes > before) tries.fruitless = 0;
      await recover(world, job, asFault(error), tries, signal);
    }
  }
}

/** Asks the registry how large it is, and the disk whether that fits; who cannot be asked is no hindrance. */
async function lookFirst(world: PullWorld, job: PullJob, signal: AbortSignal): Promise<void> {
  setState(job, 'looking', 'Its size is being asked for.');
  world.told();
  try {
    const entry = await world.registry?.lookUp(job.found ?? job.view.model, signal);
    if (entry) takeEntry(world, job, entry);
  } catch (error) {
    signal.throwIfAborted();
    world.log.info('pull-not-looked-up', { model: job.view.model, code: asFault(error).code });
  }
  await checkRoom(world, job);
}

/** Layers that another model brought already are here, and need no room. */
function takeEntry({ model, clock }: PullWorld, job: PullJob, { bytes, layers }: RegistryEntry): void {
  job.expectedBytes = bytes;
  for (const { digest, bytes: size } of layers) {
    if (model.shelf?.files()?.has(digest)) job.layers.set(digest, { doneBytes: size, totalBytes: size });
  }
  noteBytes(job, clock.now());
}

/** Throws where what is still missing, and a margin, is more than the disk has; one that does not tell its room is no hindrance. */
async function checkRoom({ model, log }: PullWorld, job: PullJob): Promise<void> {
  const files = model.shelf?.files();
  const total = Math.max(job.expectedBytes, job.view.totalBytes ?? 0);
  if (!files || total === 0) return;
  const done = [...job.layers.values()].reduce((sum, layer) => sum + layer.doneBytes, 0);
  const freeBytes = await files.space().then(
    (space) => space.freeBytes,
    (cause: unknown) => {
      log.debug('models-room-unknown', { cause });
      return Number.POSITIVE_INFINITY;
    },
  );
  const needed = total - done + DISK_MARGIN_BYTES;
  if (needed <= freeBytes) return;
  log.info('pull-no-room', { model: job.view.model, needed, free: freeBytes });
  throw noRoom(needed, freeBytes);
}

/** One request. True when the model is there; false when it was ended to come to rest. */
async function pullOnce(world: PullWorld, job: PullJob, signal: AbortSignal): Promise<boolean> {
  const resting = new AbortController();
  const rest = createRest(world.clock);
  let roomFor = Math.max(job.expectedBytes, 0);
  let ended = false;
  for await (const step of world.model.pull(job.found ?? job.view.model, AbortSignal.any([signal, resting.signal]))) {
    signal.throwIfAborted();
    noteStep(job, step, world.clock.now());
    // A download that rested asks the library anew, which is nobody's news.
    if (job.view.state !== 'downloading' || step.status !== 'pulling manifest') setState(job, ...wordsOf(step));
    world.told();
    const total = job.view.totalBytes ?? 0;
    if (total > roomFor) {
      roomFor = total;
      await checkRoom(world, job);
    }
    ended = step.status === 'success';
    if (step.layer && rest.isDue(job)) return false;
  }
  if (!ended) throw new Fault('model-crashed', 'The download broke off; what has come is kept, and it is tried again.');
  return true;
}

function wordsOf({ status }: PullProgress): ['looking' | 'downloading' | 'checking', string] {
  if (/^verifying|^writing|^removing|^success/.test(status)) return ['checking', 'Everything is here; its hash is worked out.'];
  return status === 'pulling manifest' ? ['looking', 'The library is being asked.'] : ['downloading', 'It is being downloaded.'];
}

/** Whether it is time to let the server write down how far it is: after a share of the whole, not too often, and not near the end. */
function createRest(clock: Clock) {
  let mark: { bytes: number; at: number } | undefined;
  return {
    isDue({ view: { doneBytes, totalBytes } }: PullJob): boolean {
      if (totalBytes === undefined) return false;
      if (!mark || doneBytes < mark.bytes) mark = { bytes: doneBytes, at: clock.now() };
      const share = totalBytes * PULL_REST_SHARE;
      return doneBytes - mark.bytes >= share && clock.now() - mark.at >= PULL_REST_MS && totalBytes - doneBytes > share;
    },
  };
}

type Tries = { fruitless: number; mismatches: number; mended: boolean };

/** Throws the fault where nothing is to be done; else returns when it is time for the next request. */
async function recover(world: PullWorld, job: PullJob, fault: Fault, tries: Tries, signal: AbortSignal): Promise<void> {
  const { model, log } = world;
  const remedy = remedyFor(fault);
  log.info('pull-cut', { model: job.view.model, code: fault.code, detail: fault.detail, remedy, fruitless: tries.fruitless });
  world.rested();
  if (remedy === 'stop') throw fault;
  if (remedy === 'fetch-again') {
    tries.mismatches += 1;
    if (tries.mismatches > PULL_MISMATCHES) throw fault;
    setState(job, 'resting', 'A part arrived damaged; that part alone is fetched again.');
    world.told();
    return pause(world, PULL_SETTLE_MS, signal);
  }
  const files = model.shelf?.files();
  if (remedy === 'mend' && files && !tries.mended) {
    tries.mended = true;
    const mended = await files.mendUnfinished();
    log.warn('pull-mended', { model: job.view.model, removed: mended });
    return pause(world, PULL_SETTLE_MS, signal);
  }
  tries.fruitless += 1;
  if (tries.fruitless > PULL_TRIES) throw fault;
  await pauseBeforeTry(world, job, fault, tries.fruitless, signal);
}

/** Faults of a server that is not there at the moment. */
const gone: ReadonlySet<string> = new Set(['model-offline', 'model-crashed']);

async function pauseBeforeTry(world: PullWorld, job: PullJob, fault: Fault, fruitless: number, signal: AbortSignal): Promise<void> {
  const ms = PULL_RETRY_MS[Math.min(fruitless, PULL_RETRY_MS.length) - 1] ?? PULL_RETRY_MS[0];
  const seconds = Math.round(ms / 1000);
  setState(job, 'resting', `It broke off and goes on by itself in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`, fault.toWire());
  world.told();
  // A server that has come back is asked at once.
  const back = new AbortController();
  const off = world.model.onStatus(({ state }) => {
    if (gone.has(fault.code) && (state === 'ready' || state === 'absent')) back.abort();
  });
  try {
    await pause(world, ms, signal, back.signal);
  } finally {
    off();
  }
}

/** Ends early without an error when `wake` fires; rejects with the signal's reason. */
function pause({ clock }: Pick<PullWorld, 'clock'>, ms: number, signal: AbortSignal, wake?: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  wake?.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => {
    cancel();
    signal.removeEventListener('abort', stop);
  });
}
