/** @file The model port's contract over the Ollama adapter: against the scripted server of both generations, and against a real one. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createOllamaModel } from '../../src/main/adapters/ollama/model.ts';
import { starterModel } from '../kit/ollama/models.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import type { Generation } from '../kit/ollama/traces.ts';
import { silentLog } from '../kit/silent-log.ts';
import { type ModelUnderTest, registerModelSuite } from './model.suite.ts';

const silenceMs = 20_000;

async function overScripted(generation: Generation): Promise<ModelUnderTest> {
  const scripted = await createScriptedOllama({ generation });
  const model = createOllamaModel({ baseUrl: scripted.url, model: starterModel.name, silenceMs, log: silentLog, fixed: true });
  return {
    model,
    modelName: starterModel.name,
    scripted,
    async cleanup() {
      await model.close();
      await scripted.close();
    },
  };
}

/** Starts a server of our own on a free port; everything it needs is named, nothing of the environment goes in. */
async function overReal(binary: string, models: string): Promise<ModelUnderTest> {
  const server = spawn(binary, ['serve'], {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: process.env['HOME'] ?? '/tmp',
      OLLAMA_HOST: '127.0.0.1:0',
      OLLAMA_MODELS: models,
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_NOPRUNE: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const port = Promise.withResolvers<string>();
  createInterface({ input: server.stderr }).on('line', (line) => {
    const match = /Listening on 127\.0\.0\.1:(\d+)/.exec(line);
    if (match?.[1]) port.resolve(match[1]);
  });
  void ended.then(() => port.reject(new Error('The server ended before it listened.')));
  const baseUrl = `http://127.0.0.1:${await port.promise}`;
  const model = createOllamaModel({ baseUrl, model: starterModel.name, silenceMs: 120_000, log: silentLog, fixed: true, anyModel: true });
  return {
    model,
    modelName: starterModel.name,
    async cleanup() {
      await model.close();
      server.kill('SIGTERM');
      await ended;
    },
  };
}

registerModelSuite('ollama adapter, scripted 0.33', () => overScripted('0.33'));
registerModelSuite('ollama adapter, scripted 0.24', () => overScripted('0.24'));

const binary = process.env['OLLAMA_BIN'];
const models = process.env['OLLAMA_TEST_MODELS'];
registerModelSuite('ollama adapter, a real Ollama', () => overReal(binary ?? '', models ?? ''), {
  skip: binary && models ? undefined : 'OLLAMA_BIN and OLLAMA_TEST_MODELS name no server and no folder with smollm2:135m',
  timeoutMs: 180_000,
});
