/** @file Ollama itself on this machine: installing it, and letting it take over when it is there. A part of compose.ts. */
import { join } from 'node:path';
import { Fault } from '../shared/faults.ts';
import { shortModelName } from '../shared/model-names.ts';
import type { RuntimeServer, RuntimeStatus } from '../shared/runtime.ts';
import { RELEASE_TRIES, RUNTIME_LOG_LINES } from '../shared/runtime-limits.ts';
import { createReleaseClient } from './adapters/ollama-release/client.ts';
import { createInstaller } from './adapters/ollama-release/installer.ts';
import { releaseNotices } from './adapters/ollama-release/notices.ts';
import { placeAt } from './adapters/ollama-release/place.ts';
import { type Pin, pinned, RELEASES } from './adapters/ollama-release/release.ts';
import { findTheirModels } from './adapters/ollama-server/find-models.ts';
import { shownFolder } from './adapters/ollama-server/models-folder.ts';
import type { OwnOllama } from './adapters/ollama-server/own-ollama.ts';
import { type Choice, type ChoicePorts, chooseModel } from './choose-model.ts';
import type { Config } from './config.ts';
import { knownModel } from './engine/models/known-models.ts';
import type { Model } from './engine/ports.ts';
import type { Runtime } from './engine/runtime.ts';
import { createSwitchModel } from './engine/switch-model.ts';

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

/** Chooses what answers, and looks after Ollama itself. `parts` differ in tests alone. */
export async function openRuntime(
  config: Config,
  ports: ChoicePorts,
  { pins, choose }: RuntimeParts = { pins: pinned, choose: chooseModel },
): Promise<OpenedRuntime> {
  const { clock, log } = ports;
  let choice = await choose(config, ports);
  const model = createSwitchModel(choice.model);
  const listeners = new Set<(status: RuntimeStatus) => void>();
  const place = fetchedPlace(config);
  const client = createReleaseClient();
  let closed = false;
  let wanted: (model: string) => void = () => {};

  const status = (): RuntimeStatus => {
    const { own } = choice;
    return { install: installer.status(), ...(own ? { server: serverOf(own), models: own.models() } : {}) };
  };
  const tell = () => {
    const now = status();
    for (const listener of listeners) listener(now);
  };
  /** Hears the server of whatever answers now. */
  let offServer = () => {};

  /** Looks again at what is there; a server that was found now takes over without a new start of the program. */
  const adopt = async (): Promise<void> => {
    if (closed) return;
    if (choice.own) {
      await choice.own.stop();
      choice.own.retry();
      return tell();
    }
    const next = await choose(config, ports);
    if (closed || next.chosen.engine === choice.chosen.engine) return void next.model.close();
    offServer();
    choice = next;
    offServer = next.own?.onServer(tell) ?? offServer;
    model.switchTo(next.model);
    tell();
  };
  const installer = createInstaller({
    pin: pins,
    place,
    base: config.ollamaReleaseUrl ?? RELEASES,
    platform: process.platform,
    architecture: process.arch,
    folder: shownFolder(place.target),
    notices: releaseNotices,
    client,
    tries: RELEASE_TRIES,
    clock,
    log,
    notOffered: () => whyNot(config, choice),
    model: knownModel(config.ollamaModel) ?? { label: shortModelName(config.ollamaModel) },
    onInstalled: (thenModel) =>
      void adopt().then(
        () => thenModel && choice.own && wanted(config.ollamaModel),
        (cause: unknown) => log.error('installed-not-adopted', { cause }),
      ),
  });
  installer.onStatus(tell);
  offServer = choice.own?.onServer(tell) ?? offServer;
  void installer.begin().catch((cause: unknown) => log.error('installation-not-resumed', { cause }));

  const ours = (): OwnOllama => {
    if (!choice.own) throw notOurs();
    return choice.own;
  };
  const runtime: Runtime = {
    status,
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    licences: () => [...releaseNotices],
    lookUp: installer.lookUp,
    install: installer.install,
    pause: installer.pause,
    cancel: installer.cancel,
    async shareModels(share) {
      const own = ours();
      const theirs = findTheirModels(process.env);
      if (share && !theirs) throw new Fault('bad-request', 'No models of an Ollama of yours were found; nothing was changed.');
      await own.shareModels(share ? theirs?.folder : undefined);
      tell();
    },
    stopServer: () => ours().stop(),
    startServer: () => ours().retry(),
    log: () => choice.own?.log().slice(-RUNTIME_LOG_LINES) ?? [],
    async close() {
      closed = true;
      await installer.close();
      await client.close();
    },
  };
  const onModelWanted = (listener: typeof wanted) => {
    wanted = listener;
  };
  return { model, runtime, onModelWanted };
}
