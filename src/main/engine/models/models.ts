/** @file The models of this machine as one part of the engine: what there is, what comes, and which one answers whom. */
import { Fault } from '../../../shared/faults.ts';
import { MODELS_ASK_MS } from '../../../shared/model-limits.ts';
import { isSameModel } from '../../../shared/model-names.ts';
import type { ModelDetails, ModelPreview, ModelsState, Pull } from '../../../shared/models.ts';
import type { Log } from '../ports.ts';
import { type ChoosingPorts, createChoosing } from './choosing.ts';
import { detailsOf, previewOf } from './look-closer.ts';
import { createModelsView } from './models-view.ts';
import { createPulls } from './pulls.ts';
import type { Machine, ModelDescription, Registry, ShelfModel } from './shelf.ts';

export type ModelsPorts = ChoosingPorts & {
  registry?: Registry | undefined;
  /** This machine's memory; absent where nothing can be said of it. */
  machine?: Machine | undefined;
  /** The configured model: OLLAMA_MODEL or the seed's. */
  wanted: string;
  log: Log;
};

/** Throws only Faults. */
export type Models = {
  state(): ModelsState;
  pulls(): Pull[];
  /** Asks the server anew. */
  refresh(): Promise<ModelsState>;
  show(model: string): Promise<ModelDetails>;
  lookUp(model: string): Promise<ModelPreview>;
  pull(model: string): void;
  pause(model: string): void;
  cancel(model: string): Promise<void>;
  /** Answers how many bytes it freed. */
  remove(model: string): Promise<number>;
  importFile(path: string): Promise<void>;
  /** The default where no character is named; undefined goes back to what stands above it. */
  choose(model: string | undefined, characterId: string | undefined): void;
  /** The installed name of a model; throws where it is not here. */
  installedName(model: string): string;
  putOfferAway(): void;
  /** Which model a conversation asks for; undefined takes the default. */
  modelFor(conversation: { characterId: string; model?: string | undefined }): string | undefined;
  contextOf(description: ModelDescription): number;
  /** A model has answered. */
  noteUse(model: string): void;
  onState(listener: (state: ModelsState) => void): () => void;
  onPulls(listener: (pulls: Pull[]) => void): () => void;
  close(): Promise<void>;
};

const builtIn = () =>
  new Fault(
    'bad-request',
    'The built-in engine has one model of its own; nothing was changed, so install Ollama to fetch and choose others.',
  );
const notHere = (name: string) =>
  new Fault('model-missing', `The model "${name.slice(0, 120)}" is not here; nothing was changed, so fetch it first.`);
const elsewhere = () =>
  new Fault('bad-request', 'That model runs on somebody else’s machines; nothing was fetched, so choose one that runs on this one.');

export function createModels(ports: ModelsPorts): Models {
  const { model, settings, log, registry } = ports;
  const hearers = { state: new Set<(state: ModelsState) => void>(), pulls: new Set<(pulls: Pull[]) => void>() };
  const life = new AbortController();
  const choosing = createChoosing(ports);
  const view = createModelsView({ ...ports, machine: ports.machine, choosing, pulls: () => pulls.now() });
  let told = '';

  const within = (ms: number) => AbortSignal.any([life.signal, AbortSignal.timeout(ms)]);
  /** Free memory and disk move all the time; alone they are no news. */
  const tell = () => {
    const state = view.state();
    const { memory: _, disk: __, warning, ...news } = state;
    const key = JSON.stringify({ ...news, warning: warning?.model, models: news.models.map(({ memory: ___, ...one }) => one) });
    if (key === told) return;
    told = key;
    for (const hear of [...hearers.state]) hear(state);
  };
  /** Before a model comes, the one that answers now is held on to; one that was asked for before anything answered finds it later. */
  const hold = () => {
    const answering = view.shelf().find(({ name }) => isSameModel(name, model.defaultModel()));
    if (answering && !pulls.now().some(({ model: coming }) => isSameModel(answering.name, coming))) choosing.pin(answering.name);
  };
  const refresh = async () => {
    const files = model.shelf?.files();
    const shelf = (await model.shelf?.inventory(within(MODELS_ASK_MS))) ?? [];
    // A disk that does not tell its room is no reason to list nothing.
    const space = await files?.space().catch((error: unknown) => {
      log.debug('models-room-unknown', { cause: error });
      return undefined;
    });
    view.take(shelf, files && space && { folder: files.folder(), ...space });
    if (pulls.now().some(({ state: now }) => now !== 'done')) hold();
    tell();
    return view.state();
  };
  const refreshLater = () => {
    refresh().catch((error: unknown) => {
      if (!life.signal.aborted) log.debug('models-not-listed', { cause: error });
      tell();
    });
  };

  const pulls = createPulls({
    ...ports,
    registry,
    told(list) {
      for (const hear of [...hearers.pulls]) hear(list);
      tell();
    },
    came(pull) {
      choosing.came(pull);
      refreshLater();
    },
  });
  let state = '';
  const offStatus = model.onStatus((status) => {
    const now = `${status.state} ${status.model}`;
    if (now !== state && status.state !== 'starting') {
      refreshLater();
      pulls.stir();
    }
    state = now;
  });
  const offSettings = settings.onChange(() => {
    view.forgetContexts();
    choosing.prefer();
    tell();
  });
  choosing.prefer();
  refreshLater();
  pulls.begin();

  const needShelf = () => {
    if (!model.shelf) throw builtIn();
  };
  const installed = (name: string): ShelfModel => {
    needShelf();
    const found = view.shelf().find((one) => isSameModel(one.name, name));
    if (!found) throw notHere(name);
    return found;
  };
  return {
    state: view.state,
    pulls: pulls.now,
    refresh,
    show: async (name) => detailsOf({ model, life: life.signal, machine: view.machine() }, installed(name)),
    lookUp: (name) => previewOf({ model, registry, life: life.signal, installed: view.shelf() }, name),
    pull(name) {
      needShelf();
      if (/[:-]cloud$/i.test(name)) throw elsewhere();
      hold();
      pulls.pull(name);
    },
    pause: pulls.pause,
    cancel: pulls.cancel,
    async remove(name) {
      const found = installed(name);
      const freed = (await model.shelf?.files()?.freedBy(found.name)) ?? found.sizeBytes ?? 0;
      await model.remove(found.name, within(MODELS_ASK_MS));
      choosing.gone(found.name);
      await refresh();
      return freed;
    },
    async importFile(path) {
      needShelf();
      hold();
      await pulls.importFile(path);
    },
    choose(name, characterId) {
      choosing.choose(name === undefined ? undefined : installed(name).name, characterId);
      tell();
    },
    installedName: (name) => installed(name).name,
    putOfferAway() {
      const { offer } = view.state();
      if (offer) choosing.decline(offer);
      tell();
    },
    modelFor: choosing.modelFor,
    contextOf: view.contextOf,
    noteUse(name) {
      choosing.noteUse(name);
      refreshLater();
    },
    onState: (listener) => listening(hearers.state, listener),
    onPulls: (listener) => listening(hearers.pulls, listener),
    async close() {
      offStatus();
      offSettings();
      await pulls.close();
      life.abort(new Fault('shutting-down', 'The program is being closed; what was written is kept.'));
    },
  };
}

function listening<Hearer>(set: Set<Hearer>, hearer: Hearer): () => void {
  set.add(hearer);
  return () => void set.delete(hearer);
}
