/** @file Configuration: defaults, values, and one sentence where a value is wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, withEnvFile } from './config.ts';

const read = (environment: Record<string, string>) => {
  const result = readConfig({ HOME: '/home/x', ...environment });
  if ('problem' in result) throw new Error(result.problem.sentence);
  return result.config;
};
const wrong: [string, string][] = [
  ['SERVICE_PORT', '65536'],
  ['SERVICE_PORT', '-1'],
  ['SERVICE_PORT', '80a'],
  ['OLLAMA_BASE_URL', 'localhost:11434'],
  ['OLLAMA_BASE_URL', 'file:///etc/passwd'],
  ['OLLAMA_BASE_URL', 'http://ann:50%@localhost:11434'],
  ['CHARACTER_MANAGER_URL', 'http://ann:%ff@localhost'],
  ['MEMORY_SUBSYSTEM_URL', 'http://%@localhost'],
  ['OLLAMA_TIMEOUT', '0'],
  ['REDIS_PORT', '0'],
  ['DEFAULT_TEMPERATURE', '2.1'],
  ['DEFAULT_TOP_P', 'high'],
  ['MAX_TOKENS', '0'],
  ['WS_PING_INTERVAL', 'NaN'],
  ['LOG_LEVEL', 'LOUD'],
  ['REQUIRE_TOKEN', 'perhaps'],
  ['ALLOWED_ORIGINS', 'http://localhost:3000/path'],
  ['ALLOWED_HOSTS', 'a b'],
  ['NUM_CTX', '12'],
  ['API_TOKEN', 'short'],
];

describe('configuration', () => {
  it('[F1] has the seed’s defaults, with everything outside switched off', () => {
    expect(read({})).toMatchObject({
      serviceName: 'persona_engine',
      port: 8000,
      host: '127.0.0.1',
      ollamaBaseUrl: undefined,
      redis: undefined,
      characterManagerUrl: undefined,
      memorySubsystemUrl: undefined,
      ollamaModel: 'mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M',
      ollamaSilenceMs: 300_000,
      temperature: 0.7,
      topP: 0.9,
      maxTokens: 2048,
      pingIntervalMs: 30_000,
      pingTimeoutMs: 10_000,
      logLevel: 'INFO',
      requireToken: false,
    });
  });
  it('[F2] takes values as the seed writes them', () => {
    expect(
      read({
        SERVICE_PORT: '0',
        OLLAMA_BASE_URL: 'http://localhost:11434',
        REDIS_HOST: 'redis',
        LOG_LEVEL: 'warning',
        OLLAMA_TIMEOUT: '1.5',
      }),
    ).toMatchObject({
      port: 0,
      ollamaBaseUrl: 'http://localhost:11434',
      redis: { host: 'redis', port: 6379, db: 0 },
      logLevel: 'WARNING',
      ollamaSilenceMs: 1_500,
    });
  });
  it('[F3] counts an empty value as unset', () => {
    expect(read({ OLLAMA_BASE_URL: '  ', SERVICE_PORT: '' })).toMatchObject({ ollamaBaseUrl: undefined, port: 8000 });
  });
  it.each(wrong)('[F4] refuses %s=%s in one sentence', (variable, value) => {
    const result = readConfig({ [variable]: value });
    if (!('problem' in result)) throw new Error('accepted');
    expect(result.problem.variable).toBe(variable);
    expect(result.problem.sentence).toMatch(new RegExp(`^${variable} is .+; allowed: .+\\.$`));
    expect(result.problem.sentence.includes(value)).toBe(variable !== 'API_TOKEN' && !value.includes('@'));
    expect(result.problem.sentence).not.toMatch(/ann|50%@/);
  });
  it('[F4] takes a password as an address has to write it', () => {
    expect(read({ OLLAMA_BASE_URL: 'http://ann:50%25@localhost:11434' }).ollamaBaseUrl).toBe('http://ann:50%25@localhost:11434');
  });
  it.each<[string, string]>([
    ['as the seed writes it', '# Service\nSERVICE_PORT=8123\n\nREDIS_HOST=redis\nLOG_LEVEL=INFO\n'],
    ['with the line ends of Windows', 'SERVICE_PORT=8123\r\nREDIS_HOST=redis\r\n'],
    ['with a mark at its beginning', '\uFEFFSERVICE_PORT=8123\nREDIS_HOST=redis\n'],
    ['with quotes and blanks', 'SERVICE_PORT="8123"\nREDIS_HOST = redis # the container\n'],
  ])('[F20] reads a file .env %s, and the environment goes before it', (_name, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'env-'));
    try {
      expect(withEnvFile({ HOME: '/x' }, folder)).toEqual({ HOME: '/x' });
      mkdirSync(join(folder, 'other', '.env'), { recursive: true });
      expect(withEnvFile({}, join(folder, 'other'))).toEqual({});
      writeFileSync(join(folder, '.env'), words);
      expect(read(withEnvFile({}, folder) as Record<string, string>)).toMatchObject({ port: 8123, redis: { host: 'redis' } });
      expect(read(withEnvFile({ SERVICE_PORT: '9' }, folder) as Record<string, string>)).toMatchObject({
        port: 9,
        redis: { host: 'redis' },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('[F5] demands a token beyond loopback unless that is waived', () => {
    expect(read({ SERVICE_HOST: '0.0.0.0' }).requireToken).toBe(true);
    expect(read({ SERVICE_HOST: '0.0.0.0', REQUIRE_TOKEN: 'false' }).requireToken).toBe(false);
    expect(read({ SERVICE_HOST: '127.0.0.1', REQUIRE_TOKEN: 'true' }).requireToken).toBe(true);
  });
});
