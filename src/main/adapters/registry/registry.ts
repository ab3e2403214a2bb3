/** @file Asks a registry how large a model is and under which licence, before anything of it is fetched. */
import { z } from 'zod';
import { asFault, Fault } from '../../../shared/faults.ts';
import { LICENCE_CHARACTERS, LOOK_UP_BYTES, LOOK_UP_MS } from '../../../shared/model-limits.ts';
import type { LicenceText } from '../../../shared/models.ts';
import type { Registry, RegistryEntry } from '../../engine/models/shelf.ts';
import { addressesOf, type ModelAddress } from './model-address.ts';

const layer = z.looseObject({
  mediaType: z.string().default(''),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().min(0),
});
const manifestSchema = z.looseObject({ config: layer.optional(), layers: z.array(layer).min(1).max(100) });
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const LICENCE = 'application/vnd.ollama.image.license';

const missing = (name: string) =>
  new Fault('model-missing', `There is no model named "${name.slice(0, 120)}" to fetch; nothing was changed, so check its name.`);
const unreachable = (cause?: unknown) =>
  new Fault(
    'download-failed',
    'The model library cannot be asked at the moment; nothing was changed, so check the network and try again.',
    { cause },
  );

/** The body of an answer, up to a limit; undefined where there is no such thing. */
async function read(address: string, accept: string, limit: number, signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch(address, { headers: { Accept: accept }, signal });
  if (response.status === 404 || response.status === 400) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok || !response.body) throw unreachable(new Error(`status ${response.status}`));
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > limit) throw unreachable(new Error('the answer is too long'));
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function entryAt({ base, tag, name }: ModelAddress, signal: AbortSignal): Promise<RegistryEntry | undefined> {
  const text = await read(`${base}/manifests/${tag}`, MANIFEST, LOOK_UP_BYTES, signal);
  if (text === undefined) return undefined;
  const { config, layers } = manifestSchema.parse(JSON.parse(text));
  const all = (config ? [...layers, config] : layers).map(({ digest, size }) => ({ digest, bytes: size }));
  const texts = layers.filter(({ mediaType, size }) => mediaType === LICENCE && size <= LOOK_UP_BYTES);
  const licences = await Promise.all(texts.map(({ digest }) => licenceAt(`${base}/blobs/${digest}`, signal)));
  return {
    found: name,
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
    layers: all.sort((one, other) => other.bytes - one.bytes),
    licences: licences.filter((one) => one !== undefined),
  };
}

const known: readonly [RegExp, string][] = [
  [/apache license/i, 'Apache License'],
  [/mit license/i, 'MIT'],
  [/llama[ \d.]*community license/i, 'Llama Community License'],
  [/gemma terms of use/i, 'Gemma Terms of Use'],
  [/qwen .{0,20}license/i, 'Qwen License'],
  [/creative commons/i, 'Creative Commons'],
];

/** A licence that cannot be had is none that is shown; the download is not held up by it. */
async function licenceAt(address: string, signal: AbortSignal): Promise<LicenceText | undefined> {
  try {
    const text = (await read(address, '*/*', LOOK_UP_BYTES, signal))?.slice(0, LICENCE_CHARACTERS);
    if (!text) return undefined;
    return { name: known.find(([words]) => words.test(text))?.[1] ?? text.trim().split('\n')[0]?.slice(0, 80) ?? '', text };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Plain questions over HTTPS to the host that the name means, and to no other; nothing is sent but the name. */
export function createRegistry(): Registry {
  return {
    async lookUp(model, signal) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(LOOK_UP_MS)]);
      let cannot: Fault | undefined;
      for (const address of addressesOf(model)) {
        try {
          const entry = await entryAt(address, within);
          if (entry) return entry;
        } catch (error) {
          signal.throwIfAborted();
          cannot = error instanceof Fault ? error : unreachable(asFault(error).cause ?? error);
        }
      }
      throw cannot ?? missing(model);
    },
  };
}
