/** @file What our own Ollama is at the moment: its server, the adapter that speaks to it, and what is told of both. */
import { asFault, Fault } from '../../../shared/faults.ts';
import type { ModelStatus } from '../../../shared/status.ts';
import type { Model } from '../../engine/ports.ts';
import { chosenModels, offerOf } from './models-folder.ts';
import { createOwnServer, type OwnServer, type OwnServerOptions } from './own-server.ts';
import { type OwnKnown, ownStatus, serverFault } from './own-status.ts';
import { createStarterSupply, type StarterFile, type StarterSupply } from './starter-supply.ts';

export type OwnOllamaOptions = Omit<OwnServerOptions, 'models' | 'supply'> & {
  /** The adapter for a server at an address. */
  connect(baseUrl: string): Model;
  /** Lets go of every loaded model of a server, within the time. */
  unload(url: string, timeoutMs: number): Promise<number>;
  /** Undefined where no starter model may answer in place of the one that was asked for. */
  starter: StarterFile | undefined;
  /** The model that was asked for. */
  wanted: string;
  /** Why this binary was taken, in one sentence. */
  because: string;
};

export type OwnWorld = {
  options: OwnOllamaOptions;
  server: OwnServer;
  supply: StarterSupply | undefined;
  /** The adapter of the present server, and its address. */
  inner: Model | undefined;
  url: string;
  /** The model that the person prefers; told to the adapter of every server that follows. */
  preferred: string | undefined;
  known: OwnKnown;
  told: ModelStatus;
  listeners: Set<(status: ModelStatus) => void>;
  /** Those who wait for something; looked at with every change. */
  waiting: Set<() => void>;
  life: AbortController;
  models(): string;
};

const closedFault = (): Fault => new Fault('shutting-down', 'The program is being closed; what was written is kept.');
const cancelledFault = (): Fault => new Fault('cancelled', 'The request was called off; what was written is kept.');

export function createWorld(options: OwnOllamaOptions): OwnWorld {
  const life = new AbortController();
  const { starter, log, wanted, because, folder, inherited } = options;
  const supply = starter && createStarterSupply({ file: starter, log, signal: life.signal });
  const models = () => chosenModels(folder);
  const server = createOwnServer({ ...options, models, supply: async (into) => supply?.lay(into) });
  const known: OwnKnown = {
    supervision: server.supervisor.status(),
    model: undefined,
    wanted,
    fetching: undefined,
    supplyFault: undefined,
    choice: choiceOf(because, inherited, models()),
  };
  const nobody = { listeners: new Set<never>(), waiting: new Set<never>() };
  return {
    options,
    server,
    supply,
    inner: undefined,
    url: '',
    preferred: undefined,
    known,
    told: ownStatus(known),
    ...nobody,
    life,
    models,
  };
}

/** Why it was chosen, and what it could share. */
export function choiceOf(because: string, inherited: OwnOllamaOptions['inherited'], inUse: string): OwnKnown['choice'] {
  const theirModels = offerOf(inherited, inUse);
  return { because, ...(theirModels ? { theirModels } : {}) };
}

function tell(world: OwnWorld): void {
  for (const look of world.waiting) look();
  const status = ownStatus(world.known, world.known.supervision.state === 'failed' ? world.server.log().slice(-20).join('\n') : undefined);
  if (JSON.stringify(status) === JSON.stringify(world.told)) return;
  world.told = status;
  for (const listener of world.listeners) listener(status);
}

/** Waits until `look` sees something; it is asked at once and with every change. Throws what it throws, and when called off. */
export function changed<Value>(world: OwnWorld, signal: AbortSignal, look: () => Value | undefined): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const again = () => {
    try {
      if (signal.aborted) throw cancelledFault();
      if (world.life.signal.aborted) throw closedFault();
      const value = look();
      if (value !== undefined) resolve(value);
    } catch (error) {
      reject(error);
    }
  };
  world.waiting.add(again);
  signal.addEventListener('abort', again, { once: true });
  world.life.signal.addEventListener('abort', again, { once: true });
  again();
  return promise.finally(() => {
    world.waiting.delete(again);
    signal.removeEventListener('abort', again);
    world.life.signal.removeEventListener('abort', again);
  });
}

export const waits = new Set(['starting', 'installing']);

/** The adapter of a server that answers and has been looked at; waits while one is being started. */
export function ready(world: OwnWorld, signal: AbortSignal): Promise<Model> {
  return changed(world, signal, () => {
    const { supervision, model } = world.known;
    if (world.inner && world.url === supervision.url) return model?.state === 'starting' ? undefined : world.inner;
    if (waits.has(supervision.state) || supervision.url !== undefined) return undefined;
    throw serverFault(supervision);
  });
}

/** A server that came back has another address: who asked the old one has been told so by the connection itself. */
export function follow(world: OwnWorld): void {
  const supervision = world.server.supervisor.status();
  world.known.supervision = supervision;
  if (supervision.url !== undefined && supervision.url !== world.url) {
    void world.inner?.close();
    const inner = world.options.connect(supervision.url);
    Object.assign(world, { inner, url: supervision.url });
    inner.prefer?.(world.preferred);
    const hear = () => {
      if (world.inner !== inner) return;
      world.known.model = inner.status();
      if (inner.status().state === 'absent') void fetchStarter(world);
      tell(world);
    };
    inner.onStatus(hear);
    hear();
  }
  if (supervision.url === undefined) world.url = '';
  tell(world);
}

/** Where no model can answer the starter model is fetched, once for each start or each time somebody asks for it. */
export async function fetchStarter(world: OwnWorld): Promise<void> {
  const { supply, known, inner } = world;
  if (!supply || known.fetching || known.supplyFault) return;
  known.fetching = { label: 'Looking for the starter model', doneBytes: 0 };
  tell(world);
  try {
    await supply.fetch(world.models(), (progress) => {
      known.fetching = progress;
      tell(world);
    });
  } catch (error) {
    if (world.life.signal.aborted) return;
    const fault = asFault(error);
    world.options.log.warn('starter-not-fetched-for-server', { code: fault.code, detail: fault.detail, cause: error });
    known.supplyFault = fault.toWire();
  } finally {
    known.fetching = undefined;
    inner?.retry();
    tell(world);
  }
}
