/** @file Ollama itself on this machine: installing it, and letting it take over when it is there. A part of compose.ts. */
import { join } from 'node:path';
import { Fault } from '../shared/faults.ts';
import { shortModelName } from '../shared/model-names.ts';
import type { RuntimeServer, RuntimeStatus } from '../shared/runtime.ts';
import { RELEASE_TRIES, RUNTIME_LOG_LINES } from '../shared/runtime-limits.ts';
import { createReleaseClient, type ReleaseClient } from './adapters/ollama-release/client.ts';
import { createInstaller, type Installer } from './adapters/ollama-release/installer.ts';
import { releaseNotices } from './adapters/ollama-release/notices.ts';
import { placeAt } from './adapters/ollama-release/place.ts';
import { type Pin, pinned, RELEASES } from './adapters/ollama-release/release.ts';
import { findTheirModels } from './adapters/ollama-server/find-models.ts';
import { offerOf, shownFolder } from './adapters/ollama-server/models-folder.ts';
import type { OwnOllama } from './adapters/ollama-server/own-ollama.ts';
import { type Choice, type ChoicePorts, chooseModel, findModelServer } from './choose-model.ts';
import type { Config } from './config.ts';
import { knownModel } from './engine/models/known-models.ts';
import type { Model } from './engine/ports.ts';
import type { Runtime } from './engine/runtime.ts';
import { createSwitchModel, type SwitchModel } from './engine/switch-model.ts';

export type OpenedRuntime = {
  model: Model;
  runtime: Runtime;
  /** Hears that Ollama is there and that the person asked for the model to follow. */
  onModelWanted(listener: (model: string) => void): void;
};

/** Where an Ollama that this program fetched lies; find-binary.ts looks there. */
export const fetchedPlace = ({ dataFolder }: Pick<Config, 'dataFolder'>) => placeAt(join(dataFolder, 'ollama'));

/** Why none is to be installed; undefined where it is for this program to do. */
function whyNot(config: Config, { chosen }: Choice): string | undefined {
  if (config.ollamaBaseUrl !== undefined) return 'OLLAMA_BASE_URL names the Ollama to use, so none is installed here.';
  if (config.ollamaBin !== undefined) return 'OLLAMA_BIN names the Ollama to run, so none is installed here.';
  if (chosen.engine === 'ollama') return 'The Ollama that runs on this machine already is used as it is, so none is installed.';
  switch (chosen.origin) {
    case 'bundled':
      return 'Ollama came with this program.';
    case 'checkout':
      return 'Ollama was fetched into this checkout.';
    case 'fetched':
      return 'An Ollama lies in the folder of this program already, put there by hand.';
    case 'installed':
      return 'The Ollama that is installed on this machine is run, so none is fetched.';
    default:
      return undefined;
  }
}

function serverOf(own: OwnOllama): RuntimeServer {
  const { state, reason, url, version } = own.server();
  return { state, reason, ...(version === undefined ? {} : { version }), ...(url === undefined ? {} : { address: url }) };
}

const notOurs = (): Fault => new Fault('bad-request', 'The Ollama that answers is not ours to start, stop or change; nothing was changed.');

export type RuntimeParts = { pins: Pin; choose: typeof chooseModel };

/** What answers now, and who hears of it. */
type Ground = {
  config: Config;
  ports: ChoicePorts;
  parts: RuntimeParts;
  choice: Choice;
  /** The port behind which another can take over. */
  model: SwitchModel;
  listeners: Set<(status: RuntimeStatus) => void>;
  offServer(): void;
  modelWanted(model: string): void;
  closed: boolean;
};
type World = Ground & { installer: Installer };

function statusOf({ choice: { own }, installer }: World): RuntimeStatus {
  return { install: installer.status(), ...(own ? { server: serverOf(own), models: own.models() } : {}) };
}

function tell(world: World): void {
  const status = statusOf(world);
  for (const listener of world.listeners) listener(status);
}

/** Hears the server of whatever answers now. */
function hearServer(world: World): void {
  world.offServer();
  world.offServer = world.choice.own?.onServer(() => tell(world)) ?? (() => {});
}

/** Looks again at what is there; a server that was found now takes over without a new start of the program. */
async function chooseAgain(world: World): Promise<void> {
  const { config, ports, parts, choice, model, installer } = world;
  const next = await parts.choose(config, ports);
  if (world.closed || next.chosen.engine === choice.chosen.engine) return next.model.close();
  world.choice = next;
  hearServer(world);
  model.switchTo(next.model);
  installer.refresh();
  tell(world);
}

/** A new binary is taken by our own server with its next start, after the reply that it is writing; where none of ours ran, it takes over. */
async function adopt(world: World): Promise<void> {
  const { own } = world.choice;
  if (world.closed) return;
  if (!own) return chooseAgain(world);
  await world.model.idle();
  if (world.closed) return;
  await own.stop();
  own.retry();
  tell(world);
}

/** Where nothing can answer, somebody may have started or installed an Ollama of theirs since. */
async function reconsider(world: World): Promise<void> {
  const { config, choice, model } = world;
  const isStuck = choice.chosen.engine === 'embedded' && ['failed', 'absent'].includes(model.status().state);
  if (isStuck && (await findModelServer(config)).engine !== 'embedded') await chooseAgain(world);
}

function installed(world: World, thenModel: boolean): void {
  const { ports, config } = world;
  adopt(world).then(
    () => {
      if (thenModel && world.choice.own) world.modelWanted(config.ollamaModel);
    },
    (cause: unknown) => ports.log.error('installed-not-adopted', { cause }),
  );
}

function installerOf(ground: Ground, client: ReleaseClient, onInstalled: (thenModel: boolean) => void): Installer {
  const { config, ports, parts } = ground;
  const place = fetchedPlace(config);
  return createInstaller({
    pin: parts.pins,
    place,
    base: config.ollamaReleaseUrl ?? RELEASES,
    platform: process.platform,
    architecture: process.arch,
    folder: shownFolder(place.target),
    notices: releaseNotices,
    client,
    tries: RELEASE_TRIES,
    clock: ports.clock,
    log: ports.log,
    notOffered: () => whyNot(config, ground.choice),
    model: knownModel(config.ollamaModel) ?? { label: shortModelName(config.ollamaModel) },
    theirModels: offerOf(process.env, ''),
    onInstalled,
  });
}

function ours({ choice: { own } }: World): OwnOllama {
  if (!own) throw notOurs();
  return own;
}

async function shareModels(world: World, share: boolean): Promise<void> {
  const own = ours(world);
  const theirs = findTheirModels(process.env);
  if (share && !theirs) throw new Fault('bad-request', 'No models of an Ollama of yours were found; nothing was changed.');
  await own.shareModels(share ? theirs?.folder : undefined);
  tell(world);
}

function runtimeOf(world: World, client: ReleaseClient): Runtime {
  const { installer, listeners } = world;
  return {
    status: () => statusOf(world),
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    licences: () => [...releaseNotices],
    lookUp: installer.lookUp,
    install: installer.install,
    pause: installer.pause,
    cancel: installer.cancel,
    shareModels: (share) => shareModels(world, share),
    stopServer: () => ours(world).stop(),
    startServer: () => ours(world).retry(),
    log: () => world.choice.own?.log().slice(-RUNTIME_LOG_LINES) ?? [],
    async close() {
      world.closed = true;
      await installer.close();
      await client.close();
    },
  };
}

/** Chooses what answers, and looks after Ollama itself. `parts` differ in tests alone. */
export async function openRuntime(
  config: Config,
  ports: ChoicePorts,
  parts: RuntimeParts = { pins: pinned, choose: chooseModel },
): Promise<OpenedRuntime> {
  const choice = await parts.choose(config, ports);
  const lookAgain = () => void reconsider(world).catch((cause: unknown) => ports.log.error('not-chosen-again', { cause }));
  const model = createSwitchModel(choice.model, lookAgain);
  const nobody = { listeners: new Set<never>(), offServer: () => {}, modelWanted: () => {}, closed: false };
  const ground: Ground = { config, ports, parts, choice, model, ...nobody };
  const client = createReleaseClient();
  const installer = installerOf(ground, client, (thenModel) => installed(world, thenModel));
  const world: World = Object.assign(ground, { installer });
  installer.onStatus(() => tell(world));
  hearServer(world);
  void installer.begin().catch((cause: unknown) => ports.log.error('installation-not-resumed', { cause }));
  const onModelWanted: OpenedRuntime['onModelWanted'] = (listener) => {
    world.modelWanted = listener;
  };
  return { model, runtime: runtimeOf(world, client), onModelWanted };
}
