/** @file The seed's document, example by example, against the running service: its requests byte for byte, its answers key by key. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Health } from '../src/shared/status.ts';
import { createNeighbour, type Neighbour } from './kit/neighbour.ts';
import { starterModel } from './kit/ollama/models.ts';
import { createScriptedOllama, type ScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { type Service, startService, temporaryFolder } from './kit/service.ts';
import { ask, connectSocket, type SocketClient } from './kit/test-door.ts';

const folder = temporaryFolder('seed');
let ollama: ScriptedOllama;
let service: Service;
let manager: Neighbour;
let subsystem: Neighbour;
let client: SocketClient;
beforeAll(async () => {
  const seedModel = { ...starterModel, name: 'mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M', sizeBytes: 1 };
  ollama = await createScriptedOllama({ models: [starterModel, seedModel], reply: () => ({ text: 'Hello there, you.' }) });
  manager = await createNeighbour();
  manager.says({ body: { name: 'Sarah', description: 'The one of the Character Manager.' } });
  subsystem = await createNeighbour();
  subsystem.says({ body: { context: ['They have a cat.'] } });
  service = await startService({
    dataFolder: folder.path,
    environment: {
      OLLAMA_BASE_URL: ollama.url,
      OLLAMA_MODEL: starterModel.name,
      CHARACTER_MANAGER_URL: manager.url,
      MEMORY_SUBSYSTEM_URL: subsystem.url,
    },
  });
  client = await connectSocket(service.url.replace('127.0.0.1', 'localhost'), '/ws/chat');
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await Promise.all([ollama.close(), manager.close(), subsystem.close()]);
  folder.remove();
});

/** The document's own, word for word. */
const seedEnvironment = `# Service Configuration
SERVICE_NAME=persona_engine
SERVICE_PORT=8000

# Ollama Configuration
OLLAMA_BASE_URL=http://localhost:11434
OLLAMA_MODEL=mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M
OLLAMA_TIMEOUT=300

# Redis Configuration
REDIS_HOST=redis
REDIS_PORT=6379
REDIS_DB=0

# External Services
CHARACTER_MANAGER_URL=http://character_manager:8000
MEMORY_SUBSYSTEM_URL=http://memory_subsystem:8000

# Generation Parameters
DEFAULT_TEMPERATURE=0.7
DEFAULT_TOP_P=0.9
MAX_TOKENS=2048

# WebSocket Configuration
WS_PING_INTERVAL=30
WS_PING_TIMEOUT=10

# Logging
LOG_LEVEL=INFO
`;

const port = () => Number(new URL(service.url).port);
const isEnd = (frame: unknown) => ['complete', 'error'].includes((frame as { type: string }).type);

/** The frames that answer a message which is sent as it stands. */
async function exchange(text: string): Promise<Record<string, unknown>[]> {
  const before = client.frames.length;
  client.send(text);
  const frames = await client.until((all) => all.slice(before).some(isEnd));
  return frames.slice(before) as Record<string, unknown>[];
}

describe('the document of the seed', () => {
  it('[X6] GET /health: status, and every dependency', async () => {
    await expect.poll(async () => (await ask(port())).body).toContain('"status":"healthy"');
    const { status, body } = await ask(port(), { host: `localhost:${port()}` });
    expect(status).toBe(200);
    const names = Object.keys((JSON.parse(body) as { dependencies: object }).dependencies);
    expect(names).toEqual(['ollama', 'model', 'store', 'redis', 'character_manager', 'memory_subsystem']);
  });

  it('[X6] POST /api/sentiment: the request of the document; the four keys of its answer, with the reference’s numbers', async () => {
    const body = `{
  "text": "I'm really excited about this!"
}`;
    const answer = await ask(port(), { method: 'POST', path: '/api/sentiment', headers: { 'Content-Type': 'application/json' }, body });
    expect([answer.status, answer.body]).toEqual([200, '{"compound":0.4561,"positive":0.427,"negative":0,"neutral":0.573}']);
  });

  it('[X6] WS /ws/chat: the message of the document, then status, tokens and complete in its shapes', async () => {
    const frames = await exchange(`{
  "message": "Hello Sarah!",
  "character_id": "default",
  "user_id": "user123"
}`);
    expect(frames.slice(0, 2)).toEqual([
      { type: 'status', task: 'processing_message' },
      { type: 'status', task: 'generating_response' },
    ]);
    const tokens = frames.slice(2, -1);
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(token).toEqual({ type: 'token', content: expect.stringMatching(/^[\s\S]+$/) });
    expect(tokens.map(({ content }) => content).join('')).toBe('Hello there, you.');
    expect(frames.at(-1)).toMatchObject({
      type: 'complete',
      sentiment: { compound: 0, positive: 0, negative: 0, neutral: 1 },
      status: 'complete',
    });
    expect(Object.keys(frames.at(-1)?.['sentiment'] as object)).toEqual(['compound', 'positive', 'negative', 'neutral']);
  });

  it('[X6] the prompt has its three layers: mandate, persona of the Character Manager, memories of the Memory Subsystem', async () => {
    // What still stands above is not said again: a person who says hello for the first time is told it all.
    await exchange('{"message": "Hello Sarah!", "character_id": "default", "user_id": "user124"}');
    const { messages } = ollama.lastChat();
    const system = messages[0]?.content ?? '';
    expect(messages.filter(({ role }) => role === 'system')).toHaveLength(1);
    expect(system.indexOf('You speak as the character')).toBe(0);
    expect(system.indexOf('The one of the Character Manager.')).toBeGreaterThan(200);
    expect(messages.at(-1)?.content).toMatch(/^<memory>\n- They have a cat\.\n<\/memory>/);
    expect(manager.requests[0]).toMatchObject({ method: 'GET', target: '/characters/default' });
    expect(subsystem.requests[0]).toMatchObject({ method: 'POST', target: '/retrieve-context' });
  });

  it.each([
    ['positive', 'This is wonderful, I love it, thank you!', 0.85, 0.95],
    ['neutral', 'It is a table.', 0.7, 0.9],
    ['negative', 'This is horrible, I hate it, I am so sad.', 0.5, 0.8],
  ])('[X6] a %s message moves temperature and top_p as the document says', async (name, message, temperature, topP) => {
    await exchange(JSON.stringify({ message, user_id: `tone-${name}` }));
    const options = ollama.lastChat().options ?? {};
    expect([options['temperature'], options['top_p']].map((value) => Number(value?.toFixed(4)))).toEqual([temperature, topP]);
  });

  it('[X6] an error is a message of that type, and the socket goes on', async () => {
    ollama.next({ kind: 'empty-500' });
    const frames = await exchange('{"message": "Hello?"}');
    expect(frames.at(-1)).toEqual({
      type: 'error',
      code: expect.stringMatching(/^model-/),
      message: expect.any(String),
      retryable: expect.any(Boolean),
    });
    expect((await exchange('{"message": "Hello again!"}')).at(-1)).toMatchObject({ type: 'complete' });
  });

  it('[X6] its .env as it stands starts the service, though nothing that it names is there: said so, and answered all the same', async () => {
    const alone = temporaryFolder('seed-env');
    writeFileSync(join(alone.path, '.env'), seedEnvironment);
    // The port and the model server are this machine's own.
    const environment = { SERVICE_PORT: '0', OLLAMA_BASE_URL: ollama.url };
    const started = await startService({ dataFolder: alone.path, environment });
    try {
      const talker = await connectSocket(started.url, '/ws/chat');
      talker.send('{"message": "Hello Sarah!", "character_id": "default", "user_id": "user123"}');
      const frames = (await talker.until((all) => all.some(isEnd))) as { type: string; content?: string }[];
      const tokens = frames.filter(({ type }) => type === 'token').map(({ content }) => content);
      expect([tokens.join(''), tokens.length > 2, ollama.lastChat().model]).toEqual([
        'Hello there, you.',
        true,
        expect.stringMatching(/R1-Distill/),
      ]);
      expect(frames.at(-1)).toMatchObject({ type: 'complete', status: 'complete', warnings: [expect.any(String), expect.any(String)] });
      const states = async () => {
        const { status, dependencies } = JSON.parse((await ask(Number(new URL(started.url).port))).body) as Health;
        return [status, ...Object.values(dependencies).map(({ state }) => state)];
      };
      const away = ['unhealthy', 'unhealthy', 'unhealthy'];
      await expect.poll(states, { timeout: 20_000 }).toEqual(['degraded', 'healthy', 'healthy', 'healthy', ...away]);
      expect(JSON.stringify(started.log())).not.toContain('configuration-wrong');
    } finally {
      expect(await started.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      alone.remove();
    }
  });
});
