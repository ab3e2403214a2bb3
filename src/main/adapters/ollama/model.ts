/** @file The `Model` port over an Ollama server that somebody runs. */
import { asFault, type Fault } from '../../../shared/faults.ts';
import type { PullProgress } from '../../engine/models/shelf.ts';
import type { Log, Model, ModelChunk, ModelRequest } from '../../engine/ports.ts';
import { type ChatWorld, chatReply, loadRequest } from './chat.ts';
import { createKnowledge, type Knowledge } from './knowledge.ts';
import { findInstalled, type InstalledModel } from './names.ts';
import { pullModel } from './pull.ts';
import { createServer, readAddress, type Server } from './server.ts';
import { createShelf } from './shelf.ts';
import { chosenModel } from './status.ts';
import { systemTimers, type Timers } from './timers.ts';
import { createTransport, type Transport } from './transport.ts';
import { createWatch, type Watch } from './watch.ts';

export type OllamaOptions = {
  baseUrl: string;
  /** The model that answers where a request names none. */
  model: string;
  /** Longest silence allowed, in milliseconds (OLLAMA_TIMEOUT). */
  silenceMs: number;
  log: Log;
  /** OLLAMA_BASE_URL was given: nothing takes the server's place, and faults name the variable. */
  fixed: boolean;
  /** Where the model is not there, the largest one that is may answer. */
  anyModel?: boolean;
  clock?: Timers;
};

type World = {
  options: OllamaOptions;
  transport: Transport;
  server: Server;
  watch: Watch;
  knowledge: Knowledge;
  chat: ChatWorld;
};

/** Begins to look at the server at once; never throws for one that is not there. */
export function createOllamaModel(options: OllamaOptions): Model {
  const world = createWorld(options);
  void world.watch.look();
  return {
    status: () => world.watch.status(),
    onStatus: (listener) => world.watch.listen(listener),
    latencyMs: () => world.watch.known.latencyMs,
    defaultModel: () => chosenModel(world.watch.known)?.name ?? options.model,
    describe: async (model, signal) => world.knowledge.describe(await findOnServer(world, model, signal), asked(world, signal)),
    preload: (model, contextTokens, signal) => preload(world, model, contextTokens, signal),
    chat: (request, signal) => chat(world, request, signal),
    pull: (model, signal) => pull(world, model, signal),
    list: async (signal) => {
      const installed = await world.server.installed(asked(world, signal));
      return Promise.all(
        installed.filter((model) => model.converses).map((model) => world.knowledge.describe(model, asked(world, signal))),
      );
    },
    remove: (model, signal) => remove(world, model, signal),
    retry: () => void world.watch.look(),
    prefer(preferred) {
      if (preferred === world.watch.known.preferred) return;
      world.watch.change({ preferred, contextTokens: undefined });
      void world.watch.look();
    },
    shelf: createShelf(world),
    async close() {
      world.watch.close();
      await world.transport.close();
    },
  };
}

function createWorld(options: OllamaOptions): World {
  const timers = options.clock ?? systemTimers;
  const transport = createTransport({ server: readAddress(options.baseUrl).label, fixed: options.fixed, timers });
  const server = createServer(transport, options.baseUrl);
  const knowledge = createKnowledge(server);
  const { log, model, silenceMs, anyModel = false } = options;
  const watch = createWatch({ server, timers, log, wanted: model, anyModel, heardAt: transport.heardAt, describe: knowledge.describe });
  const onLoading = (loading: boolean) => watch.change({ loading: watch.known.loading + (loading ? 1 : -1) });
  return { options, transport, server, watch, knowledge, chat: { server, timers, log, silenceMs, onLoading, writing: new Set() } };
}

const asked = (world: World, signal: AbortSignal) => ({ signal, silenceMs: world.options.silenceMs });

/** The installed model of a name; looks at the server anew where the last look did not see it. */
async function findOnServer(world: World, name: string, signal: AbortSignal): Promise<InstalledModel> {
  const known = findInstalled(name, world.watch.known.sight?.installed ?? []);
  if (known) return known;
  const installed = await world.server.installed(asked(world, signal));
  const { model: wanted, anyModel = false } = world.options;
  const { preferred } = world.watch.known;
  const standIn = name === wanted ? chosenModel({ sight: { version: '', installed }, wanted, preferred, anyModel }) : undefined;
  return standIn ?? world.knowledge.find(name, installed);
}

/** A failure that says something about the server is looked into at once, not at the next probe. */
function noteFailure(world: World, error: unknown): Fault {
  const fault = asFault(error);
  if (fault.code === 'model-offline' || fault.code === 'model-missing' || fault.code === 'model-crashed') void world.watch.look();
  return fault;
}

function chat(world: World, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk> {
  const { think, ...rest } = request;
  const model = findInstalled(request.model, world.watch.known.sight?.installed ?? []);
  const canThink = model && think !== undefined ? () => thinkOf(world, model, think, signal) : undefined;
  const failed = (error: unknown) => noteFailure(world, error);
  return chatReply({ ...world.chat, failed, canThink }, { ...rest, model: model?.name ?? request.model }, signal);
}

/** Thoughts are asked for, or forbidden, only where the model has them: another one refuses the whole request. */
async function thinkOf(world: World, model: InstalledModel, think: boolean, signal: AbortSignal): Promise<boolean | undefined> {
  const { thinking } = await world.knowledge.describe(model, asked(world, signal));
  return thinking ? think : undefined;
}

async function preload(world: World, name: string, contextTokens: number, signal: AbortSignal): Promise<void> {
  const { client, call } = world.server.open({ ...asked(world, signal), model: name, stream: false, mayRepeat: true });
  world.chat.onLoading(true);
  try {
    const model = findInstalled(name, world.watch.known.sight?.installed ?? []);
    await client.chat(loadRequest(model?.name ?? name, contextTokens));
  } catch (error) {
    throw noteFailure(world, error);
  } finally {
    call.end();
    world.chat.onLoading(false);
  }
}

async function* pull(world: World, model: string, signal: AbortSignal): AsyncGenerator<PullProgress> {
  try {
    for await (const progress of pullModel(world.server, model, world.options.silenceMs, signal)) {
      const { doneBytes, totalBytes } = progress;
      world.watch.change({ progress: { label: `Fetching ${model}.`, doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) } });
      yield progress;
    }
  } finally {
    world.watch.change({ progress: undefined });
    void world.watch.look();
  }
}

async function remove(world: World, name: string, signal: AbortSignal): Promise<void> {
  const model = await findOnServer(world, name, signal);
  const { client, call } = world.server.open({ ...asked(world, signal), model: model.name, stream: false, mayRepeat: false });
  try {
    await client.delete({ model: model.name });
  } finally {
    call.end();
    await world.watch.look();
  }
}
