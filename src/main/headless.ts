/** @file Node entry: the same engine without a window, on this machine's own address. */
import './plain-checks.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import packageFile from '../../package.json' with { type: 'json' };
import { asFault, Fault } from '../shared/faults.ts';
import { FIRST_LOOK_EVERY_MS, FIRST_LOOKS_MS } from '../shared/limits.ts';
import { createJsonLog } from './adapters/log/json-log.ts';
import { createSystemClock } from './adapters/log/system-clock.ts';
import { readHolder } from './adapters/sqlite/folder.ts';
import { composeHouse, type House } from './compose.ts';
import { type Config, type ConfigProblem, problemWith, readConfig, withEnvFile } from './config.ts';
import { type StopStep, stopInOrder } from './shutdown.ts';

/** wire.md, Starting and stopping. */
const exitCodes = { configuration: 2, dataFolder: 3, portTaken: 4 } as const;

const clock = createSystemClock();
const toStderr = (line: string) => void process.stderr.write(line);

function leave(code: number, event: string, fields: Record<string, unknown>): never {
  createJsonLog('INFO', toStderr, clock.now).error(event, fields);
  process.exit(code);
}

function configuration(): Config {
  const read = readConfig(withEnvFile(process.env, process.cwd()));
  if ('problem' in read) leaveForWrong(read.problem);
  return read.config;
}

function leaveForWrong({ variable, sentence }: ConfigProblem): never {
  leave(exitCodes.configuration, 'configuration-wrong', { variable, message: sentence });
}

/** What the system says of a SERVICE_HOST that is no address of this machine, or a name that nobody knows. */
const isNoAddress = (error: unknown) =>
  error instanceof Error && 'code' in error && ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(String(error.code));

/** The steps stop once, whatever asks for it and however often. */
function stopOnSignals(steps: StopStep[], log: ReturnType<typeof createJsonLog>): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    void stopInOrder(steps, log).then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
}

/** Until the first look at each server that was named is over, so that /health knows them when the service says it is ready; not for long. */
async function firstLooks({ health }: House, { ollamaBaseUrl }: Config): Promise<void> {
  const until = clock.now() + FIRST_LOOKS_MS;
  const isLooking = () => {
    const { ollama, model, store: _, ...neighbours } = health().dependencies;
    const named = [...(ollamaBaseUrl === undefined ? [] : [ollama, model]), ...Object.values(neighbours)];
    return named.some(({ state }) => state === 'degraded');
  };
  while (isLooking() && clock.now() < until) await pause(FIRST_LOOK_EVERY_MS);
}

/** While it starts, memory counts for more than speed, and what it does not take then it does not hold at rest. Gives V8's own ways back. */
function spareMemory(): () => void {
  const set = (flags: readonly string[]) => {
    for (const flag of flags) setFlagsFromString(flag);
  };
  set(['--optimize-for-size', '--semi-space-growth-factor=1']);
  return () => set(['--no-optimize-for-size', '--semi-space-growth-factor=2']);
}

/** What the start left behind: V8 would clear it away in the middle of the first conversation, and hold its loop for up to 35 ms. */
function clearAway(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('globalThis.gc') as (() => void) | undefined)?.();
  setFlagsFromString('--no-expose-gc');
}

async function main(): Promise<void> {
  process.umask(0o077);
  const spareNoMore = spareMemory();
  const config = configuration();
  const log = createJsonLog(config.logLevel, toStderr, clock.now);
  process.on('unhandledRejection', (error) => log.error('unhandled-rejection', { cause: error }));
  const steps: StopStep[] = [];
  stopOnSignals(steps, log);

  const house = await composeHouse({ config, version: packageFile.version, log, clock, door: 'served' }).catch((error: unknown) => {
    const fault = asFault(error);
    const page = fault.code === 'store-in-use' ? readHolder(config.dataFolder)?.pageUrl : undefined;
    return leave(exitCodes.dataFolder, fault.code, { message: fault.message, ...(page ? { page: page.split('#')[0] } : {}), cause: error });
  });
  steps.push(...house.stopSteps);

  const { host, port } = config;
  const { door, error } = await house.door.begin(house);
  if (!door) {
    await stopInOrder(house.stopSteps, log);
    if (error instanceof Fault) return leave(exitCodes.dataFolder, error.code, { message: error.message, cause: error.cause });
    if (isNoAddress(error)) return leaveForWrong(problemWith('SERVICE_HOST', host));
    return leave(exitCodes.portTaken, 'port-taken', {
      message: `SERVICE_PORT ${port} on ${host} cannot be used; choose another, or 0 for any free one.`,
      cause: error,
    });
  }

  const pageUrl = `${door.url}/#token=${house.door.token()}`;
  house.announce({ url: door.url, pageUrl });
  spareNoMore();
  clearAway();
  await firstLooks(house, config);
  process.stdout.write(`${config.serviceName} ready on ${door.url}\npage ${pageUrl}\n`);
}

await main();
