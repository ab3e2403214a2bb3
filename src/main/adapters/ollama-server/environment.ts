/** @file The environment of our own Ollama, built from nothing: what it is told, and the little of ours it may see. */
import { delimiter } from 'node:path';
import { MODEL_KEEP_ALIVE, SERVER_CACHE_MIB, SERVER_LOAD_TIMEOUT, SERVER_QUEUE } from '../../../shared/limits.ts';

export type Environment = Record<string, string | undefined>;

export type ServerSettings = {
  /** A folder of its own in place of the person's home: it writes a key there. */
  home: string;
  /** Where models lie. */
  models: string;
  contextTokens: number;
  /** Marks this run's processes, so that a later start knows them for ours. */
  nonce: string;
};

/** The variable that holds the mark. */
export const RUN_VARIABLE = 'PERSONA_ENGINE_RUN';

/** What a program needs of any machine, what the person's network asks for, and which graphics cards may be used. In capitals: Windows writes some otherwise. */
const allowed = new Set([
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'WINDIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CUDA_VISIBLE_DEVICES',
  'GPU_DEVICE_ORDINAL',
  'HIP_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
  'HSA_OVERRIDE_GFX_VERSION',
  'GGML_VK_VISIBLE_DEVICES',
]);

const withLoopback = (noProxy: string | undefined): string =>
  [noProxy, '127.0.0.1', 'localhost'].filter((part) => part !== undefined && part !== '').join(',');

/** PATH without relative folders, which would be looked up in the server's own. */
const absoluteOnly = (path: string): string =>
  path
    .split(delimiter)
    .filter((folder) => /^([/\\]|[A-Za-z]:)/.test(folder))
    .join(delimiter);

/** Why each is set: docs/decisions/own-ollama.md. */
function ours({ home, models, contextTokens, nonce }: ServerSettings): Record<string, string> {
  return {
    HOME: home,
    USERPROFILE: home,
    OLLAMA_HOST: '127.0.0.1:0',
    OLLAMA_MODELS: models,
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_NOPRUNE: '1',
    OLLAMA_NOHISTORY: '1',
    OLLAMA_KEEP_ALIVE: MODEL_KEEP_ALIVE,
    OLLAMA_CONTEXT_LENGTH: String(contextTokens),
    OLLAMA_NUM_PARALLEL: '1',
    OLLAMA_MAX_LOADED_MODELS: '1',
    OLLAMA_MAX_QUEUE: String(SERVER_QUEUE),
    OLLAMA_LOAD_TIMEOUT: SERVER_LOAD_TIMEOUT,
    LLAMA_ARG_CACHE_RAM: String(SERVER_CACHE_MIB),
    // Without it every web page may read from llama-server.
    LLAMA_ARG_CORS_ORIGINS: 'localhost',
    [RUN_VARIABLE]: nonce,
  };
}

/** The whole environment: nothing else of `inherited` reaches the server. */
export function serverEnvironment(inherited: Environment, settings: ServerSettings): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || !allowed.has(name.toUpperCase())) continue;
    passed[name] = name.toUpperCase() === 'PATH' ? absoluteOnly(value) : value;
  }
  const noProxy = withLoopback(inherited['NO_PROXY'] ?? inherited['no_proxy']);
  return { ...passed, NO_PROXY: noProxy, no_proxy: noProxy, ...ours(settings) };
}
