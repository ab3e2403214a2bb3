/** @file Our own Ollama as one thing: what it needs is found and laid out, then it runs under its supervisor. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { type Environment, serverEnvironment } from './environment.ts';
import { type BinaryPlaces, type FoundBinary, findBinary, needsRunner, originWords } from './find-binary.ts';
import { createGraphicsWatch, type GraphicsWatch } from './graphics.ts';
import { createLogRing, type LogRing } from './log-ring.ts';
import { layPrivateCopy } from './private-copy.ts';
import { type ProcessTable, systemProcesses } from './process-table.ts';
import { createRunFile, endByForce, endLeftover, type RunFile } from './run-record.ts';
import { startRun } from './server-process.ts';
import type { Obstacle, Supervisor } from './supervision.ts';
import { createSupervisor } from './supervisor.ts';

export type OwnServerOptions = {
  places: BinaryPlaces;
  /** A folder of the data folder for everything it writes but models and log. */
  folder: string;
  /** resources/warden.sh. */
  warden: string;
  contextTokens: number;
  /** The environment of this program, of which it sees little. */
  inherited: Environment;
  /** Its models folder, asked at every start. */
  models(): string;
  /** Lays down what it should have from the start. Never rejects. */
  supply(models: string): Promise<void>;
  /** Whether an Ollama answers at an address within the time. */
  probe(url: string, timeoutMs: number): Promise<boolean>;
  /** Gets every line of its log. */
  logSink(line: string): void;
  clock: Pick<Clock, 'now' | 'after'>;
  log: Log;
};

export type OwnServer = {
  supervisor: Supervisor;
  /** Its newest log lines, oldest first. */
  log(): string[];
  graphics: GraphicsWatch['now'];
};

type Parts = OwnServerOptions & {
  table: ProcessTable;
  file: RunFile;
  ring: LogRing;
  graphics: GraphicsWatch;
  /** What the latest search found, and where its private copy lies. */
  ready: { found: FoundBinary; program: string } | undefined;
};

/** What a person is told where there is nothing to start. */
function notFound(named: boolean, passedOver: string[]): Obstacle {
  const why = passedOver.length > 0 ? `: ${passedOver.join('; ')}` : '';
  if (named)
    return {
      state: 'failed',
      reason: `Our own Ollama cannot be started${why}. Everything written is kept; correct OLLAMA_BIN, or unset it.`,
    };
  return { state: 'absent', reason: `There is no Ollama on this machine that could be started${why}.` };
}

async function prepare(parts: Parts): Promise<Obstacle | undefined> {
  const { folder, places, file, table, clock, log } = parts;
  try {
    for (const path of [folder, join(folder, 'home')]) mkdirSync(path, { recursive: true, mode: 0o700 });
    const left = file.read();
    if (left) await endLeftover(left, { table, end: endByForce, clock, log });
    file.remove();
    const { found, passedOver } = await findBinary(places);
    if (!found) return notFound(places.named !== undefined, passedOver);
    parts.ready = { found, program: layPrivateCopy(found, join(folder, 'run'), places.platform) };
    log.info('server-binary', { origin: found.origin, generation: found.runner === undefined ? 'up to 0.24' : '0.30 and later' });
    mkdirSync(parts.models(), { recursive: true, mode: 0o700 });
    await parts.supply(parts.models());
    return undefined;
  } catch (error) {
    log.error('server-not-prepared', { cause: error });
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return {
      state: 'failed',
      reason: `The folder of our own Ollama cannot be used (${code}); your conversations are kept: make room on the disk, check its rights, and try again.`,
    };
  }
}

function spawnRun(parts: Parts, events: Parameters<Parameters<typeof createSupervisor>[0]['spawn']>[0]) {
  const { ready, folder, warden, places, inherited, contextTokens, table, file, clock, log, ring, graphics } = parts;
  if (!ready) throw new Error('A run was begun before it was prepared.');
  const nonce = randomBytes(16).toString('hex');
  const { program, found } = ready;
  const settings = { home: join(folder, 'home'), models: parts.models(), contextTokens, nonce };
  const environment = serverEnvironment(inherited, settings);
  const runner = found.runner === undefined ? undefined : realpathSync(found.runner);
  const common = { program, runner, warden, folder, environment, nonce, platform: places.platform, table, file, clock, log };
  graphics.begin();
  const onLine = (line: string) => {
    graphics.hear(line);
    ring.add(line);
  };
  return startRun(common, { ...events, onLine });
}

/** A server that answers and has no runner lists its models and cannot load one. */
function flawOf(parts: Parts, version: string): string | undefined {
  const { runner } = parts.ready?.found ?? {};
  if (runner === undefined ? !needsRunner(version) : existsSync(runner)) return undefined;
  return `Our own Ollama ${version} has lost its runner (llama-server), so that no model can be loaded; install it again and try again.`;
}

/** Nothing is started before the supervisor is told to. */
export function createOwnServer(options: OwnServerOptions): OwnServer {
  const { folder, places, log, clock, probe } = options;
  const parts: Parts = {
    ...options,
    table: systemProcesses(places.platform),
    file: createRunFile(join(folder, 'running.json'), log),
    ring: createLogRing(options.logSink),
    graphics: createGraphicsWatch(),
    ready: undefined,
  };
  const supervisor = createSupervisor({
    clock,
    log,
    prepare: () => prepare(parts),
    spawn: (events) => spawnRun(parts, events),
    probe: (url) => probe(url, PROBE_TIMEOUT_MS),
    flaw: (version) => flawOf(parts, version),
  });
  return { supervisor, log: parts.ring.lines, graphics: parts.graphics.now };
}

/** Why a binary was taken, in one sentence. */
export const becauseOf = ({ origin }: FoundBinary): string => `Our own Ollama runs the binary ${originWords[origin]}.`;
