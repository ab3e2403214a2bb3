/** @file Whether our own Ollama runs: starts it, asks after it, starts it again, and gives up in words. Knows no process; only its ports do. */
import {
  PROBE_EVERY_MS,
  PROBE_TIMEOUT_MS,
  SERVER_FIRST_PROBE_MS,
  SERVER_GRACE_MS,
  SERVER_HEALTHY_MS,
  SERVER_HUNG_MS,
  SERVER_RESTART_MS,
  SERVER_SILENT_MS,
  SERVER_SILENT_PROBE_MS,
  SERVER_SLEPT_MS,
  SERVER_START_MS,
  SERVER_STARTS,
  SERVER_STARTS_WITHIN_MS,
  SERVER_STOP_MS,
} from '../../../shared/limits.ts';
import type { Run } from './server-process.ts';
import type { ServerState, Supervision, Supervisor, SupervisorPorts } from './supervision.ts';

/** Everything that is known of the server's life. */
type Life = SupervisorPorts & {
  status: Supervision;
  listeners: Set<(status: Supervision) => void>;
  /** Goes up with everything that makes earlier events those of another run. */
  turn: number;
  timers: Set<() => void>;
  run: Run | undefined;
  /** Why the present run is being ended by us. */
  ending: string | undefined;
  /** Over when the run that was stopped has gone. */
  stopping: Promise<void>;
  url: string;
  version: string;
  readyAt: number;
  heardAt: number;
  /** Times of starts within SERVER_STARTS_WITHIN_MS, and how many restarts there were since it was last healthy for long. */
  starts: number[];
  restarts: number;
};

const seconds = (ms: number): number => Math.round(ms / 1_000);

function set(life: Life, state: ServerState, reason: string): void {
  const listening = state === 'ready' || state === 'degraded';
  const next = { state, reason, ...(listening ? { url: life.url, version: life.version } : {}) };
  if (JSON.stringify(next) === JSON.stringify(life.status)) return;
  if (state !== life.status.state) life.log.info('server-state', { state, reason });
  life.status = next;
  for (const listener of life.listeners) listener(next);
}

/** A timer of the present run; `late` is by how much it came too late. */
function after(life: Life, ms: number, action: (late: number) => void): void {
  const due = life.clock.now() + ms;
  const cancel = life.clock.after(ms, () => {
    life.timers.delete(cancel);
    action(life.clock.now() - due);
  });
  life.timers.add(cancel);
}

function clearTimers(life: Life): void {
  for (const cancel of life.timers) cancel();
  life.timers.clear();
}

/** From here on nothing of before counts. */
function turnOver(life: Life): number {
  clearTimers(life);
  life.turn += 1;
  return life.turn;
}

async function begin(life: Life, why: string): Promise<void> {
  const turn = turnOver(life);
  set(life, 'starting', why);
  await life.stopping;
  if (turn !== life.turn) return;
  const obstacle = await life.prepare();
  if (turn !== life.turn) return;
  if (obstacle) set(life, obstacle.state, obstacle.reason);
  else launch(life, turn);
}

function launch(life: Life, turn: number): void {
  life.starts.push(life.clock.now());
  life.run = life.spawn({
    onListening(url, version) {
      if (turn !== life.turn || life.ending !== undefined) return;
      Object.assign(life, { url, version });
      void awaitFirstAnswer(life, turn);
    },
    onEnded(words) {
      if (turn === life.turn) ended(life, words);
    },
  });
  const patience = 'Our own Ollama takes its time to start; the first time it looks for graphics cards, and that can take a minute or two.';
  after(life, SERVER_GRACE_MS, () => set(life, 'starting', patience));
  giveUpLater(life);
}

/** A machine that slept gets the whole time once more. */
function giveUpLater(life: Life): void {
  after(life, SERVER_START_MS, (late) => {
    if (late > SERVER_SLEPT_MS) giveUpLater(life);
    else end(life, `it did not answer within ${seconds(SERVER_START_MS)} seconds`);
  });
}

async function awaitFirstAnswer(life: Life, turn: number): Promise<void> {
  const answers = await life.probe(life.url);
  if (turn !== life.turn || life.ending !== undefined) return;
  if (!answers) return after(life, SERVER_FIRST_PROBE_MS, () => void awaitFirstAnswer(life, turn));
  clearTimers(life);
  const now = life.clock.now();
  Object.assign(life, { readyAt: now, heardAt: now });
  report(life);
  after(life, PROBE_EVERY_MS, (late) => void look(life, turn, late));
}

/** What is true of a server that has just been heard. */
function report(life: Life): void {
  const flaw = life.flaw(life.version);
  if (flaw === undefined) set(life, 'ready', `Our own Ollama ${life.version} answers.`);
  else set(life, 'degraded', flaw);
}

async function look(life: Life, turn: number, late: number): Promise<void> {
  const asked = life.clock.now();
  if (late > SERVER_SLEPT_MS) life.heardAt = asked;
  const answers = await life.probe(life.url);
  if (turn !== life.turn) return;
  const now = life.clock.now();
  // An answer that took far longer than it may was waited for by a machine that slept.
  const slept = now - asked > PROBE_TIMEOUT_MS + SERVER_SLEPT_MS;
  if (answers || slept || now < life.heardAt) life.heardAt = now;
  if (now - life.readyAt >= SERVER_HEALTHY_MS) Object.assign(life, { starts: [], restarts: 0 });
  const silent = now - life.heardAt;
  if (silent >= SERVER_HUNG_MS) return end(life, `it said nothing for ${seconds(silent)} seconds`);
  if (silent >= SERVER_SILENT_MS) set(life, 'degraded', `Our own Ollama has said nothing for ${seconds(silent)} seconds.`);
  else if (answers) report(life);
  after(life, answers ? PROBE_EVERY_MS : SERVER_SILENT_PROBE_MS, (lateAgain) => void look(life, turn, lateAgain));
}

/** Ends a run that is of no use; what follows is the same as when it ends by itself. */
function end(life: Life, words: string): void {
  clearTimers(life);
  life.ending = words;
  set(life, 'starting', `Our own Ollama is ended, for ${words}.`);
  life.run?.kill();
  // A process that even the system cannot end must not keep us from trying again.
  after(life, SERVER_STOP_MS, () => ended(life, words));
}

function ended(life: Life, how: string): void {
  const words = life.ending ?? how;
  turnOver(life);
  Object.assign(life, { run: undefined, ending: undefined });
  const now = life.clock.now();
  life.starts = life.starts.filter((at) => Math.abs(now - at) < SERVER_STARTS_WITHIN_MS);
  life.log.warn('server-ended', { words, starts: life.starts.length });
  if (life.starts.length >= SERVER_STARTS) giveUp(life, words);
  else startLater(life, words);
}

function startLater(life: Life, words: string): void {
  const pause = SERVER_RESTART_MS[Math.min(life.restarts, SERVER_RESTART_MS.length - 1)] ?? 0;
  life.restarts += 1;
  const again = `Our own Ollama is started again, for ${words}.`;
  set(life, 'starting', again);
  after(life, pause, () => void begin(life, again));
}

function giveUp(life: Life, words: string): void {
  const often = `${SERVER_STARTS} times within ${SERVER_STARTS_WITHIN_MS / 60_000} minutes`;
  const remedy = 'Everything written is kept; try again, or look at its log.';
  set(life, 'failed', `Our own Ollama was started ${often} and did not stay: ${words}. ${remedy}`);
}

async function stop(life: Life, reason: string): Promise<void> {
  turnOver(life);
  const { run } = life;
  Object.assign(life, { run: undefined, ending: undefined });
  set(life, 'stopped', reason);
  if (run) life.stopping = run.stop();
  await life.stopping;
}

const startable = new Set<ServerState>(['absent', 'installing', 'stopped', 'failed']);

/** Starts nothing before `start`. */
export function createSupervisor(ports: SupervisorPorts): Supervisor {
  const life: Life = {
    ...ports,
    status: { state: 'stopped', reason: 'Our own Ollama has not been started yet.' },
    listeners: new Set(),
    turn: 0,
    timers: new Set(),
    run: undefined,
    ending: undefined,
    stopping: Promise.resolve(),
    url: '',
    version: '',
    readyAt: 0,
    heardAt: 0,
    starts: [],
    restarts: 0,
  };
  return {
    status: () => life.status,
    listen(listener) {
      life.listeners.add(listener);
      return () => void life.listeners.delete(listener);
    },
    start() {
      if (!startable.has(life.status.state)) return;
      Object.assign(life, { starts: [], restarts: 0 });
      void begin(life, 'Our own Ollama is being started.');
    },
    stop: (reason = 'Our own Ollama is stopped.') => stop(life, reason),
    installing(reason) {
      if (life.status.state === 'absent' || life.status.state === 'installing') set(life, 'installing', reason);
    },
    heard() {
      life.heardAt = life.clock.now();
    },
  };
}
