/** @file Configuration: the environment over `.env` over defaults; a wrong value ends the start with one sentence. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { Locked, Settings } from '../shared/settings.ts';
import { THOUGHT_TOKENS } from '../shared/thinking-limits.ts';
import { toneDefaults } from '../shared/tone-limits.ts';

export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** The seed's model (seed-persona-engine: OLLAMA_MODEL). */
const SEED_MODEL = 'mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M';

type Environment = Record<string, string | undefined>;

const whole = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= low && value <= high);
const decimal = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/)
    .transform(Number)
    .refine((value) => value >= low && value <= high);
const address = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && isReadable(new URL(value)));
const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no']))
  .transform((value) => ['true', '1', 'yes'].includes(value));
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const origins = list.refine((values) => values.every((value) => URL.canParse(value) && new URL(value).origin === value));
const hosts = list.refine((values) => values.every((value) => /^(\[[0-9a-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/i.test(value)));
const text = z.string().max(4096);

/** A name and password are sent as they are meant, not as an address writes them; a lone % means nothing there. */
function isReadable({ username, password }: URL): boolean {
  try {
    for (const part of [username, password]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** Every variable: how it is read, and what a person is told where it cannot be. */
const variables = {
  SERVICE_NAME: { schema: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), allowed: '1 to 64 letters, digits, dots, dashes or underscores' },
  SERVICE_PORT: { schema: whole(0, 65_535), allowed: 'whole numbers from 0 (any free port) to 65535' },
  SERVICE_HOST: { schema: z.string().regex(/^[A-Za-z0-9.:_-]{1,255}$/), allowed: 'an address or host name of this machine' },
  OLLAMA_BASE_URL: { schema: address, allowed: 'an http or https address such as http://localhost:11434, with %25 for a % in a password' },
  OLLAMA_MODEL: { schema: z.string().regex(/^[A-Za-z0-9._:/@-]{1,350}$/), allowed: 'a model name such as namespace/model:tag' },
  OLLAMA_TIMEOUT: { schema: decimal(1, 86_400), allowed: 'seconds from 1 to 86400' },
  REDIS_HOST: { schema: z.string().regex(/^[A-Za-z0-9.:_-]{1,255}$/), allowed: 'a host name or address' },
  REDIS_PORT: { schema: whole(1, 65_535), allowed: 'whole numbers from 1 to 65535' },
  REDIS_DB: { schema: whole(0, 100_000), allowed: 'whole numbers from 0' },
  CHARACTER_MANAGER_URL: { schema: address, allowed: 'an http or https address, with %25 for a % in a password' },
  MEMORY_SUBSYSTEM_URL: { schema: address, allowed: 'an http or https address, with %25 for a % in a password' },
  DEFAULT_TEMPERATURE: { schema: decimal(0, 2), allowed: 'numbers from 0 to 2' },
  DEFAULT_TOP_P: { schema: decimal(0, 1), allowed: 'numbers from 0 to 1' },
  MAX_TOKENS: { schema: whole(1, 1_000_000), allowed: 'whole numbers from 1 to 1000000' },
  WS_PING_INTERVAL: { schema: decimal(0.1, 86_400), allowed: 'seconds from 0.1 to 86400' },
  WS_PING_TIMEOUT: { schema: decimal(0.1, 86_400), allowed: 'seconds from 0.1 to 86400' },
  LOG_LEVEL: { schema: z.string().toUpperCase().pipe(z.enum(logLevels)), allowed: 'DEBUG, INFO, WARNING, ERROR or CRITICAL' },
  PERSONA_DATA_DIR: { schema: text, allowed: 'a folder' },
  ALLOWED_HOSTS: { schema: hosts, allowed: 'host names with or without a port, separated by commas' },
  ALLOWED_ORIGINS: { schema: origins, allowed: 'origins such as http://localhost:3000, separated by commas' },
  API_TOKEN: {
    schema: z.string().regex(/^[A-Za-z0-9._~+-]{16,512}$/),
    allowed: '16 to 512 letters, digits or . _ ~ + -',
    secret: true,
  },
  REQUIRE_TOKEN: { schema: flag, allowed: 'true or false' },
  OLLAMA_BIN: { schema: text, allowed: 'the path of an Ollama binary' },
  OLLAMA_RELEASE_URL: { schema: address, allowed: 'an http or https address, with %25 for a % in a password' },
  STARTER_MODEL: { schema: text, allowed: 'the path of a GGUF file' },
  NUM_CTX: { schema: whole(512, 1_048_576), allowed: 'whole numbers from 512 to 1048576' },
} as const;

/** One sentence: the variable, its value and what is allowed. Ends the start with exit code 2. */
export type ConfigProblem = { variable: string; sentence: string };

export type Config = {
  serviceName: string;
  port: number;
  host: string;
  ollamaBaseUrl: string | undefined;
  ollamaModel: string;
  /** Whether OLLAMA_MODEL was said, so that no other installed model may stand in for it. */
  ollamaModelFixed: boolean;
  ollamaSilenceMs: number;
  redis: { host: string; port: number; db: number } | undefined;
  characterManagerUrl: string | undefined;
  memorySubsystemUrl: string | undefined;
  temperature: number;
  topP: number;
  maxTokens: number;
  contextTokens: number | undefined;
  pingIntervalMs: number;
  pingTimeoutMs: number;
  logLevel: (typeof logLevels)[number];
  dataFolder: string;
  allowedHosts: string[];
  allowedOrigins: string[];
  apiToken: string | undefined;
  requireToken: boolean;
  starterModel: string | undefined;
  ollamaBin: string | undefined;
  /** Where Ollama's releases lie, such as a mirror. */
  ollamaReleaseUrl: string | undefined;
  /** Settings that the environment fixes, by their path, with the variable that does. */
  locked: Locked;
};

type Name = keyof typeof variables;
type Values = { [Key in Name]?: z.output<(typeof variables)[Key]['schema']> };

export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** Where conversations lie when nobody says otherwise: the platform's own place for such things. */
export function defaultDataFolder(environment: Environment): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Persona Engine');
  if (process.platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Persona Engine');
  const base = environment['XDG_DATA_HOME'];
  return join(base && isAbsolute(base) ? base : join(homedir(), '.local', 'share'), 'persona-engine');
}

/** Which variable fixes which setting. */
const lockingVariables = {
  OLLAMA_MODEL: 'model.name',
  NUM_CTX: 'model.contextTokens',
  DEFAULT_TEMPERATURE: 'generation.temperature',
  DEFAULT_TOP_P: 'generation.topP',
  MAX_TOKENS: 'generation.maxTokens',
  SERVICE_PORT: 'api.port',
  REQUIRE_TOKEN: 'api.requireToken',
  ALLOWED_ORIGINS: 'api.origins',
} as const satisfies Partial<Record<Name, string>>;

function lockedBy(values: Values): Locked {
  const fixing = (Object.keys(lockingVariables) as (keyof typeof lockingVariables)[]).filter((name) => values[name] !== undefined);
  const locked = Object.fromEntries(fixing.map((name) => [lockingVariables[name], name]));
  // Beyond this machine the token is demanded, unless the environment itself says that it is not (wire.md).
  return values.SERVICE_HOST !== undefined && !isLoopback(values.SERVICE_HOST) ? { 'api.requireToken': 'SERVICE_HOST', ...locked } : locked;
}

function fromValues(values: Values, environment: Environment): Config {
  const host = values.SERVICE_HOST ?? '127.0.0.1';
  return {
    serviceName: values.SERVICE_NAME ?? 'persona_engine',
    port: values.SERVICE_PORT ?? 8000,
    host,
    ollamaBaseUrl: values.OLLAMA_BASE_URL,
    ollamaModel: values.OLLAMA_MODEL ?? SEED_MODEL,
    ollamaModelFixed: values.OLLAMA_MODEL !== undefined,
    ollamaSilenceMs: (values.OLLAMA_TIMEOUT ?? 300) * 1000,
    redis:
      values.REDIS_HOST === undefined ? undefined : { host: values.REDIS_HOST, port: values.REDIS_PORT ?? 6379, db: values.REDIS_DB ?? 0 },
    characterManagerUrl: values.CHARACTER_MANAGER_URL,
    memorySubsystemUrl: values.MEMORY_SUBSYSTEM_URL,
    temperature: values.DEFAULT_TEMPERATURE ?? 0.7,
    topP: values.DEFAULT_TOP_P ?? 0.9,
    maxTokens: values.MAX_TOKENS ?? 2048,
    contextTokens: values.NUM_CTX,
    pingIntervalMs: (values.WS_PING_INTERVAL ?? 30) * 1000,
    pingTimeoutMs: (values.WS_PING_TIMEOUT ?? 10) * 1000,
    logLevel: values.LOG_LEVEL ?? 'INFO',
    dataFolder: resolve(values.PERSONA_DATA_DIR ?? defaultDataFolder(environment)),
    allowedHosts: values.ALLOWED_HOSTS ?? [],
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    apiToken: values.API_TOKEN,
    requireToken: values.REQUIRE_TOKEN ?? !isLoopback(host),
    starterModel: values.STARTER_MODEL,
    ollamaBin: values.OLLAMA_BIN,
    ollamaReleaseUrl: values.OLLAMA_RELEASE_URL,
    locked: lockedBy(values),
  };
}

/** What holds where a person has set nothing. */
export function defaultSettings(config: Config): Settings {
  const { temperature, topP, maxTokens, contextTokens, ollamaModel, ollamaModelFixed } = config;
  const { port, requireToken, allowedOrigins } = config;
  return {
    model: { name: ollamaModelFixed ? ollamaModel : null, contextTokens: contextTokens ?? null },
    generation: { temperature, topP, maxTokens, thinking: 'model', thoughtTokens: THOUGHT_TOKENS },
    tone: { on: true, ...toneDefaults },
    api: { on: false, port, requireToken, origins: allowedOrigins },
    memory: { on: true, shared: false },
    person: { name: '', about: '' },
  };
}

/** What is wrong with a value, also where only its use showed it. A name and password in an address are nobody's to read. */
export function problemWith(variable: Name, raw: string): ConfigProblem {
  const { allowed, ...more } = variables[variable];
  const shown = raw.slice(0, 200).replace(/\/\/[^/]*@/, '//…@');
  const value = 'secret' in more ? 'a value that is not shown' : JSON.stringify(shown);
  return { variable, sentence: `${variable} is ${value}; allowed: ${allowed}.` };
}

/** Reads the environment; an empty value counts as unset. */
export function readConfig(environment: Environment): { config: Config } | { problem: ConfigProblem } {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(variables) as Name[]) {
    const raw = environment[name]?.trim();
    if (raw === undefined || raw === '') continue;
    const parsed = variables[name].schema.safeParse(raw);
    if (!parsed.success) return { problem: problemWith(name, raw) };
    values[name] = parsed.data;
  }
  return { config: fromValues(values as Values, environment) };
}

/** The variables of a `.env` file in the given folder, under what the environment says; nothing where there is none, or a folder of that name. */
export function withEnvFile(environment: Environment, folder: string): Environment {
  const file = join(folder, '.env');
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return environment;
  // Some editors begin a file with a mark that would become part of the first name.
  return { ...parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')), ...environment };
}
