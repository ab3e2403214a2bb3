/** @file What our own Ollama is told, and what never reaches it. */
import { describe, expect, it } from 'vitest';
import { serverEnvironment } from './environment.ts';

const settings = { home: '/data/home', models: '/data/models', contextTokens: 8_192, nonce: 'cafe' };

/** Each would change whom the server listens to, what it loads, what it writes, or what it learns. */
const hostile = {
  OLLAMA_HOST: '0.0.0.0:11434',
  OLLAMA_MODELS: '/home/person/.ollama/models',
  OLLAMA_ORIGINS: '*',
  OLLAMA_DEBUG: '2',
  OLLAMA_DEBUG_LOG_REQUESTS: '1',
  OLLAMA_NO_CLOUD: '0',
  OLLAMA_NOPRUNE: '',
  OLLAMA_KEEP_ALIVE: '-1',
  OLLAMA_NUM_PARALLEL: '16',
  OLLAMA_MAX_LOADED_MODELS: '9',
  OLLAMA_GO_TEMPLATE: '1',
  OLLAMA_LIBRARY_PATH: '/tmp/hostile',
  OLLAMA_LLM_LIBRARY: 'hostile',
  OLLAMA_REMOTES: 'hostile.example',
  OLLAMA_EDITOR: '/tmp/hostile',
  OLLAMA_AUTH: '1',
  LLAMA_ARG_HOST: '0.0.0.0',
  LLAMA_ARG_API_KEY_FILE: '/etc/passwd',
  LLAMA_ARG_CORS_ORIGINS: '*',
  LLAMA_ARG_CACHE_RAM: '0',
  LLAMA_ARG_MODEL_URL: 'https://hostile.example/model.gguf',
  LLAMA_LOG_FILE: '/tmp/prompts.log',
  GGML_BACKEND_PATH: '/tmp/hostile.so',
  LD_PRELOAD: '/tmp/hostile.so',
  LD_LIBRARY_PATH: '/tmp/hostile',
  LD_AUDIT: '/tmp/hostile.so',
  DYLD_INSERT_LIBRARIES: '/tmp/hostile.dylib',
  HOME: '/home/person',
  XDG_CONFIG_HOME: '/home/person/.config',
  NODE_OPTIONS: '--require /tmp/hostile.js',
  API_TOKEN: 'secret-of-the-doors',
  REDIS_HOST: 'redis.example',
  GIN_MODE: 'debug',
  GODEBUG: 'http2debug=2',
  PERSONA_ENGINE_RUN: 'not-ours',
  PERSONA_DATA_DIR: '/home/person/data',
};

describe('the environment of our own Ollama', () => {
  it(`[U1] none of ${Object.keys(hostile).length} hostile variables reaches it`, () => {
    const built = serverEnvironment(hostile, settings);
    const clean = serverEnvironment({}, settings);
    expect(Object.keys(hostile).length).toBeGreaterThanOrEqual(30);
    expect(built).toEqual(clean);
    for (const value of Object.values(hostile).filter((one) => one.length > 2)) expect(Object.values(built)).not.toContain(value);
  });

  it('[U1] is told everything that keeps it private, small and silent', () => {
    expect(serverEnvironment({}, settings)).toEqual({
      HOME: '/data/home',
      USERPROFILE: '/data/home',
      OLLAMA_HOST: '127.0.0.1:0',
      OLLAMA_MODELS: '/data/models',
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_NOPRUNE: '1',
      OLLAMA_NOHISTORY: '1',
      OLLAMA_KEEP_ALIVE: '10m',
      OLLAMA_CONTEXT_LENGTH: '8192',
      OLLAMA_NUM_PARALLEL: '1',
      OLLAMA_MAX_LOADED_MODELS: '1',
      OLLAMA_MAX_QUEUE: '8',
      OLLAMA_LOAD_TIMEOUT: '10m',
      LLAMA_ARG_CACHE_RAM: '1024',
      LLAMA_ARG_CORS_ORIGINS: 'localhost',
      PERSONA_ENGINE_RUN: 'cafe',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
    });
  });

  it('[U1] sees the person’s proxy, language and choice of graphics cards, and no relative folder of PATH', () => {
    const built = serverEnvironment(
      {
        HTTPS_PROXY: 'http://proxy.example:8080',
        NO_PROXY: 'intranet.example',
        LANG: 'cs_CZ.UTF-8',
        CUDA_VISIBLE_DEVICES: '1',
        PATH: '/usr/bin:.::bin:/bin',
        SSL_CERT_FILE: undefined,
      },
      settings,
    );
    expect(built).toMatchObject({
      HTTPS_PROXY: 'http://proxy.example:8080',
      NO_PROXY: 'intranet.example,127.0.0.1,localhost',
      LANG: 'cs_CZ.UTF-8',
      CUDA_VISIBLE_DEVICES: '1',
      PATH: '/usr/bin:/bin',
    });
    expect(built).not.toHaveProperty('SSL_CERT_FILE');
  });
});
