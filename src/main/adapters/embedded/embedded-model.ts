/** @file The `Model` port over llama.cpp in a process of its own, for machines on which no Ollama can be had. */
import { Fault } from '../../../shared/faults.ts';
import type { ModelDescription, PullProgress } from '../../engine/models/shelf.ts';
import type { Clock, Log, Model } from '../../engine/ports.ts';
import { throwIfCancelled, unlessCancelled } from './cancelled.ts';
import { createChat } from './chat.ts';
import { createStarterModel, type StarterModel } from './starter-model.ts';
import { createStatusBoard, type StatusBoard } from './status-board.ts';
import { createSupervisor, type Running, type Supervisor } from './supervisor.ts';

export type EmbeddedModelOptions = {
  /** tools/embedded-engine of this program. */
  toolFolder: string;
  dataFolder: string;
  /** STARTER_MODEL. */
  starterPath?: string | undefined;
  /** The Node that runs the engine's process. */
  nodePath: string;
  log: Log;
  clock: Clock;
  /** In place of the product's own, for tests. */
  starter?: StarterModel;
  npm?: string;
};

export type EmbeddedModel = Model & {
  /** Fetches what is missing and loads the model; how it ends is told by the status, never thrown. */
  prepare(): Promise<void>;
};

function descriptionOf(name: string, { engine: { info }, file }: Running): ModelDescription {
  return {
    name,
    label: file.label,
    contextTokens: info.contextTokens,
    thinking: false,
    continues: true,
    family: info.family,
    ...(/^smollm/i.test(file.label) ? { tokenizer: 'smollm' } : {}),
    sizeBytes: file.bytes,
    ...(info.size ? { parameterSize: info.size } : {}),
    ...(info.quantisation ? { quantisation: info.quantisation } : {}),
  };
}

/** Refuses names of models that this engine does not have. */
function requireName(own: string, asked: string): void {
  if (asked === own) return;
  throw new Fault(
    'model-missing',
    `The built-in engine has no model of that name, only ${own.slice(0, 80)}; nothing was changed: choose that one, or use an Ollama.`,
  );
}

/** Tells the progress of making the model ready, until it is. */
async function* pullOf(supervisor: Supervisor, board: StatusBoard, signal: AbortSignal): AsyncGenerator<PullProgress> {
  let changed = Promise.withResolvers<void>();
  const stopListening = board.listen(() => changed.resolve());
  try {
    const running = supervisor.running();
    const ended = running.then(() => true);
    for (;;) {
      const { reason, progress } = board.get();
      yield {
        status: progress?.label ?? reason,
        doneBytes: progress?.doneBytes ?? 0,
        ...(progress?.totalBytes ? { totalBytes: progress.totalBytes } : {}),
      };
      if (await unlessCancelled(Promise.race([ended, changed.promise.then(() => false)]), signal)) break;
      changed = Promise.withResolvers();
    }
    const { bytes } = (await running).file;
    yield { status: 'The model is ready.', doneBytes: bytes, totalBytes: bytes };
  } finally {
    stopListening();
  }
}

/** Starts and fetches nothing before `prepare` or the first use. */
export function createEmbeddedModel(options: EmbeddedModelOptions): EmbeddedModel {
  const starter = options.starter ?? createStarterModel(options);
  const board = createStatusBoard(options.clock, { model: starter.name, label: starter.label, starter: options.starterPath === undefined });
  const supervisor = createSupervisor({ ...options, starter, board });
  const running = (signal: AbortSignal) => unlessCancelled(supervisor.running(), signal);
  const chat = createChat({ supervisor, board, clock: options.clock });
  const check = (model: string, signal: AbortSignal) => {
    throwIfCancelled(signal);
    requireName(starter.name, model);
  };
  const begin = () =>
    supervisor.running().then(
      () => undefined,
      (error: unknown) => options.log.debug('engine-not-prepared', { cause: error }),
    );

  return {
    status: () => board.get(),
    onStatus: (listener) => board.listen(listener),
    defaultModel: () => starter.name,
    prepare: begin,
    retry: () => void (board.get().state !== 'ready' && begin()),
    async describe(model, signal) {
      check(model, signal);
      return descriptionOf(starter.name, await running(signal));
    },
    async preload(model, contextTokens, signal) {
      check(model, signal);
      await chat.prepare(contextTokens, signal);
    },
    async *chat(request, signal) {
      check(request.model, signal);
      yield* chat.talk(request, signal);
    },
    async *pull(model, signal) {
      check(model, signal);
      yield* pullOf(supervisor, board, signal);
    },
    async list(signal) {
      const there = await unlessCancelled(starter.find(signal), signal);
      return there ? [descriptionOf(starter.name, await running(signal))] : [];
    },
    async remove(model, signal) {
      check(model, signal);
      await starter.remove();
      await supervisor.stop();
      board.stopped('The model was removed; the next message fetches it again.');
    },
    close: () => supervisor.close(),
  };
}
