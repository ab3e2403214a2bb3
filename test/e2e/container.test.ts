/** @file The image's own steps in plain folders, and what they make: started as the image starts it, without rights and on a read-only root. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../kit/checkout.ts';
import { environmentOf, readCompose } from '../kit/compose-file.ts';
import { type BuiltStage, buildStages, filesIn, isIgnored, makeReadOnly, readDockerfile, readIgnore, shell } from '../kit/dockerfile.ts';
import { speak } from '../kit/neighbour-house.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { createRedis, freePort, type TestRedis, whyNoRedis } from '../kit/redis.ts';
import { temporaryFolder } from '../kit/service.ts';
import { ask, connectSocket } from '../kit/test-door.ts';

const context = resolve(import.meta.dirname, '../..');
const place = temporaryFolder('container');
const isRoot = process.getuid?.() === 0;
/** The user without rights that every Linux has; where these tests have none themselves, they stay who they are. */
const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const noRedis = whyNoRedis();

let image: BuiltStage;
let before: string[];
let redis: TestRedis | undefined;
const undo: (() => unknown)[] = [];

/** What a RUN line does here: packages are those of this checkout, for no image and no package can be pulled in a test; the rest is done. */
function run(line: string, stage: BuiltStage): void {
  const workdir = join(stage.root, stage.workdir);
  if (line.startsWith('npm ci')) {
    symlinkSync(join(context, 'node_modules'), join(workdir, 'node_modules'));
  } else if (line === 'install -d -o node -g node -m 0700 /data') {
    mkdirSync(join(stage.root, 'data'), { mode: 0o700 });
    if (isRoot) chownSync(join(stage.root, 'data'), 65_534, 65_534);
  } else {
    const { PATH = '', HOME = '' } = process.env;
    shell(line, workdir, { PATH, HOME, ...stage.env });
  }
}

beforeAll(() => {
  chmodSync(place.path, 0o755);
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: context, encoding: 'utf8' });
  const patterns = readIgnore(join(context, '.dockerignore'));
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(context, file)) && !isIgnored(patterns, file));
  const stages = buildStages(readDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8')), {
    context,
    files,
    folder: place.path,
    run,
  });
  image = stages.at(-1) as BuiltStage;
  mkdirSync(join(image.root, 'usr/local/bin'), { recursive: true });
  copyFileSync(process.execPath, join(image.root, 'usr/local/bin/node'));
  before = filesIn(join(image.root, 'app'));
  makeReadOnly(join(image.root, 'app'));
});
afterAll(place.remove);
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** As the container has it, but for paths and ports, which are of this machine. */
const environment = (more: Record<string, string>) => ({
  ...image.env,
  PATH: join(image.root, 'usr/local/bin'),
  HOME: '/nonexistent',
  PERSONA_DATA_DIR: join(image.root, 'data'),
  SERVICE_HOST: '127.0.0.1',
  ...more,
});

async function start(more: Record<string, string>) {
  const [program = '', ...args] = image.command;
  const cwd = join(image.root, image.workdir);
  const env = environment(more);
  const child = spawn(join(env.PATH, program), args, { cwd, env, ...nobody, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', error: '' };
  child.stdout.on('data', (text) => (said.out += String(text)));
  child.stderr.on('data', (text) => (said.error += String(text)));
  const ended = once(child, 'close').then(([code]) => Number(code));
  undo.push(() => child.kill('SIGKILL'));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${said.error}`);
    return said.out.includes('\npage ');
  });
  /** The image's own health check, as its own user. */
  const health = () => {
    const [name = '', ...rest] = image.health;
    return spawnSync(join(env.PATH, name), rest, { cwd, env, ...nobody, encoding: 'utf8' });
  };
  return { child, ended, health, said: () => said };
}

async function composed(ollama: ScriptedOllama, port: number): Promise<Record<string, string>> {
  const file = readCompose(readFileSync(join(context, 'docker-compose.yml'), 'utf8'), {
    CHARACTER_MANAGER_URL: '',
    MEMORY_SUBSYSTEM_URL: '',
  });
  const own = { OLLAMA_BASE_URL: ollama.url, OLLAMA_MODEL: '', REDIS_HOST: '', SERVICE_PORT: String(port) };
  return {
    ...environmentOf(file, 'persona_engine'),
    ...own,
    ...(redis ? { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port) } : {}),
  };
}

describe('the image, made in plain folders', () => {
  it('[X3] holds what it needs and little else: no packages, no tests, no settings; some megabytes beside Node', () => {
    const bytes = before.reduce((sum, file) => sum + statSync(join(image.root, 'app', file)).size, 0);
    console.log(`image: ${before.length} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB beside Node`);
    expect(before).toContain('out/main/headless.js');
    expect(before).toContain('tools/embedded-engine/engine.mjs');
    expect(before.filter((file) => /node_modules|\.test\.|\.env|^src\/|\.ts$/.test(file))).toEqual([]);
    expect(bytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('[X3] as docker-compose.yml sets it up: talks, is well, publishes, writes into its volume alone, ends with 0', async () => {
    const ollama = await createScriptedOllama();
    undo.push(ollama.close);
    redis = noRedis === undefined ? await createRedis() : undefined;
    await redis?.start();
    undo.push(() => redis?.close());
    const port = await freePort();
    const service = await start(await composed(ollama, port));
    await expect.poll(service.health, { timeout: 20_000 }).toMatchObject({ status: 0, stdout: 'healthy\n' });

    const client = await connectSocket(`http://127.0.0.1:${port}`, '/ws/chat', { headers: { Host: `persona_engine:${port}` } });
    expect(await speak(client, { message: 'Hello Sarah!', character_id: 'default', user_id: 'user123' })).toMatchObject({
      status: 'complete',
    });
    expect((await ask(port, { host: `persona_engine:${port}` })).status).toBe(200);
    expect((await ask(port, { host: `elsewhere:${port}` })).status).toBe(403);
    await redis?.until((heard) => heard.length === 1);
    await ollama.close();
    await expect.poll(() => service.health().status, { timeout: 30_000, interval: 500 }).toBe(1);

    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(filesIn(join(image.root, 'app'))).toEqual(before);
    const data = filesIn(join(image.root, 'data'));
    expect(data).toContain('conversations.db');
    for (const file of data) expect((statSync(join(image.root, 'data', file)).mode & 0o777).toString(8), file).toBe('600');
    for (const line of service.said().error.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
  });

  it('[X3] the image alone, listening beyond this machine, demands a token', async () => {
    const ollama = await createScriptedOllama();
    undo.push(ollama.close);
    const port = await freePort();
    const service = await start({ OLLAMA_BASE_URL: ollama.url, SERVICE_PORT: String(port), SERVICE_HOST: '0.0.0.0' });
    expect((await ask(port, { path: '/api/sentiment', method: 'POST', body: '{"text":"Hi"}' })).status).toBe(401);
    const token = /#token=(\S+)/.exec(service.said().out)?.[1] ?? '';
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    expect((await ask(port, { path: '/api/sentiment', method: 'POST', headers, body: '{"text":"Hi"}' })).status).toBe(200);
    await expect.poll(() => service.health().status, { timeout: 20_000 }).toBe(0);
  });

  it.skipIf(!isRoot)('[X3] a data folder that its user cannot write ends the start with 3', async () => {
    const [program = '', ...args] = image.command;
    const env = environment({ PERSONA_DATA_DIR: join(image.root, 'app'), OLLAMA_BASE_URL: 'http://127.0.0.1:9' });
    const { status, stdout } = spawnSync(join(env.PATH, program), args, { cwd: join(image.root, 'app'), env, ...nobody, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });
});
