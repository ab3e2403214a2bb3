/** @file What the scripts, the documents and the program each say about the same thing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { starterSource } from '../../src/main/adapters/embedded/starter-source.ts';
import { defaultDataFolder as ofProgram, readConfig } from '../../src/main/config.ts';
import { dataFolderOf, defaultDataFolder } from './data-folder.mjs';
import { STARTER_FILE } from './machine.mjs';
import { at } from './project.mjs';

const text = (path) => readFileSync(at(path), 'utf8');
const namesIn = (source, pattern) => [...source.matchAll(pattern)].map(([, name]) => name).sort((a, b) => (a < b ? -1 : 1));

/** seed-persona-engine: its sixteen variables and their values. */
const seed = {
  SERVICE_NAME: 'persona_engine',
  SERVICE_PORT: '8000',
  OLLAMA_BASE_URL: 'http://localhost:11434',
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
};

describe('one thing said in two places', () => {
  it.each([{}, { XDG_DATA_HOME: '/somewhere' }, { XDG_DATA_HOME: 'not/absolute' }])('[N3] the data folder, with %o', (environment) => {
    expect(defaultDataFolder(environment)).toBe(ofProgram(environment));
  });

  it.each([{ PERSONA_DATA_DIR: 'a/folder' }, { PERSONA_DATA_DIR: ' /x ' }, { PERSONA_DATA_DIR: ' ' }])(
    '[N3] the data folder said, as %o',
    (environment) => {
      expect(dataFolderOf(environment)).toBe(readConfig(environment).config.dataFolder);
    },
  );

  it('[N3] the file of the starter model', () => {
    expect(STARTER_FILE).toBe(starterSource.file);
  });

  it('[N4] config.ts, .env.example and docs/configuration.md name the same variables', () => {
    const known = namesIn(text('src/main/config.ts'), /^ {2}([A-Z][A-Z_]+): \{/gm);
    expect(known.length).toBeGreaterThan(20);
    expect(namesIn(text('.env.example'), /^# ([A-Z][A-Z_]+)=/gm)).toEqual(known);
    const documented = text('docs/configuration.md').split('## Of the commands')[0];
    expect(namesIn(documented, /^\| `([A-Z][A-Z_]+)` \|/gm)).toEqual(known);
  });

  it('[N4] .env.example holds the sixteen of the seed with its values, and every line of it would be allowed', () => {
    const example = Object.fromEntries(
      [...text('.env.example').matchAll(/^# ([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(example).toMatchObject(seed);
    for (const [name, value] of Object.entries(example)) expect(readConfig({ [name]: value }), name).not.toHaveProperty('problem');
  });
});
