/** @file Makes the engine run: what is missing is fetched, the process is started, and started again after it has died. */
import { asFault, Fault } from '../../../shared/faults.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { type EnginePackageOptions, findEnginePackage, installEnginePackage } from './engine-package.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import type { ModelFile, StarterModel } from './starter-model.ts';
import type { StatusBoard } from './status-board.ts';

export type SupervisorOptions = EnginePackageOptions & {
  nodePath: string;
  starter: StarterModel;
  board: StatusBoard;
  log: Log;
  clock: Clock;
};

export type Running = { engine: EngineProcess; file: ModelFile };

export type Supervisor = {
  /** The running engine; the first who asks has it fetched and started. Throws the Fault that the status shows too. */
  running(): Promise<Running>;
  /** Ends the process; the next who asks starts it again. */
  stop(): Promise<void>;
  close(): Promise<void>;
  closed(): boolean;
};

const shuttingDown = (): Fault => new Fault('shutting-down', 'The program is being closed; what was written is kept.');

/** Both at once; where one fails the other is called off, and its part stays for the next time. */
async function obtain(options: SupervisorOptions, life: AbortSignal): Promise<{ modules: string; file: ModelFile }> {
  const { starter, board } = options;
  const [foundModules, foundFile] = await Promise.all([findEnginePackage(options), starter.find(life)]);
  if (foundModules && foundFile) return { modules: foundModules, file: foundFile };
  const rest = new AbortController();
  const signal = AbortSignal.any([life, rest.signal]);
  if (!foundModules) board.fetching({ label: 'Installing the model engine', doneBytes: 0 });
  const both = [
    foundModules ? Promise.resolve(foundModules) : installEnginePackage(options, signal),
    foundFile ? Promise.resolve(foundFile) : starter.obtain(signal, (progress) => board.fetching(progress)),
  ] as const;
  try {
    const [modules, file] = await Promise.all(both);
    return { modules, file };
  } catch (error) {
    rest.abort();
    await Promise.allSettled(both);
    throw error;
  }
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { board, log } = options;
  const life = new AbortController();
  let current: Promise<Running> | undefined;

  async function start(): Promise<Running> {
    const { modules, file } = await obtain(options, life.signal);
    board.identify({ label: file.label, starter: file.starter });
    board.loading();
    const engine = await startEngine({ ...options, modules, modelPath: file.path }, life.signal);
    board.ready();
    return { engine, file };
  }

  /** From here on nobody gets an engine that has ended. */
  function forgetAtEnd(promise: Promise<Running>, { engine }: Running): void {
    void engine.ended.then(() => {
      if (current === promise) current = undefined;
      if (!life.signal.aborted) board.stopped('The model’s process has ended; the next message starts it again.');
    });
  }

  function begin(): Promise<Running> {
    const promise = start();
    promise.then(
      (running) => forgetAtEnd(promise, running),
      (error: unknown) => {
        if (current === promise) current = undefined;
        if (life.signal.aborted) return;
        const fault = asFault(error);
        log.warn('engine-not-started', { code: fault.code, detail: fault.detail, cause: error });
        board.failed(fault);
      },
    );
    return promise;
  }

  async function stop(): Promise<void> {
    const stopping = current;
    if (!stopping) return;
    const [settled] = await Promise.allSettled([stopping]);
    if (settled.status === 'fulfilled') await settled.value.engine.close();
  }

  return {
    async running() {
      if (life.signal.aborted) throw shuttingDown();
      current ??= begin();
      try {
        return await current;
      } catch (error) {
        throw life.signal.aborted ? shuttingDown() : asFault(error);
      }
    },
    stop,
    async close() {
      const first = !life.signal.aborted;
      life.abort();
      await stop();
      if (first) board.stopped('The program is being closed.');
    },
    closed: () => life.signal.aborted,
  };
}
