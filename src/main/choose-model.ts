/** @file Which model server answers, and why: the one that was named, our own, one that is there, else the embedded engine. */
import { join } from 'node:path';
import { DEFAULT_CONTEXT_TOKENS } from '../shared/limits.ts';
import type { ModelStatus } from '../shared/status.ts';
import { createEmbeddedModel } from './adapters/embedded/embedded-model.ts';
import { createStarterModel } from './adapters/embedded/starter-model.ts';
import { findLocalOllama } from './adapters/ollama/find.ts';
import { createOllamaModel } from './adapters/ollama/model.ts';
import { unloadModels } from './adapters/ollama/unload.ts';
import { type BinaryOrigin, type BinaryPlaces, type BinarySearch, findBinary, versionOf } from './adapters/ollama-server/find-binary.ts';
import { createOwnOllama, type OwnOllama } from './adapters/ollama-server/own-ollama.ts';
import { becauseOf } from './adapters/ollama-server/own-server.ts';
import type { Config } from './config.ts';
import type { Clock, Log, Model } from './engine/ports.ts';
import { checkoutFolder, embeddedEngineFolder, nodeProgram, packedResources, packedStarter, wardenFile } from './paths.ts';

/** Where Ollama listens unless it was told otherwise (its documentation, OLLAMA_HOST). */
const LOCAL_OLLAMA = 'http://127.0.0.1:11434';
/** A server on this machine answers within this, or it is not taken. */
const FIND_MS = 500;

export type ChoicePorts = {
  log: Log;
  clock: Clock;
  /** Where the log of our own Ollama goes; opened only where there is one. */
  openServerLog(): (line: string) => void;
};

export type Chosen = {
  engine: 'ollama' | 'own' | 'embedded';
  /** One sentence. */
  because: string;
  /** Where the binary of our own Ollama came from. */
  origin?: BinaryOrigin;
  /** Why it cannot be used as it is. */
  flaw?: string;
};

/** The model that answers, and our own Ollama behind it where that is it. */
export type Choice = { chosen: Chosen; model: Model; own: OwnOllama | undefined };

/** Everything that our own Ollama writes, but for its log. */
export const serverFolder = ({ dataFolder }: Pick<Config, 'dataFolder'>): string => join(dataFolder, 'model-server');

/** Where a binary of our own may lie, in the order in which they are taken. */
function binaryPlaces(config: Pick<Config, 'ollamaBin' | 'dataFolder'>): BinaryPlaces {
  return {
    named: config.ollamaBin,
    resources: packedResources(),
    checkout: checkoutFolder,
    dataFolder: config.dataFolder,
    path: process.env['PATH'] ?? '',
    platform: process.platform,
    architecture: process.arch,
    versionOf,
  };
}

type LocalOllama = { version: string; models: number };

export type Surroundings = {
  places: BinaryPlaces;
  /** The Ollama that listens where Ollama does, if one answers. */
  findLocal(): Promise<LocalOllama | undefined>;
};

const surroundingsOf = (config: Pick<Config, 'ollamaBin' | 'dataFolder'>): Surroundings => ({
  places: binaryPlaces(config),
  findLocal: () => findLocalOllama(LOCAL_OLLAMA, FIND_MS),
});

/**
 * The order, without starting anything. A running server of the person's with models goes before a binary that is merely
 * installed (docs/decisions/own-ollama.md); one that was named, shipped or fetched is ours and goes before both.
 */
export async function findModelServer(
  config: Pick<Config, 'ollamaBaseUrl' | 'ollamaBin' | 'dataFolder'>,
  { places, findLocal }: Surroundings = surroundingsOf(config),
): Promise<Chosen> {
  if (config.ollamaBaseUrl !== undefined) return { engine: 'ollama', because: 'OLLAMA_BASE_URL is set.' };
  const [search, local] = await Promise.all([findBinary(places), findLocal()]);
  const { found } = search;
  if (found && found.origin !== 'installed') return { engine: 'own', because: becauseOf(found) + leftAlone(local), origin: found.origin };
  if (config.ollamaBin !== undefined)
    return { engine: 'own', because: 'OLLAMA_BIN is set.', origin: 'named', flaw: search.passedOver.join('; ') };
  if (local && local.models > 0) return { engine: 'ollama', because: `${saidOf(local)}; it is used as it is.` };
  if (found) return { engine: 'own', because: becauseOf(found) + leftAlone(local), origin: found.origin };
  return { engine: 'embedded', because: whyEmbedded(search, local !== undefined) };
}

const saidOf = ({ version, models }: LocalOllama): string =>
  `An Ollama ${version} of yours with ${models === 0 ? 'no model' : models === 1 ? '1 model' : `${models} models`} answers on this machine`;

/** A running Ollama of the person's is named wherever the choice is, also where another one was taken. */
const leftAlone = (local: LocalOllama | undefined): string => (local ? ` ${saidOf(local)} too; it is left alone.` : '');

function whyEmbedded({ passedOver }: BinarySearch, answers: boolean): string {
  const server = answers ? 'the Ollama on this machine has no model' : 'no Ollama answers on this machine';
  return `The built-in engine is used, for ${[...passedOver, server].join('; ')}.`;
}

/** The choice is logged with its reason; nothing is started, stopped or pulled in a server that is not ours. */
export async function chooseModel(config: Config, ports: ChoicePorts): Promise<Choice> {
  const chosen = await findModelServer(config);
  ports.log.info('model-chosen', chosen);
  if (chosen.engine === 'own') {
    const own = ownOllama(config, ports, chosen.because);
    return { chosen, model: own, own };
  }
  if (chosen.engine === 'embedded') return { chosen, model: withChoice(embedded(config, ports), chosen.because), own: undefined };
  const fixed = config.ollamaBaseUrl !== undefined;
  const model = withChoice(connect(config, ports, config.ollamaBaseUrl ?? LOCAL_OLLAMA, fixed), chosen.because);
  return { chosen, model, own: undefined };
}

function connect(config: Config, { log, clock }: ChoicePorts, baseUrl: string, fixed: boolean): Model {
  const { ollamaModel: model, ollamaModelFixed, ollamaSilenceMs: silenceMs } = config;
  return createOllamaModel({ model, silenceMs, log, clock, baseUrl, fixed, anyModel: !ollamaModelFixed });
}

function ownOllama(config: Config, ports: ChoicePorts, because: string): OwnOllama {
  const { log, clock } = ports;
  const starter = createStarterModel({ dataFolder: config.dataFolder, starterPath: starterPathOf(config), log, clock });
  return createOwnOllama({
    places: binaryPlaces(config),
    folder: serverFolder(config),
    warden: wardenFile(),
    contextTokens: config.contextTokens ?? DEFAULT_CONTEXT_TOKENS,
    inherited: process.env,
    probe: async (url, timeoutMs) => (await findLocalOllama(url, timeoutMs)) !== undefined,
    unload: unloadModels,
    connect: (baseUrl) => connect(config, ports, baseUrl, false),
    starter: config.ollamaModelFixed ? undefined : starter,
    wanted: config.ollamaModel,
    because,
    logSink: ports.openServerLog(),
    log,
    clock,
  });
}

/** The person's own comes before one that was shipped. */
const starterPathOf = ({ starterModel }: Config): string | undefined => starterModel ?? packedStarter();

function embedded(config: Config, { log, clock }: ChoicePorts): Model {
  const starterPath = starterPathOf(config);
  const model = createEmbeddedModel({
    toolFolder: embeddedEngineFolder,
    dataFolder: config.dataFolder,
    nodePath: nodeProgram(),
    ...(starterPath === undefined ? {} : { starterPath }),
    log,
    clock,
  });
  void model.prepare();
  return model;
}

/** Tells the reason of the choice with every status. */
function withChoice(model: Model, because: string): Model {
  const told = (status: ModelStatus): ModelStatus => ({ ...status, choice: { because } });
  return {
    ...model,
    status: () => told(model.status()),
    onStatus: (listener) => model.onStatus((status) => listener(told(status))),
  };
}
