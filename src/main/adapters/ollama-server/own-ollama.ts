/** @file The `Model` port over our own Ollama: started with the program, asked like any other, and ended with it. */
import { asFault, Fault } from '../../../shared/faults.ts';
import { MODEL_RETRY_WITHIN_MS, SERVER_UNLOAD_MS } from '../../../shared/limits.ts';
import type { RuntimeModels } from '../../../shared/runtime.ts';
import type { ModelShelf } from '../../engine/models/shelf.ts';
import type { Model, ModelChunk, ModelRequest } from '../../engine/ports.ts';
import { createModelFiles } from './model-files.ts';
import { chooseModels, modelsOf } from './models-folder.ts';
import { changed, choiceOf, createWorld, fetchStarter, follow, type OwnOllamaOptions, type OwnWorld, ready, waits } from './own-world.ts';
import type { Supervision } from './supervision.ts';

export type OwnOllama = Model & {
  /** The newest lines of the server's log. */
  log(): string[];
  /** The server as a process, whatever its models are. */
  server(): Supervision;
  /** Hears every change of it; returns the function that stops hearing. */
  onServer(listener: () => void): () => void;
  /** Whose models it uses, and whose it could. */
  models(): RuntimeModels;
  /** Stops it for as long as nobody calls `retry`. */
  stop(): Promise<void>;
  /** Uses a models folder of the person's, or its own again; starts the server anew with it. */
  shareModels(folder: string | undefined): Promise<void>;
};

/** Said of our own server, which a person does not start. */
function ownFault(error: unknown): Fault {
  const fault = asFault(error);
  if (fault.code !== 'model-offline') return fault;
  const message = 'Our own Ollama went away; what was written is kept, and it is started again by itself, so try again.';
  return new Fault('model-offline', message, { cause: fault.cause });
}

/** Waits a moment for the news that explains a refused connection: another server, or none. */
async function news(world: OwnWorld, url: string, signal: AbortSignal): Promise<boolean> {
  const late = AbortSignal.timeout(MODEL_RETRY_WITHIN_MS);
  try {
    return await changed(world, AbortSignal.any([signal, late]), () => world.url !== url || undefined);
  } catch (error) {
    if (late.aborted && !signal.aborted) return false;
    throw error;
  }
}

/** What a request meets at a server that is gone, or that dies while the request comes in. */
const dying: ReadonlySet<string> = new Set(['model-offline', 'model-crashed']);

/** A request that met a server which had just gone is made once more, of the one that follows. */
async function ask<Value>(world: OwnWorld, signal: AbortSignal, question: (inner: Model) => Promise<Value>): Promise<Value> {
  const inner = await ready(world, signal);
  const { url } = world;
  try {
    return await question(inner);
  } catch (error) {
    if (!dying.has(asFault(error).code) || !(await news(world, url, signal))) throw ownFault(error);
    return question(await ready(world, signal));
  }
}

async function* chat(world: OwnWorld, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk> {
  if (waits.has(world.told.state)) yield { type: 'stage', stage: 'loading' };
  let begun = false;
  const talk = async function* (inner: Model): AsyncGenerator<ModelChunk> {
    for await (const chunk of inner.chat(request, signal)) {
      begun ||= chunk.type !== 'stage';
      world.server.supervisor.heard();
      yield chunk;
    }
  };
  const inner = await ready(world, signal);
  const { url } = world;
  try {
    yield* talk(inner);
  } catch (error) {
    if (begun || !dying.has(asFault(error).code) || !(await news(world, url, signal))) throw ownFault(error);
    yield* talk(await ready(world, signal));
  }
}

/** What it has, asked of the server of the moment; its files are ours, whether a server runs or not. */
function ownShelf(world: OwnWorld): ModelShelf {
  const files = createModelFiles(world.models);
  const shelfOf = (inner: Model): ModelShelf => {
    if (!inner.shelf) throw new Error('The adapter of our own server has no shelf.');
    return inner.shelf;
  };
  return {
    place: () => 'ours',
    files: () => files,
    graphics: world.server.graphics,
    inventory: (signal) => ask(world, signal, (inner) => shelfOf(inner).inventory(signal)),
    details: (model, signal) => ask(world, signal, (inner) => shelfOf(inner).details(model, signal)),
  };
}

async function close(world: OwnWorld): Promise<void> {
  const { life, inner, url, server, options } = world;
  if (life.signal.aborted) return server.supervisor.stop();
  life.abort();
  await inner?.close();
  await end(world, url, options, 'The program is being closed.');
}

async function end(world: OwnWorld, url: string, { unload }: OwnOllamaOptions, reason: string): Promise<void> {
  if (url !== '') await unload(url, SERVER_UNLOAD_MS);
  await world.server.supervisor.stop(reason);
}

/** Starts the server at once; how it goes is told by the status. */
export function createOwnOllama(options: OwnOllamaOptions): OwnOllama {
  const world = createWorld(options);
  const { server, known } = world;
  server.supervisor.listen(() => follow(world));
  const start = () => {
    known.supplyFault = undefined;
    server.supervisor.start();
  };
  start();
  return {
    status: () => world.told,
    onStatus(listener) {
      world.listeners.add(listener);
      return () => void world.listeners.delete(listener);
    },
    latencyMs: () => world.inner?.latencyMs?.(),
    defaultModel: () => world.inner?.defaultModel() ?? options.wanted,
    describe: (model, signal) => ask(world, signal, (inner) => inner.describe(model, signal)),
    preload: (model, contextTokens, signal) => ask(world, signal, (inner) => inner.preload(model, contextTokens, signal)),
    chat: (request, signal) => chat(world, request, signal),
    async *pull(model, signal) {
      yield* (await ready(world, signal)).pull(model, signal);
    },
    list: (signal) => ask(world, signal, (inner) => inner.list(signal)),
    remove: (model, signal) => ask(world, signal, (inner) => inner.remove(model, signal)),
    prefer(model) {
      world.preferred = model;
      world.inner?.prefer?.(model);
    },
    shelf: ownShelf(world),
    retry() {
      start();
      world.inner?.retry();
      if (known.model?.state === 'absent') void fetchStarter(world);
    },
    close: () => close(world),
    log: server.log,
    server: server.supervisor.status,
    onServer: (listener) => server.supervisor.listen(listener),
    models: () => modelsOf(options.folder, options.inherited),
    stop: () => end(world, world.url, options, 'Our own Ollama is stopped.'),
    async shareModels(folder) {
      chooseModels(options.folder, folder);
      await end(world, world.url, options, 'Our own Ollama is started with other models.');
      known.choice = choiceOf(options.because, options.inherited, world.models());
      start();
    },
  };
}
