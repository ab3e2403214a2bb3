/** @file Every model on its way here: one at a time, the others wait; paused, called off, and gone on with after a restart. */
import { asFault, Fault } from '../../../shared/faults.ts';
import { PROGRESS_EVERY_MS } from '../../../shared/limits.ts';
import { PULL_KEPT_EVERY_MS, PULL_LET_GO_MS } from '../../../shared/model-limits.ts';
import { canonicalModelName, shortModelName } from '../../../shared/model-names.ts';
import type { Pull } from '../../../shared/models.ts';
import type { Clock, Log, Model, Store } from '../ports.ts';
import { knownModel } from './known-models.ts';
import { newJob, type PullJob, setState } from './pull-job.ts';
import { keepPulls, keptPulls } from './pull-record.ts';
import { runImport } from './run-import.ts';
import { runPull } from './run-pull.ts';
import type { Registry } from './shelf.ts';

export type PullsPorts = {
  model: Model;
  registry: Registry | undefined;
  store: Pick<Store, 'value' | 'setValue'>;
  clock: Clock;
  log: Log;
  /** The list of what is under way changed; some four times a second while something comes. */
  told(pulls: Pull[]): void;
  /** A model has come. */
  came(pull: Pull): void;
};

export type Pulls = {
  now(): Pull[];
  /** Begins it, or goes on with it; one that is under way is left alone. */
  pull(model: string): void;
  /** Begins to lay in a file of the person's; rejects where it is none that can be used. */
  importFile(path: string): Promise<void>;
  pause(model: string): void;
  cancel(model: string): Promise<void>;
  /** Goes on with what the last run left. */
  begin(): void;
  /** Another model server may be there now: what waits is looked at. */
  stir(): void;
  close(): Promise<void>;
};

const unknown = () => new Fault('not-found', 'That download is not under way; nothing was changed.');

type Lane = { jobs: PullJob[]; running: { job: PullJob; stop: AbortController; ended: Promise<void> } | undefined; closed: boolean };

export function createPulls(ports: PullsPorts): Pulls {
  const { store, clock, log } = ports;
  const lane: Lane = { jobs: [], running: undefined, closed: false };
  const teller = createTeller(ports, () => lane.jobs.map(({ view }) => view));
  const keep = () => keepPulls(store, lane.jobs);
  const find = (model: string) => lane.jobs.find(({ view }) => canonicalModelName(view.model) === canonicalModelName(model));
  const changed = () => {
    keep();
    teller.now();
  };

  const run = async (job: PullJob, stop: AbortController) => {
    let keptAt = clock.now();
    const told = () => {
      if (clock.now() - keptAt >= PULL_KEPT_EVERY_MS) {
        keptAt = clock.now();
        keep();
      }
      teller.soon();
    };
    try {
      const world = { ...ports, told, rested: keep };
      await (job.path === undefined ? runPull(world, job, stop.signal) : runImport(world, job, job.path, stop.signal));
      setState(job, 'done', `${job.view.label} is here.`);
      log.info('pull-done', { model: job.view.model, bytes: job.view.doneBytes });
      changed();
      lane.jobs = lane.jobs.filter((other) => other !== job);
      ports.came(job.view);
    } catch (error) {
      if (stop.signal.aborted) return;
      const fault = asFault(error);
      log.warn('pull-failed', { model: job.view.model, code: fault.code, detail: fault.detail, cause: fault.cause });
      setState(job, 'failed', fault.message, fault.toWire());
    }
  };
  const next = () => {
    // Without a server that keeps models, as before Ollama is installed, they wait.
    if (lane.running || lane.closed || !ports.model.shelf) return;
    const job = lane.jobs.find(({ view }) => view.state === 'waiting');
    if (!job) return;
    const stop = new AbortController();
    const ended = run(job, stop).finally(() => {
      lane.running = undefined;
      if (lane.closed) return;
      changed();
      next();
    });
    lane.running = { job, stop, ended };
  };
  /** Lets go of it; resolves when the server has been told. */
  const halt = async (job: PullJob) => {
    if (lane.running?.job !== job) return;
    const { stop, ended } = lane.running;
    stop.abort(new Fault('cancelled', 'The download was stopped; what has come is kept.'));
    await ended;
  };
  const enqueue = (job: PullJob) => {
    setState(job, 'waiting', 'It waits for another download.');
    if (!lane.jobs.includes(job)) lane.jobs.push(job);
    changed();
    next();
  };

  return {
    now: () => lane.jobs.map(({ view }) => view),
    pull(model) {
      const job = find(model);
      if (job && job.view.state !== 'paused' && job.view.state !== 'failed') return;
      enqueue(job ?? newJob(model, 'pull', knownModel(model)?.label ?? shortModelName(model)));
    },
    async importFile(path) {
      const files = ports.model.shelf?.files();
      if (!files)
        throw new Fault(
          'bad-request',
          'Models of this server are not ours to add to; nothing was changed, so add the file with its own tools.',
        );
      const { name, label, bytes } = await files.inspect(path);
      const job = find(name);
      if (job && job.view.state !== 'failed') return;
      if (job) lane.jobs.splice(lane.jobs.indexOf(job), 1);
      const fresh = newJob(name, 'import', label);
      fresh.path = path;
      fresh.expectedBytes = bytes;
      enqueue(fresh);
    },
    pause(model) {
      const job = find(model);
      if (!job) throw unknown();
      void halt(job);
      setState(job, 'paused', 'It is paused; what has come is kept.');
      changed();
    },
    async cancel(model) {
      const job = find(model);
      if (!job) throw unknown();
      lane.jobs = lane.jobs.filter((other) => other !== job);
      await halt(job);
      // The server writes down how far it was before it lets go of its files.
      await new Promise<void>((resolve) => clock.after(PULL_LET_GO_MS, resolve));
      const removed = job.view.kind === 'pull' ? await ports.model.shelf?.files()?.discard([...job.layers.keys()]) : undefined;
      log.info('pull-cancelled', { model, removed });
      changed();
      next();
    },
    begin() {
      for (const { job, paused } of keptPulls(store)) {
        if (find(job.view.model)) continue;
        if (paused) setState(job, 'paused', 'It was paused; what has come is kept.');
        lane.jobs.push(job);
      }
      if (lane.jobs.length > 0) teller.now();
      next();
    },
    stir: next,
    async close() {
      if (lane.closed) return;
      lane.closed = true;
      teller.close();
      keep();
      if (lane.running) await halt(lane.running.job);
    },
  };
}

/** Tells at once or, while something comes, a few times a second. */
function createTeller({ clock, told }: Pick<PullsPorts, 'clock' | 'told'>, list: () => Pull[]) {
  let cancel: (() => void) | undefined;
  const now = () => {
    cancel?.();
    cancel = undefined;
    told(list());
  };
  return {
    now,
    soon() {
      cancel ??= clock.after(PROGRESS_EVERY_MS, now);
    },
    close: () => cancel?.(),
  };
}
