/** @file POST /api/pull of a scripted server that has a real store: fetches from a registry what is missing, checks it, and lays it down. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadBlob } from './blob-download.ts';
import type { Exchange } from './exchange.ts';
import { type ScriptedModel, starterModel } from './models.ts';
import type { ServerState } from './state.ts';

export type StorePull = {
  /** OLLAMA_MODELS. */
  models: string;
  tries: number;
  pauseMs: number;
  /** `localhost:<port>`: stands for every registry of the world, and has each model under its last name. */
  library?: string | undefined;
};

type Layer = { digest: string; size: number };
type Manifest = { config: Layer; layers: Layer[] };

const blobOf = (models: string, digest: string) => join(models, 'blobs', digest.replace(':', '-'));

/** What a model's own notes say of it. */
function told(models: string, { config }: Manifest): Pick<ScriptedModel, 'parameterSize' | 'quantisation'> {
  const { model_type, file_type } = JSON.parse(readFileSync(blobOf(models, config.digest), 'utf8')) as Record<string, string>;
  return { parameterSize: model_type ?? '', quantisation: file_type ?? '' };
}

/** Models whose manifests lie in the store already. */
export function storedModels(models: string): ScriptedModel[] {
  const folder = join(models, 'manifests');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => {
    const path = join(file.parentPath, file.name);
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    const [host = '', ...rest] = file.parentPath.slice(folder.length + 1).split('/');
    const short = rest[0] === 'library' ? rest.slice(1) : rest;
    const name = `${(host === 'registry.ollama.ai' ? short : [host, ...rest]).join('/')}:${file.name}`;
    return { ...starterModel, ...told(models, manifest), name, sizeBytes: manifest.layers.reduce((sum, layer) => sum + layer.size, 0) };
  });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

/** `[host/]namespace/model:tag`. */
const named = /^(?:([\w.-]+(?::\d+)?)\/)?([\w-]+)\/([\w.-]+):([\w.-]+)$/;

type Source = { base: string; tag: string; manifest: string[] };

/** Where a model is asked for and where its manifest lies; only registries on this machine are ever asked. */
function sourceOf(name: string, { library }: StorePull): Source | undefined {
  const [, host = 'registry.ollama.ai', namespace, model, tag] = named.exec(name) ?? [];
  if (!namespace || !model || !tag) return undefined;
  const manifest = [host, namespace, model, tag];
  if (host.startsWith('localhost:')) return { base: `http://${host}/v2/${namespace}/${model}`, tag, manifest };
  return library === undefined ? undefined : { base: `http://${library}/v2/test/${model}`, tag: 'latest', manifest };
}

/** False where the name is no registry's on this machine: then the canned downloads answer. */
export async function answerStorePull(state: ServerState, exchange: Exchange, name: string, store: StorePull): Promise<boolean> {
  const source = sourceOf(name, store);
  if (!source) return false;
  exchange.head(200, { 'Content-Type': 'application/x-ndjson' });
  const line = (value: unknown) => exchange.write(`${JSON.stringify(value)}\n`);
  const { base, tag } = source;
  try {
    await line({ status: 'pulling manifest' });
    const response = await fetch(`${base}/manifests/${tag}`);
    if (response.status === 404) throw new Error('pull model manifest: file does not exist');
    const text = await response.text();
    const manifest = JSON.parse(text) as Manifest;
    const layers = [...manifest.layers, manifest.config];
    for (const layer of layers) await fetchLayer(exchange, base, layer, store, line);
    await line({ status: 'verifying sha256 digest' });
    for (const { digest } of layers) await verify(store, digest);
    await line({ status: 'writing manifest' });
    const path = join(store.models, 'manifests', ...source.manifest);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const size = layers.reduce((sum, layer) => sum + layer.size, 0);
    if (!state.models.some((one) => one.name === name))
      state.models.push({ ...starterModel, ...told(store.models, manifest), name, sizeBytes: size });
    await exchange.end(`${JSON.stringify({ status: 'success' })}\n`);
  } catch (error) {
    if (!exchange.gone.aborted) await exchange.end(`${JSON.stringify({ error: (error as Error).message })}\n`);
  }
  return true;
}

async function fetchLayer(exchange: Exchange, base: string, { digest }: Layer, store: StorePull, line: (value: unknown) => Promise<void>) {
  const head = await fetch(`${base}/blobs/${digest}`, { method: 'HEAD' });
  const total = Number(head.headers.get('content-length') ?? 0);
  const moved = await fetch(`${base}/blobs/${digest}`, { redirect: 'manual' });
  const address = moved.headers.get('location');
  if (!address) throw new Error('http: no Location header in response');
  const status = `pulling ${digest.slice(7, 19)}`;
  const onProgress = (completed: number) => {
    if (!exchange.gone.aborted) void line({ status, digest, total, ...(completed > 0 ? { completed } : {}) });
  };
  const { models, tries, pauseMs } = store;
  await downloadBlob({ blobs: join(models, 'blobs'), digest, total, address, tries, pauseMs, onProgress }, exchange.gone);
}

/** A layer whose hash is wrong is removed, so that the next pull fetches it, and it alone, again. */
async function verify({ models }: StorePull, digest: string): Promise<void> {
  const got = await sha256(blobOf(models, digest));
  if (got === digest) return;
  rmSync(blobOf(models, digest));
  throw new Error(`digest mismatch, file must be downloaded again: want ${digest}, got ${got}`);
}
