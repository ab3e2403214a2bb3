/** @file The models of this machine as one part of the engine: what there is, what comes, and which one answers whom. */
import { Fault } from '../../../shared/faults.ts';
import { canonicalModelName, isSameModel } from '../../../shared/model-names.ts';
import type { KeptModel, ModelDetails, ModelPreview, ModelsState, Pull } from '../../../shared/models.ts';
import type { Clock, Log, Model, ModelDescription, Store } from '../ports.ts';
import { createKeptChoices } from './kept-choices.ts';
import { contextOf, inOrder, keptModel, lastUseOf, modelOfStatus } from './kept-models.ts';
import { detailsOf, previewOf } from './look-closer.ts';
import { offerOf, warningOf } from './offer.ts';
import { createPulls } from './pulls.ts';
import type { Machine, Registry, ShelfModel } from './shelf.ts';

/** What the person set, and what the environment fixes over it. */
export type ModelSettings = {
  now(): { model: string | undefined; contextTokens: number | undefined };
  /** Names of variables. */
  locked: { model?: string; context?: string };
  change(part: { model?: string | undefined; contextTokens?: number | undefined }): void;
  /** Hears that any of it changed, whoever changed it. */
  onChange(listener: () => void): () => void;
};

export type ModelsPorts = {
  model: Model;
  store: Pick<Store, 'value' | 'setValue'>;
  settings: ModelSettings;
  registry?: Registry;
  machine?: Machine;
  /** The configured model: OLLAMA_MODEL or the seed's. */
  wanted: string;
  clock: Clock;
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
  chooseContext(contextTokens: number | undefined): void;
  putOfferAway(): void;
  /** Which model a conversation asks for; undefined takes the default. */
  modelFor(conversation: { characterId: string; model?: string | undefined }): string | undefined;
  /** How long a model's context is; the same for as long as nobody chooses another length, so that nothing is loaded anew. */
  contextOf(description: ModelDescription): number;
  /** A model has answered. */
  noteUse(model: string): void;
  onState(listener: (state: ModelsState) => void): () => void;
  onPulls(listener: (pulls: Pull[]) => void): () => void;
  close(): Promise<void>;
};

/** Longest wait for a server that is asked what it has. */
const ASK_MS = 15_000;

export function createModels(ports: ModelsPorts): Models {
  const { model, store, settings, clock, log, machine, wanted } = ports;
  const choices = createKeptChoices(store);
  const hearers = { state: new Set<(state: ModelsState) => void>(), pulls: new Set<(pulls: Pull[]) => void>() };
  const contexts = new Map<string, number>();
  const life = new AbortController();
  let shelf: ShelfModel[] = [];
  let disk: ModelsState['disk'];
  let told = '';

  const memoryHere = () => (model.shelf?.place() === 'elsewhere' ? undefined : machine);
  const contextFor = (description: ModelDescription) => {
    const before = contexts.get(description.name);
    if (before !== undefined) return before;
    const loaded = shelf.find(({ name }) => name === description.name)?.loaded;
    const tokens = contextOf(
      { ...description, ...(loaded ? { loaded } : {}) },
      { said: settings.now().contextTokens, machine: memoryHere() },
    );
    contexts.set(description.name, tokens);
    return tokens;
  };
  const listed = (): KeptModel[] => {
    const { usedAt } = choices.now();
    const models = model.shelf ? shelf : modelOfStatus(model.status());
    return inOrder(models.map((one) => keptModel(one, contextFor(one), memoryHere(), lastUseOf(one.name, usedAt))));
  };
  const state = (): ModelsState => {
    const models = listed();
    const { model: chosen, contextTokens } = settings.now();
    const answering = model.defaultModel();
    const about = models.find(({ name }) => isSameModel(name, answering));
    const status = model.status();
    const place = model.shelf?.place() ?? (status.engine === 'embedded' ? 'built-in' : 'none');
    const known = { models, answering: about, wanted, choices: choices.now(), pulls: pulls.now(), canPull: model.shelf !== undefined };
    const offer = status.state === 'starting' ? undefined : offerOf(known);
    const warning = warningOf(about, memoryHere());
    return {
      models,
      answering,
      ...(chosen === undefined ? {} : { chosen }),
      byCharacter: choices.now().byCharacter,
      context: {
        inUse: about?.memory?.contextTokens ?? status.contextTokens ?? 0,
        ...(contextTokens === undefined ? {} : { chosen: contextTokens }),
      },
      locked: settings.locked,
      place,
      canPull: model.shelf !== undefined,
      canImport: model.shelf?.files() !== undefined,
      ...(memoryHere() && machine ? { memory: machine.memory() } : {}),
      ...(disk ? { disk } : {}),
      ...(offer ? { offer } : {}),
      ...(warning ? { warning } : {}),
    };
  };
  const tell = () => {
    const now = state();
    // Free memory moves all the time; alone it is no news.
    const { memory: _, disk: __, ...news } = now;
    const key = JSON.stringify({ ...news, models: news.models.map(({ memory: ___, ...one }) => one) });
    if (key === told) return;
    told = key;
    for (const hear of hearers.state) hear(now);
  };

  const refresh = async () => {
    const files = model.shelf?.files();
    const signal = AbortSignal.any([life.signal, AbortSignal.timeout(ASK_MS)]);
    if (model.shelf) shelf = await model.shelf.inventory(signal);
    const space = await files?.space();
    disk = files && space && { folder: files.folder(), ...space };
    tell();
    return state();
  };
  const refreshLater = () => {
    refresh().catch((error: unknown) => {
      if (!life.signal.aborted) log.debug('models-not-listed', { cause: error });
      tell();
    });
  };
  const preferNow = () => {
    if (settings.locked.model === undefined) model.prefer?.(settings.now().model ?? choices.now().pinned);
  };
  /** A model that comes never takes the place of the one that answers unasked. */
  const pin = () => {
    if (settings.now().model !== undefined || settings.locked.model !== undefined || choices.now().pinned !== undefined) return;
    const answering = shelf.find(({ name }) => isSameModel(name, model.defaultModel()));
    if (!answering) return;
    choices.change({ pinned: answering.name });
    preferNow();
  };

  const pulls = createPulls({
    model,
    registry: ports.registry,
    store,
    clock,
    log,
    told: (list) => {
      for (const hear of hearers.pulls) hear(list);
      tell();
    },
    came: ({ model: name, label }) => {
      const answers = model.defaultModel();
      if (!isSameModel(answers, name) && settings.locked.model === undefined) choices.change({ ready: { model: name, label } });
      refreshLater();
    },
  });
  const offStatus = model.onStatus(({ state: now }) => {
    if (now !== 'starting' && now !== 'loading') refreshLater();
  });
  const offSettings = settings.onChange(() => {
    contexts.clear();
    preferNow();
    tell();
  });
  preferNow();
  refreshLater();
  pulls.begin();

  const check = () => {
    if (!model.shelf)
      throw new Fault(
        'bad-request',
        'The built-in engine has one model of its own; install Ollama to fetch and choose others. Nothing was changed.',
      );
  };
  const installed = (name: string): ShelfModel => {
    const found = shelf.find((one) => isSameModel(one.name, name));
    if (found) return found;
    throw new Fault('model-missing', `The model "${name.slice(0, 120)}" is not here; nothing was changed, so fetch it first.`);
  };

  return {
    state,
    pulls: pulls.now,
    refresh,
    show: (name) => detailsOf({ ...ports, life: life.signal, machine: memoryHere() }, installed(name)),
    lookUp: (name) => previewOf({ ...ports, life: life.signal, installed: shelf }, name),
    pull(name) {
      check();
      if (/[:-]cloud$/i.test(name))
        throw new Fault('bad-request', 'That model runs on somebody else’s machines; nothing was fetched, so choose one that runs here.');
      if (shelf.some((one) => canonicalModelName(one.name) === canonicalModelName(name))) return;
      pin();
      pulls.pull(name);
    },
    pause: pulls.pause,
    cancel: pulls.cancel,
    async remove(name) {
      const found = installed(name);
      const freed = (await model.shelf?.files()?.freedBy(found.name)) ?? found.sizeBytes ?? 0;
      await model.remove(found.name, AbortSignal.any([life.signal, AbortSignal.timeout(ASK_MS)]));
      const { ready, pinned } = choices.now();
      if (ready && isSameModel(found.name, ready.model)) choices.change({ ready: undefined });
      if (pinned && isSameModel(found.name, pinned)) choices.change({ pinned: undefined });
      preferNow();
      await refresh();
      return freed;
    },
    async importFile(path) {
      check();
      await pulls.importFile(path);
      pin();
    },
    choose(name, characterId) {
      const chosen = name === undefined ? undefined : model.shelf ? installed(name).name : name;
      if (characterId === undefined) chooseDefault(chosen);
      else {
        const { [characterId]: _, ...others } = choices.now().byCharacter;
        choices.change({ byCharacter: chosen === undefined ? others : { ...others, [characterId]: chosen } });
      }
      tell();
    },
    chooseContext(contextTokens) {
      if (settings.locked.context !== undefined) throw locked(settings.locked.context);
      settings.change({ contextTokens });
      contexts.clear();
      tell();
    },
    putOfferAway() {
      const offer = state().offer;
      if (!offer) return;
      const declined = [...choices.now().declined, canonicalModelName(offer.model)].slice(-100);
      choices.change(offer.kind === 'ready' ? { ready: undefined } : { declined });
      tell();
    },
    modelFor({ characterId, model: own }) {
      return own ?? choices.now().byCharacter[characterId];
    },
    contextOf: contextFor,
    noteUse(name) {
      choices.change({ usedAt: { ...choices.now().usedAt, [canonicalModelName(name)]: clock.now() } });
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

  function chooseDefault(chosen: string | undefined): void {
    if (settings.locked.model !== undefined) throw locked(settings.locked.model);
    const { ready } = choices.now();
    if (ready && chosen !== undefined && isSameModel(chosen, ready.model)) choices.change({ ready: undefined });
    choices.change({ pinned: undefined });
    settings.change({ model: chosen });
    preferNow();
  }
}

const locked = (variable: string): Fault =>
  new Fault('bad-request', `${variable} is set in the environment and goes before this choice; nothing was changed, so unset it first.`);

function listening<Hearer>(set: Set<Hearer>, hearer: Hearer): () => void {
  set.add(hearer);
  return () => void set.delete(hearer);
}
