/** @file The headless service as a process: what it prints, when it refuses to start, and how it ends. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './kit/client.ts';
import { createScriptedOllama, type ScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { type ServiceOptions, spawnService, startService, temporaryFolder } from './kit/service.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
const folder = () => {
  const made = temporaryFolder('service');
  undo.push(made.remove);
  return made.path;
};
const ollama = async (): Promise<ScriptedOllama> => {
  const server = await createScriptedOllama();
  undo.push(() => server.close());
  return server;
};
const start = async (options: Partial<ServiceOptions> & { server?: ScriptedOllama } = {}) => {
  const server = options.server ?? (await ollama());
  const service = await startService({
    dataFolder: options.dataFolder ?? folder(),
    environment: { OLLAMA_BASE_URL: server.url, ...options.environment },
  });
  undo.push(() => service.kill('SIGKILL'));
  return { service, server };
};
const health = (url: string) =>
  new Promise<{ status: number | undefined; body: { status: string; dependencies: Record<string, { state: string }> } }>(
    (resolve, reject) => {
      request(`${url}/health`, (response) => {
        let body = '';
        response.on('data', (more) => (body += more)).on('end', () => resolve({ status: response.statusCode, body: JSON.parse(body) }));
      })
        .on('error', reject)
        .end();
    },
  );

describe('the service', () => {
  it('[P1] prints exactly two lines, and JSON lines without a token beside them', async () => {
    const { service } = await start();
    expect(service.stdout()).toMatch(
      /^persona_engine ready on http:\/\/127\.0\.0\.1:\d+\npage http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/,
    );
    for (const line of service.log())
      expect(line).toMatchObject({ ts: expect.any(String), level: expect.any(String), event: expect.any(String) });
    expect(JSON.stringify(service.log())).not.toContain(service.token);
  });

  it('[P2] keeps a conversation over a restart', async () => {
    const dataFolder = folder();
    const first = await start({ dataFolder });
    const client = await connect(first.service.url);
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Remember the rain' });
    const { message } = await client.until('turn-ended');
    expect(await first.service.kill('SIGTERM')).toEqual({ code: 0, signal: null });

    const second = await start({ dataFolder });
    const later = await connect(second.service.url);
    const attached = await later.ask({ type: 'attach-conversation', conversationId });
    expect(attached).toMatchObject({ conversation: { title: 'Remember the rain' } });
    expect(attached.type === 'conversation-attached' && attached.messages.slice(-2).map(({ text }) => text)).toEqual([
      'Remember the rain',
      message?.text,
    ]);
    expect(message?.text).not.toBe('');
  });

  it.each([
    ['SERVICE_PORT', 'high'],
    ['LOG_LEVEL', 'LOUD'],
    ['OLLAMA_BASE_URL', 'not an address'],
  ])('[P3] ends with 2 and one sentence where %s is %s', async (variable, value) => {
    const { ended, log, stdout } = spawnService({ dataFolder: folder(), environment: { [variable]: value } });
    expect(await ended).toEqual({ code: 2, signal: null });
    expect(stdout()).toBe('');
    expect(log()).toMatchObject([
      { event: 'configuration-wrong', variable, message: expect.stringContaining(`${variable} is "${value}"; allowed: `) },
    ]);
  });

  it.each(['192.0.2.1', 'nobody.invalid'])(
    '[P3] a SERVICE_HOST that is no address of this machine (%s) is such a value too',
    async (value) => {
      const server = await ollama();
      const { ended, log, stdout } = spawnService({
        dataFolder: folder(),
        environment: { SERVICE_HOST: value, OLLAMA_BASE_URL: server.url },
      });
      expect(await ended).toEqual({ code: 2, signal: null });
      expect(stdout()).toBe('');
      const message = `SERVICE_HOST is "${value}"; allowed: an address or host name of this machine.`;
      expect(log().at(-1)).toMatchObject({ event: 'configuration-wrong', variable: 'SERVICE_HOST', message });
    },
  );

  it('[P4] ends with 3 where another process has the data folder, and says who', async () => {
    const dataFolder = folder();
    const { service, server } = await start({ dataFolder });
    const second = spawnService({ dataFolder, environment: { OLLAMA_BASE_URL: server.url } });
    expect(await second.ended).toEqual({ code: 3, signal: null });
    expect(second.log().at(-1)).toMatchObject({ event: 'store-in-use', message: expect.stringContaining(String(service.process.pid)) });
    expect(second.stderr()).not.toContain(service.token);
    await service.kill('SIGKILL');
    await start({ dataFolder, server });
  });

  it('[P5] ends with 3 where the data folder is a file', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const { ended, log } = spawnService({ dataFolder: folder(), environment: { PERSONA_DATA_DIR: file } });
    expect(await ended).toEqual({ code: 3, signal: null });
    expect(log().at(-1)).toMatchObject({ event: 'store-failed' });
  });

  it('[P6] ends with 4 where the port is taken', async () => {
    const other = createServer();
    undo.push(() => other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const server = await ollama();
    const { ended, log } = spawnService({ dataFolder: folder(), environment: { SERVICE_PORT: String(port), OLLAMA_BASE_URL: server.url } });
    expect(await ended).toEqual({ code: 4, signal: null });
    expect(log().at(-1)).toMatchObject({ event: 'port-taken', message: expect.stringContaining(String(port)) });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '[P7] ends with 0 on %s in the middle of a reply, closes sockets with 1001 and keeps the text',
    async (signal) => {
      const dataFolder = folder();
      const { service, server } = await start({ dataFolder });
      server.setPace({ tokenMs: 20 });
      const client = await connect(service.url);
      const conversationId = await client.converse();
      await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'A long story please' });
      await client.until('text-delta');
      const began = performance.now();
      expect(await service.kill(signal)).toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(await client.closed).toBe(1001);
      const after = await start({ dataFolder, server });
      const attached = await (await connect(after.service.url)).ask({ type: 'attach-conversation', conversationId });
      expect(attached.type === 'conversation-attached' && attached.messages.at(-1)).toMatchObject({
        status: 'stopped',
        text: expect.stringMatching(/\S/),
      });
    },
  );

  it('[P8] ends with 0 within five seconds where the model server hangs', async () => {
    const { service, server } = await start();
    server.always({ kind: 'hang', after: 0 });
    const client = await connect(service.url);
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Hello' });
    await server.waitFor((record) => record.path === '/api/chat');
    const began = performance.now();
    expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('[P9] keeps everything it writes to its owner', async () => {
    const dataFolder = folder();
    const { service } = await start({ dataFolder });
    const client = await connect(service.url);
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Private' });
    await client.until('turn-ended');
    const names = readdirSync(dataFolder, { recursive: true, encoding: 'utf8' });
    expect(names).toContain('conversations.db');
    for (const name of names) {
      const stats = statSync(join(dataFolder, name));
      expect((stats.mode & 0o777).toString(8), name).toBe(stats.isDirectory() ? '700' : '600');
    }
  });

  it('[P10] writes no word of a conversation into its log', async () => {
    const { service, server } = await start({ environment: { LOG_LEVEL: 'DEBUG' } });
    const client = await connect(service.url);
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'zebra crossing marmalade' });
    const { message } = await client.until('turn-ended');
    server.next({ kind: 'error-line', after: 3, error: 'it broke' });
    await client.ask({ type: 'start-turn', turnId: 'turn-2', conversationId, text: 'zebra once more' });
    await client.until('turn-ended', (event) => event.turnId === 'turn-2');
    client.sendRaw('{"type": "zebra');
    client.sendRaw('{"type":"rename-conversation","requestId":"x","title":"zebra"}');
    await client.until('command-failed');
    await service.kill('SIGTERM');
    const log = JSON.stringify(service.log());
    expect(log).not.toContain('zebra');
    expect(log).not.toContain(message?.text.slice(0, 30) ?? 'x');
  });

  it('[P11] says within ten seconds that the model server is gone, and that it is back', async () => {
    const { service, server } = await start();
    await expect.poll(() => health(service.url)).toMatchObject({ body: { status: 'healthy' } });
    expect((await health(service.url)).body).toMatchObject({
      status: 'healthy',
      dependencies: { ollama: { state: 'healthy' }, store: { state: 'healthy' }, redis: { state: 'not_configured' } },
    });
    await server.kill();
    const gone = performance.now();
    await expect
      .poll(() => health(service.url), { timeout: 15_000, interval: 200 })
      .toMatchObject({ status: 503, body: { status: 'unhealthy' } });
    expect(performance.now() - gone).toBeLessThan(10_000);
    const again = await createScriptedOllama({ port: server.port });
    undo.push(() => again.close());
    await expect
      .poll(() => health(service.url), { timeout: 15_000, interval: 200 })
      .toMatchObject({ status: 200, body: { status: 'healthy' } });
  });

  it('[P13] knows how its model server is when it says that it is ready', async () => {
    const { service } = await start();
    expect(await health(service.url)).toMatchObject({ status: 200, body: { status: 'healthy' } });
    const { service: alone } = await start({ environment: { OLLAMA_BASE_URL: 'http://127.0.0.1:9' } });
    expect(await health(alone.url)).toMatchObject({ status: 503, body: { status: 'unhealthy' } });
    const { service: without } = await start({ environment: { OLLAMA_MODEL: 'mistral' } });
    const model = { state: 'unhealthy', reason: expect.stringContaining('"mistral" is not installed') };
    expect(await health(without.url)).toMatchObject({ status: 503, body: { dependencies: { ollama: { state: 'healthy' }, model } } });
  });

  it('[P12] makes a token once, and keeps it', async () => {
    const dataFolder = folder();
    const first = await start({ dataFolder });
    await first.service.kill('SIGTERM');
    const second = await start({ dataFolder });
    expect(second.service.token).toBe(first.service.token);
    expect(
      readdirSync(dataFolder)
        .map((name) => (statSync(join(dataFolder, name)).size < 200 ? readFileSync(join(dataFolder, name), 'utf8') : ''))
        .join(),
    ).toContain(first.service.token);
  });
});
