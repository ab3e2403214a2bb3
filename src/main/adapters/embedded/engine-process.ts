/** @file The engine's process: started with one model, spoken to in orders and answers, ended with us. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Fault } from '../../../shared/faults.ts';
import { ENGINE_CLOSE_MS, MODEL_LOAD_MS, PROMPT_SLICE_MS } from '../../../shared/limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { unlessCancelled } from './cancelled.ts';
import { type EngineInfo, type EngineMessage, type EngineOrder, engineMessageSchema } from './engine-messages.ts';
import { createExchanges, type EngineQuestion, type Exchange } from './exchanges.ts';

export type EngineStart = { nodePath: string; toolFolder: string; modules: string; modelPath: string; log: Log; clock: Clock };

export type EngineProcess = {
  info: EngineInfo;
  /** One request; its answers come in order. */
  ask(question: EngineQuestion): Exchange;
  /** Ends when the process has. */
  ended: Promise<void>;
  close(): Promise<void>;
};

/** What is kept of llama.cpp's complaints while a model is loaded, in characters; later ones could quote what was said. */
const KEPT_CHARACTERS = 2_000;

/** Nothing of our environment is the child's business but what a program needs to run; the token of the doors least of all. */
function environment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'SystemRoot', 'USERPROFILE', 'LD_LIBRARY_PATH'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}

/** The fault for a model that could not be loaded, with the reason behind "Details". */
export function loadFailed(reason: string): Fault {
  return new Fault(
    'model-loading-failed',
    'The model could not be loaded; your conversations are kept: close other programs if memory is short and try again, or set STARTER_MODEL to another GGUF file.',
    { detail: reason },
  );
}

function launch({ nodePath, toolFolder }: EngineStart): ChildProcess {
  return spawn(nodePath, [join(toolFolder, 'engine.mjs')], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: environment(),
    windowsHide: true,
  });
}

/** Ends with the exit of the process; a process that could not be started counts as one that ended. */
function endOf(child: ChildProcess, log: Log): Promise<string> {
  const ended = Promise.withResolvers<string>();
  child.on('exit', (code, signal) => ended.resolve(`ended with ${code ?? signal}`));
  child.on('error', (error) => {
    log.debug('engine-process-error', { cause: error });
    if (child.pid === undefined) ended.resolve(error.message);
  });
  return ended.promise;
}

/** To a child that has just ended nothing is sent; its end is told by `endOf`. */
function send(child: ChildProcess, order: EngineOrder): void {
  if (child.connected) child.send(order);
}

async function closeChild(child: ChildProcess, ended: Promise<unknown>, clock: Clock): Promise<void> {
  if (child.connected) child.disconnect();
  const stopClock = clock.after(ENGINE_CLOSE_MS, () => child.kill('SIGKILL'));
  await ended;
  stopClock();
}

/** Hears the child: complaints while it loads, then messages; one that is not of the protocol ends it. */
function listen(child: ChildProcess, log: Log, hear: (message: EngineMessage) => void): { complaints(): string } {
  let complaints = '';
  child.stderr?.on('data', (data: Buffer) => {
    complaints = (complaints + data.toString()).slice(-KEPT_CHARACTERS);
  });
  child.on('message', (raw) => {
    const parsed = engineMessageSchema.safeParse(raw);
    if (parsed.success) return hear(parsed.data);
    log.error('engine-message-malformed', { issues: parsed.error.issues.map((issue) => issue.path.join('.')) });
    child.kill('SIGKILL');
  });
  return { complaints: () => complaints };
}

/** Starts the process and loads the model. Throws Fault('model-loading-failed') or, when the signal fires, Fault('cancelled'). */
export async function startEngine(start: EngineStart, signal: AbortSignal): Promise<EngineProcess> {
  const { log, clock } = start;
  const child = launch(start);
  const end = endOf(child, log);
  const exchanges = createExchanges((order) => send(child, order));
  const loaded = Promise.withResolvers<EngineInfo>();
  const { complaints } = listen(child, log, (message) => {
    if (message.type === 'loaded') loaded.resolve(message.info);
    else if (message.type === 'load-failed') loaded.reject(loadFailed(message.reason));
    else exchanges.answer(message.id, message);
  });
  const ended = end.then((how) => {
    log.info('engine-ended', { how });
    loaded.reject(loadFailed(`${how}\n${complaints()}`));
    exchanges.endAll();
  });
  const close = () => closeChild(child, ended, clock);
  const stopClock = clock.after(MODEL_LOAD_MS, () => loaded.reject(loadFailed('It took too long.')));
  try {
    send(child, { type: 'load', modules: start.modules, modelPath: start.modelPath, sliceMs: PROMPT_SLICE_MS });
    const info = await unlessCancelled(loaded.promise, signal);
    log.info('engine-loaded', { pid: child.pid, ...info });
    return { info, ask: exchanges.ask, ended, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    stopClock();
  }
}
