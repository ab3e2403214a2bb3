/** @file Electron entry: one window over the engine, one at a time for a data folder. */
import './plain-checks.ts';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { Fault } from '../shared/faults.ts';
import { createFileSink } from './adapters/log/file-sink.ts';
import { createJsonLog } from './adapters/log/json-log.ts';
import { createSystemClock } from './adapters/log/system-clock.ts';
import { openDataFolder } from './adapters/sqlite/folder.ts';
import { composeHouse, type House } from './compose.ts';
import { type Config, readConfig, withEnvFile } from './config.ts';
import { openDesktop } from './desktop/open-desktop.ts';
import { lockProgram } from './desktop/policy.ts';
import { brokenInside, configurationProblem, type Problem, startProblem } from './desktop/problem.ts';
import { stopOnQuit } from './desktop/quit.ts';
import { declareScheme } from './desktop/scheme.ts';
import type { Log } from './engine/ports.ts';
import { stopInOrder } from './shutdown.ts';

/** How long a stop waits for a start that is still under way: longer than looking for a model server takes. */
const START_ENDS_MS = 800;

process.umask(0o077);
lockProgram(app);
declareScheme();

const clock = createSystemClock();

type Prepared = { log: Log; logFile: string; windowFolder: string } & ({ config: Config } | { problem: Problem });

/** A window can say what is wrong even where nothing may be written: its own files then lie in a temporary folder. */
function withoutFolder(problem: Problem): Prepared {
  process.stderr.write(`${problem.sentence}\n`);
  const log = createJsonLog('INFO', (line) => void process.stderr.write(line), clock.now);
  return { problem, log, logFile: 'the terminal it was started from.', windowFolder: mkdtempSync(join(tmpdir(), 'persona-engine-')) };
}

function prepare(): Prepared {
  try {
    const read = readConfig(app.isPackaged ? process.env : withEnvFile(process.env, app.getAppPath()));
    if ('problem' in read) return withoutFolder(configurationProblem(read.problem.sentence));
    const { config } = read;
    openDataFolder(config.dataFolder);
    const windowFolder = join(config.dataFolder, 'window');
    mkdirSync(windowFolder, { recursive: true, mode: 0o700 });
    const logs = join(config.dataFolder, 'logs');
    const log = createJsonLog(config.logLevel, createFileSink(logs, 'app'), clock.now);
    return { config, log, logFile: join(logs, 'app.log'), windowFolder };
  } catch (error) {
    return withoutFolder(startProblem(error));
  }
}

const prepared = prepare();
const { log, logFile, windowFolder } = prepared;
app.setPath('userData', windowFolder);

function composed(): Promise<House> {
  if ('problem' in prepared) return Promise.reject(new Fault('internal', prepared.problem.sentence));
  return composeHouse({ config: prepared.config, version: app.getVersion(), log, clock, door: 'own' });
}

/** Stops the engine once; a start that is still under way gets a moment to end first, and is left to the next start otherwise. */
function stopOnce(house: Promise<House>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    const none = house.then(
      (found) => found,
      () => undefined,
    );
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), START_ENDS_MS);
    });
    const found = await Promise.race([none, late]);
    if (found) await stopInOrder(found.stopSteps, log);
  };
  return () => {
    stopped ??= stop();
    return stopped;
  };
}

/** Earlier versions kept unfinished messages there, where forgetting does not reach; this one keeps nothing in it. */
function dropOldDrafts(): void {
  try {
    rmSync(join(windowFolder, 'Session Storage'), { recursive: true, force: true });
  } catch (error) {
    log.warn('old-drafts-not-dropped', { cause: error });
  }
}

function run(): void {
  dropOldDrafts();
  const house = composed();
  const stop = stopOnce(house);
  // A door that cannot be opened says so in the settings; the window goes on without it.
  house.then((built) => built.door.begin(built)).catch((error: unknown) => log.debug('no-house', { cause: error }));
  const desktop = openDesktop({
    openSession: house.then(({ openSession }) => openSession),
    problem: 'problem' in prepared ? prepared.problem : undefined,
    preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'),
    pageFolder: join(import.meta.dirname, '..', 'renderer'),
    placeFile: join(windowFolder, 'place.json'),
    logFile,
    log,
    clock,
  });
  app.on('second-instance', () => {
    log.info('second-start');
    desktop.focus();
  });
  stopOnQuit({ hide: desktop.hide, stop, exitCode: () => desktop.problem()?.exitCode ?? 0, log });
  process.on('uncaughtException', (error) => {
    log.error('broken-inside', { cause: error });
    desktop.giveUp(brokenInside);
    void stop();
  });
}

process.on('unhandledRejection', (error) => log.error('unhandled-rejection', { cause: error }));
if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.exit(0);
