/** @file The scripted Ollama as a program: starts, prints, fails and stops as `ollama serve` does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { starterModel } from '../ollama/models.ts';
import { createScriptedOllama } from '../ollama/scripted-ollama.ts';
import { storedModels } from '../ollama/store-pull.ts';

/** A pace that feels like a small model on a laptop. */
const { values } = parseArgs({
  options: {
    'first-token-ms': { type: 'string', default: '350' },
    'token-ms': { type: 'string', default: '28' },
    'prompt-token-ms': { type: 'string', default: '0' },
    'load-ms': { type: 'string', default: '0' },
    /** Names of the models it has; the first one is what a client finds first. */
    model: { type: 'string', multiple: true, default: [starterModel.name] },
    'no-thinking': { type: 'boolean', default: false },
    generation: { type: 'string', default: '0.33' },
    /** A program that it starts as its runner, and ends before it ends itself; killed outright it leaves it behind, as the real one does. */
    runner: { type: 'string' },
    /** Replies with so many words in place of the notebook's replies. */
    words: { type: 'string' },
    /** Does not end when it is asked to. */
    stubborn: { type: 'boolean', default: false },
    /** Downloads from a registry on this machine really go into OLLAMA_MODELS, with so many tries for each part. */
    'store-tries': { type: 'string' },
    /** `localhost:<port>`: a registry on this machine that stands for all others. */
    library: { type: 'string' },
    /** `name;24.0 GiB;22.9 GiB`: a graphics card that it finds, with its memory and what of it is free. */
    card: { type: 'string' },
    /** In place of one that says that it is scripted: then the program takes it for a real one. */
    'as-version': { type: 'string' },
    /** Has no model but those in OLLAMA_MODELS. */
    empty: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

function hostAndPort(text: string): { host: string; port: number } {
  const match = /^(?:https?:\/\/)?([^:/]*)(?::(\d+))?/.exec(text);
  return { host: match?.[1] || '127.0.0.1', port: Number(match?.[2] ?? 11434) };
}

function log(message: string): void {
  process.stderr.write(`time=${new Date().toISOString()} level=INFO source=routes.go:2008 msg="${message}"\n`);
}

/** A copy of `sleep`, in the same process group and with the whole environment, as `ollama serve` starts llama-server. */
function startRunner(): ChildProcess | undefined {
  return values.runner === undefined ? undefined : spawn(values.runner, ['600'], { argv0: 'sleep', stdio: 'inherit' });
}

const { host, port } = hostAndPort(process.env['OLLAMA_HOST'] ?? '127.0.0.1:11434');
/** Pauses between tries are a hundredth of the real ones. */
const tries = Number(values['store-tries'] ?? 0);
const store = tries > 0 ? { models: process.env['OLLAMA_MODELS'] ?? '', tries, pauseMs: 10, library: values.library } : undefined;
const capabilities = values['no-thinking'] ? ['completion'] : ['completion', 'thinking'];
try {
  const server = await createScriptedOllama({
    port,
    ...(values['as-version'] === undefined ? {} : { version: values['as-version'] }),
    generation: values.generation === '0.24' ? '0.24' : '0.33',
    ...(values.words === undefined ? {} : { reply: () => ({ text: 'word '.repeat(Number(values.words)) }) }),
    models: [
      ...(values.empty ? [] : values.model).map((name) => ({ ...starterModel, name, family: 'scripted', capabilities })),
      ...(store ? storedModels(store.models) : []),
    ],
    ...(store ? { store } : {}),
    pace: {
      firstTokenMs: Number(values['first-token-ms']),
      tokenMs: Number(values['token-ms']),
      promptTokenMs: Number(values['prompt-token-ms']),
      loadMs: Number(values['load-ms']),
    },
  });
  log(`Listening on 127.0.0.1:${server.port} (version ${server.version})`);
  const [name, total = '23.5 GiB', available = '19.5 GiB'] = values.card?.split(';') ?? [];
  const found =
    name === undefined
      ? 'id=cpu library=cpu name=cpu description=cpu type=""'
      : `id=0 library=CUDA name=CUDA0 description="${name}" type=discrete`;
  process.stderr.write(
    `time=${new Date().toISOString()} level=INFO source=types.go:32 msg="inference compute" ${found} total="${total}" available="${available}"\n`,
  );
  // A parent with a channel asks for what a client sent last, so that it can send the same.
  if (process.send) process.on('message', () => process.send?.(server.lastChat()));
  const runner = startRunner();
  const stop = () => {
    if (values.stubborn) return;
    runner?.kill('SIGKILL');
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  process.stderr.write(`Error: listen tcp ${host}:${port}: bind: address already in use\n`);
  process.exitCode = 1;
}
