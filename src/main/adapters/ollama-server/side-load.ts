/** @file Puts a model file into a store as Ollama lays it down itself: blobs by their hash, and the manifest last. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type GgufHeader, readGgufHeader } from './gguf-header.ts';

export type SideLoad = {
  /** The model file. */
  path: string;
  /** The store: OLLAMA_MODELS. */
  models: string;
  /** `<namespace>/<model>:<tag>` of the default registry, where nobody else has one of that name. */
  name: string;
};

const REGISTRY = 'registry.ollama.ai';
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.ollama.image.';

type Blob = { digest: string; size: number };

type OnProgress = (doneBytes: number) => void;

async function sha256Of(path: string, signal: AbortSignal, onProgress: OnProgress): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    hash.update(chunk as Buffer);
    done += (chunk as Buffer).length;
    onProgress(done);
  }
  return hash.digest('hex');
}

const blobPath = (models: string, hex: string): string => join(models, 'blobs', `sha256-${hex}`);

/** Whole or not at all: a file appears under its name only when it is complete. */
function putWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function putText(models: string, content: string): Blob {
  const hex = createHash('sha256').update(content).digest('hex');
  const path = blobPath(models, hex);
  if (!existsSync(path)) putWhole(path, content);
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
}

/** A second name for the file costs no room; on another disk it is copied. */
async function putModel({ path, models }: SideLoad, signal: AbortSignal, onProgress: OnProgress): Promise<Blob> {
  const hex = await sha256Of(path, signal, onProgress);
  const target = blobPath(models, hex);
  const { size } = statSync(path);
  if (statSync(target, { throwIfNoEntry: false })?.size !== size) {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    rmSync(target, { force: true });
    try {
      linkSync(path, target);
    } catch (error) {
      if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await copyFile(path, `${target}.new`);
      renameSync(`${target}.new`, target);
    }
  }
  return { digest: `sha256:${hex}`, size };
}

/**
 * The form of a conversation for servers up to 0.24, which do not read the file's own. Later ones read that, and take this
 * one only where it can do the same (measured on 0.33: the same prompt, to the token).
 */
function formOf({ chatTemplate }: GgufHeader): { template: string; stop: string[] } | undefined {
  if (!chatTemplate.includes('<|im_start|>') || chatTemplate.includes('<think>')) return undefined;
  return {
    template: '{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n',
    stop: ['<|im_start|>', '<|im_end|>'],
  };
}

const configOf = (header: GgufHeader, model: Blob): string =>
  JSON.stringify({
    model_format: 'gguf',
    model_family: header.architecture,
    model_families: [header.architecture],
    model_type: header.sizeLabel,
    file_type: header.quantisation,
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [model.digest] },
  });

function manifestPath(models: string, name: string): string {
  const [path = '', tag = 'latest'] = name.split(':');
  return join(models, 'manifests', REGISTRY, ...path.split('/'), tag);
}

const manifestSchema = z.looseObject({
  layers: z.array(z.looseObject({ mediaType: z.string(), digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) })),
});

/** The layers of a manifest; none where it is none. */
function layersOf(manifest: string): { mediaType: string; digest: string }[] {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).layers;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether the store has a whole model of this name made of a file of this length; worked out without reading it. */
export function isSideLoaded({ path, models, name }: SideLoad): boolean {
  const layers = layersOf(manifestPath(models, name));
  const blobs = layers.map(({ digest }) => statSync(blobPath(models, digest.replace('sha256:', '')), { throwIfNoEntry: false }));
  const model = blobs[layers.findIndex(({ mediaType }) => mediaType === `${LAYER}model`)];
  return blobs.every((blob) => blob !== undefined) && model?.size === statSync(path).size;
}

/** A running server lists it at once. Throws Fault('model-loading-failed') for what is no GGUF file, else the system's error. */
export async function sideLoad(load: SideLoad, signal: AbortSignal, onProgress: OnProgress = () => {}): Promise<void> {
  const { models, name } = load;
  const header = readGgufHeader(load.path);
  const model = await putModel(load, signal, onProgress);
  const form = formOf(header);
  const layers = [{ mediaType: `${LAYER}model`, ...model }];
  if (form) {
    layers.push({ mediaType: `${LAYER}template`, ...putText(models, form.template) });
    layers.push({ mediaType: `${LAYER}params`, ...putText(models, JSON.stringify({ stop: form.stop })) });
  }
  const config = { mediaType: CONFIG, ...putText(models, configOf(header, model)) };
  putWhole(manifestPath(models, name), JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }));
}

/** A name for a person's own file that every server takes: `persona/<file name>:latest`. */
export function nameOfFile(path: string): string {
  const base = (path.split(/[/\\]/).at(-1) ?? '').replace(/\.gguf$/i, '');
  const clean = base.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9_]+/, '');
  return `persona/${clean.slice(0, 80).toLowerCase() || 'model'}:latest`;
}
