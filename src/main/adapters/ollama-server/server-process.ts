/** @file One run of our own Ollama: started behind its warden, listened to, and ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { SERVER_ORPHAN_MS, SERVER_SETTLE_MS, SERVER_STOP_MS } from '../../../shared/limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { createLineCutter } from './log-ring.ts';
import type { ProcessTable } from './process-table.ts';
import { endByForce, endLeftover, type RunFile, type RunRecord } from './run-record.ts';

export type RunOptions = {
  /** The private copy of the binary. */
  program: string;
  /** llama-server, behind every link, where there is one. */
  runner: string | undefined;
  /** resources/warden.sh. */
  warden: string;
  /** Where it runs; a folder of ours, for Ollama also looks for its runner there. */
  folder: string;
  environment: Record<string, string>;
  nonce: string;
  platform: NodeJS.Platform;
  table: ProcessTable;
  file: RunFile;
  clock: Pick<Clock, 'after'>;
  log: Log;
};

export type RunEvents = {
  /** Never before `startRun` has returned, as with the others. */
  onListening(url: string, version: string): void;
  /** Everything it started has ended too. `words` say how, in its own last words where it had some. */
  onEnded(words: string): void;
  onLine(line: string): void;
};

export type Run = {
  /** Asks it to end, and ends the whole group by force where it does not. */
  stop(): Promise<void>;
  /** Ends the whole group by force. */
  kill(): void;
};

/** server/routes.go: the port that the system chose, and the version. */
const listening = /Listening on 127\.0\.0\.1:(\d+) \(version ([^)\s]+)\)/;
const wardenSays = /^persona-warden (server|ended) (\d+)$/;
/** How long a process that was ended by force may take to be gone before it is given up. */
const FORCED_MS = 2_000;
/** Its complaint stands among the last lines, before those of the warden. */
const NEWEST_LINES = 20;

/** Its standard output holds one line for each request, ours every few seconds among them, and is left alone. */
function launch({ program, warden, folder, environment, platform }: RunOptions): ChildProcess {
  const common = { cwd: folder, env: environment, windowsHide: true } as const;
  // On Windows the system ends the server with us (libuv's job); its runner is ended by taskkill.
  if (platform === 'win32') return spawn(program, ['serve'], { ...common, stdio: ['ignore', 'ignore', 'pipe'] });
  const times = [SERVER_SETTLE_MS, SERVER_ORPHAN_MS].map((ms) => String(ms / 1_000));
  return spawn('/bin/sh', [warden, ...times, program, 'serve'], { ...common, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
}

/** What the server said last, if it was about its end. */
function lastWords(lines: string[], status: string): string {
  const complaint = lines.findLast((line) => /^(Error|panic|fatal error|[^ ]*sh): /.test(line));
  return complaint === undefined ? `it ended with ${status}` : `it ended with ${status} and said "${complaint.slice(0, 200)}"`;
}

/** Writes down who runs, as far as it can be seen; asked again when the server has become what it is. */
function createRecorder({ nonce, program, runner, table, file }: RunOptions, child: ChildProcess) {
  const pids = child.pid === undefined ? [] : [child.pid];
  const record = (): RunRecord | undefined => {
    const seen = pids.map((pid) => table.look(pid)).filter((one) => one !== undefined && one.nonce === nonce);
    const processes = seen.flatMap((one) => (one ? [{ pid: one.pid, started: one.started, executable: one.executable }] : []));
    const executables = [program, ...(runner === undefined ? [] : [runner]), ...processes.map(({ executable }) => executable)];
    const group = child.pid;
    return group === undefined || processes.length === 0 ? undefined : { nonce, group, executables: [...new Set(executables)], processes };
  };
  const write = () => {
    const now = record();
    if (now) file.write(now);
  };
  return { write, add: (pid: number) => pids.push(pid) };
}

/** A group that has gone already needs no signal. */
function signalGroup(child: ChildProcess, platform: NodeJS.Platform, log: Log): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (platform === 'win32') {
    spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', (error) =>
      log.warn('server-not-ended', { cause: error }),
    );
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    log.debug('server-group-gone', { cause: error });
  }
}

/** Hears its lines; the newest are kept for its last words. */
function listen(child: ChildProcess, hear: (line: string) => void): string[] {
  const newest: string[] = [];
  const cutter = createLineCutter((line) => {
    newest.push(line);
    if (newest.length > NEWEST_LINES) newest.shift();
    hear(line);
  });
  child.stderr?.setEncoding('utf8').on('data', cutter.add).on('end', cutter.end);
  return newest;
}

/** Starts it. How it goes is told by the events; a process that cannot be started is one that ended. */
export function startRun(options: RunOptions, events: RunEvents): Run {
  const { clock, log, platform, file, nonce } = options;
  const child = launch(options);
  const recorder = createRecorder(options, child);
  const over = Promise.withResolvers<void>();
  const state = { status: '', ended: false };
  child.on('spawn', recorder.write);

  const lines = listen(child, (line) => {
    const [, what, number] = wardenSays.exec(line) ?? [];
    if (what === 'server') recorder.add(Number(number));
    if (what === 'ended') state.status = `status ${number}`;
    const [, port, version] = listening.exec(line) ?? [];
    if (port !== undefined && version !== undefined) {
      recorder.write();
      events.onListening(`http://127.0.0.1:${port}`, version);
    }
    if (what === undefined) events.onLine(line);
  });
  const end = (words: string) => {
    if (state.ended) return;
    state.ended = true;
    if (file.read()?.nonce === nonce) file.remove();
    over.resolve();
    events.onEnded(words);
  };
  child.on('error', (error) => {
    log.warn('server-process-error', { cause: error });
    if (child.pid === undefined) end(`it could not be started (${(error as NodeJS.ErrnoException).code ?? error.message})`);
  });
  child.on('exit', (code, signal) => {
    // Where somebody ended the warden alone, what it stood before is ended here.
    const record = state.status === '' ? file.read() : undefined;
    const left = record ? endLeftover(record, { table: options.table, end: endByForce, clock, log }) : Promise.resolve(0);
    const status = () => state.status || (code === null ? `signal ${signal}` : `status ${code}`);
    child.on('close', () => void left.then(() => end(lastWords(lines, status()))));
    clock.after(FORCED_MS, () => end(lastWords(lines, status())));
  });
  child.stdin?.on('error', (error) => log.debug('server-warden-gone', { cause: error }));

  const kill = () => signalGroup(child, platform, log);
  return {
    kill,
    async stop() {
      if (state.ended) return;
      if (platform === 'win32') kill();
      else child.stdin?.write('stop\n');
      const stopClock = clock.after(SERVER_STOP_MS, kill);
      await over.promise;
      stopClock();
    },
  };
}
