/** @file Dockerfile, .dockerignore and docker-compose.yml, read and held against the seed, the configuration and the packages. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/main/config.ts';
import toolchain from '../tools/node/package.json' with { type: 'json' };
import { environmentOf, readCompose } from './kit/compose-file.ts';
import { isIgnored, readDockerfile, readIgnore } from './kit/dockerfile.ts';
import { works } from './kit/run-example.ts';

const root = join(import.meta.dirname, '..');
const text = (name: string) => readFileSync(join(root, name), 'utf8');
const compose = (environment: Record<string, string> = {}) => readCompose(text('docker-compose.yml'), environment);
const configOf = (environment: Record<string, string>) => {
  const read = readConfig({ ...environment, SERVICE_HOST: '0.0.0.0', PERSONA_DATA_DIR: '/data' });
  if ('problem' in read) throw new Error(read.problem.sentence);
  return read.config;
};

/** The program that reads such files, with or without a daemon; the seed's own command is the older one. */
const reader = [
  ['docker', 'compose'],
  ['docker-compose', ''],
].find(([program = '', verb = '']) => works(program, ...(verb === '' ? [] : [verb]), 'version'));
if (!reader) console.warn('SKIPPED: docker-compose.yml by Docker itself: neither docker compose nor docker-compose is here');

describe('docker-compose.yml', () => {
  it.skipIf(!reader)('[X1] is taken by Docker Compose as it is, and stays on this machine', () => {
    const [program = '', verb = ''] = reader ?? [];
    const { PATH = '', HOME = '' } = process.env;
    const read = execFileSync(program, [...(verb === '' ? [] : [verb]), 'config'], { cwd: root, env: { PATH, HOME }, encoding: 'utf8' });
    for (const service of ['persona_engine', 'redis', 'ollama']) expect(read).toMatch(new RegExp(`^  ${service}:`, 'm'));
    expect(read).toMatch(/127\.0\.0\.1:8000:8000|host_ip: 127\.0\.0\.1/);
    expect(read).toMatch(/REQUIRE_TOKEN: "?'?false/);
  });

  it('[X1] gives the service the sixteen variables of the seed with its values, but for Ollama, which has a name here', () => {
    const environment = environmentOf(compose(), 'persona_engine');
    expect(environment).toMatchObject({
      SERVICE_NAME: 'persona_engine',
      SERVICE_PORT: '8000',
      OLLAMA_BASE_URL: 'http://ollama:11434',
      OLLAMA_MODEL: 'mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M',
      OLLAMA_TIMEOUT: '300',
      REDIS_HOST: 'redis',
      REDIS_PORT: '6379',
      REDIS_DB: '0',
      CHARACTER_MANAGER_URL: 'http://character_manager:8000',
      MEMORY_SUBSYSTEM_URL: 'http://memory_subsystem:8000',
      DEFAULT_TEMPERATURE: '0.7',
      DEFAULT_TOP_P: '0.9',
      MAX_TOKENS: '2048',
      WS_PING_INTERVAL: '30',
      WS_PING_TIMEOUT: '10',
      LOG_LEVEL: 'INFO',
      REQUIRE_TOKEN: 'false',
      ALLOWED_HOSTS: 'persona_engine',
    });
    expect(configOf(environment)).toMatchObject({ port: 8000, requireToken: false, allowedHosts: ['persona_engine'], apiToken: undefined });
  });

  it('[X1] takes what the environment says; set to nothing, Character Manager and Memory Subsystem are off', () => {
    const said = { SERVICE_PORT: '9000', MAX_TOKENS: '64', REQUIRE_TOKEN: 'true', CHARACTER_MANAGER_URL: '', MEMORY_SUBSYSTEM_URL: '' };
    const file = compose({ ...said, OLLAMA_BASE_URL: 'http://localhost:11434', REDIS_HOST: 'elsewhere' });
    expect(file.services['persona_engine']?.ports).toEqual(['127.0.0.1:9000:9000']);
    expect(configOf(environmentOf(file, 'persona_engine'))).toMatchObject({
      port: 9000,
      maxTokens: 64,
      requireToken: true,
      characterManagerUrl: undefined,
      memorySubsystemUrl: undefined,
      ollamaBaseUrl: 'http://ollama:11434',
      redis: { host: 'redis', port: 6379, db: 0 },
    });
  });

  it('[X1] has the services persona_engine, redis and ollama, publishes on this machine alone, and keeps data and models', () => {
    const { services, volumes } = compose();
    expect(Object.keys(services)).toEqual(['persona_engine', 'redis', 'ollama']);
    const { persona_engine: engine, redis, ollama } = services;
    expect(engine).toMatchObject({ build: '.', read_only: true, cap_drop: ['ALL'], depends_on: ['redis', 'ollama'], tmpfs: ['/tmp'] });
    expect(engine?.ports).toEqual(['127.0.0.1:8000:8000']);
    expect([redis?.ports, ollama?.ports]).toEqual([undefined, undefined]);
    const mounts = [engine, redis, ollama].flatMap((service) => service?.volumes ?? []);
    expect(mounts).toEqual(['persona_data:/data', 'ollama_models:/root/.ollama']);
    expect(Object.keys(volumes)).toEqual(['persona_data', 'ollama_models']);
    for (const image of [redis?.image, ollama?.image]) expect(image).toMatch(/^[\w/]+:\d+\.\d+/);
  });

  it('[X1] the check would see a misspelt key, a variable of another form and a value that the service refuses', () => {
    const broken = (from: string, to: string) => text('docker-compose.yml').replace(from, to);
    expect(() => readCompose(broken('read_only: true', 'readonly: true'))).toThrow(/readonly/);
    expect(() => readCompose(broken('${REDIS_DB:-0}', '${REDIS_DB?}'))).toThrow(/not understood/);
    expect(() => configOf(environmentOf(readCompose(broken('${MAX_TOKENS:-2048}', '${MAX_TOKENS:-many}')), 'persona_engine'))).toThrow(
      /MAX_TOKENS/,
    );
  });
});

describe('Dockerfile', () => {
  const stages = readDockerfile(text('Dockerfile'));
  const last = stages.at(-1);
  const of = (word: string) => last?.instructions.filter((one) => one.word === word).map(({ rest }) => rest) ?? [];

  it('[X2] names the exact Node that the packages bring, in both stages', () => {
    expect(stages.map(({ from }) => from)).toEqual([`node:${toolchain.version}-slim`, `node:${toolchain.version}-slim`]);
  });

  it('[X2] runs without rights, keeps its data in a volume, says how it is, and is started without a shell', () => {
    expect(of('USER')).toEqual(['node']);
    expect(of('VOLUME')).toEqual(['/data']);
    expect(of('EXPOSE')).toEqual(['8000']);
    expect(of('CMD')).toEqual(['["node", "out/main/headless.js"]']);
    expect(of('HEALTHCHECK')[0]).toMatch(/CMD \["node", "docker\/health\.mjs"\]$/);
    expect(of('ENV')[0]).toContain('PERSONA_DATA_DIR=/data');
    expect(of('ENV')[0]).not.toContain('REQUIRE_TOKEN');
  });

  it('[X2] the image gets no packages, no sources, no tests', () => {
    const sources = of('COPY').map((rest) => rest.replace('--from=build ', ''));
    expect(sources.map((rest) => rest.split(' ')[0])).toEqual([
      '/build/package.json',
      '/build/out',
      '/build/tools/embedded-engine',
      '/build/resources/warden.sh',
      '/build/resources/notices',
      '/build/resources/memory',
      'LICENSE',
      'docker',
    ]);
  });

  it('[X2] .dockerignore lets through what is copied and nothing that is this machine’s own', () => {
    const patterns = readIgnore(join(root, '.dockerignore'));
    const copied = stages.flatMap(({ instructions }) => instructions.filter(({ word }) => word === 'COPY').map(({ rest }) => rest));
    const names = copied.filter((rest) => !rest.includes('--from')).flatMap((rest) => rest.split(' ').slice(0, -1));
    for (const name of names) {
      expect(existsSync(join(root, name)), name).toBe(true);
      expect(isIgnored(patterns, name), name).toBe(false);
    }
    const own = [
      '.env',
      '.git/config',
      'node_modules/ws/index.js',
      'tools/embedded-engine/node_modules/x/y.js',
      'tools/embedded-engine/.installing-a/b',
    ];
    const needless = [
      'out/main/index.js',
      'docs/api.md',
      'test/SPEC.md',
      'src/main/.env',
      'resources/ollama/x',
      'src/main/config.test.ts',
      '.cache/x',
    ];
    for (const name of [...own, ...needless]) expect(isIgnored(patterns, name), name).toBe(true);
    expect(isIgnored(patterns, 'src/main/config.ts')).toBe(false);
  });
});
