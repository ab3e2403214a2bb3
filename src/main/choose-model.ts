/** @file Which model server answers: the one that was named, else one that is there, else the embedded engine. */
import { createEmbeddedModel } from './adapters/embedded/embedded-model.ts';
import { findLocalOllama } from './adapters/ollama/find.ts';
import { createOllamaModel } from './adapters/ollama/model.ts';
import type { Config } from './config.ts';
import type { Clock, Log, Model } from './engine/ports.ts';
import { embeddedEngineFolder, nodeProgram } from './paths.ts';

/** Where Ollama listens unless it was told otherwise (its documentation, OLLAMA_HOST). */
const LOCAL_OLLAMA = 'http://127.0.0.1:11434';
/** A server on this machine answers within this, or it is not taken. */
const FIND_MS = 500;

/** The choice is logged with its reason; nothing is started, stopped or pulled in a server that is not ours. */
export async function chooseModel(config: Config, ports: { log: Log; clock: Clock }): Promise<Model> {
  const { log, clock } = ports;
  const common = { model: config.ollamaModel, silenceMs: config.ollamaSilenceMs, log, clock };
  if (config.ollamaBaseUrl !== undefined) {
    log.info('model-chosen', { engine: 'ollama', because: 'OLLAMA_BASE_URL is set' });
    return createOllamaModel({ ...common, baseUrl: config.ollamaBaseUrl, fixed: true, anyModel: !config.ollamaModelFixed });
  }
  const found = await findLocalOllama(LOCAL_OLLAMA, FIND_MS);
  if (found && found.models > 0) {
    log.info('model-chosen', { engine: 'ollama', because: 'an Ollama answers on this machine', version: found.version });
    return createOllamaModel({ ...common, baseUrl: LOCAL_OLLAMA, fixed: false, anyModel: !config.ollamaModelFixed });
  }
  log.info('model-chosen', {
    engine: 'embedded',
    because: found ? 'the Ollama on this machine has no model' : 'no Ollama answers on this machine',
  });
  const embedded = createEmbeddedModel({
    toolFolder: embeddedEngineFolder,
    dataFolder: config.dataFolder,
    nodePath: nodeProgram(),
    ...(config.starterModel === undefined ? {} : { starterPath: config.starterModel }),
    log,
    clock,
  });
  void embedded.prepare();
  return embedded;
}
