/** @file The answers of a model server that are no streams, as far as they are read. */
import { z } from 'zod';
import { DEFAULT_CONTEXT_TOKENS } from '../../../shared/limits.ts';
import type { LoadedModel } from '../../../shared/models.ts';
import type { InstalledModel } from './names.ts';

export const versionShape = z.object({ version: z.string() });

const details = z.object({
  family: z.string().default(''),
  families: z.array(z.string()).nullish(),
  parameter_size: z.string().default(''),
  quantization_level: z.string().default(''),
});

export const tagsShape = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().default(0),
        digest: z.string().default(''),
        details: details.default(() => details.parse({})),
        capabilities: z.array(z.string()).nullish(),
        remote_model: z.string().nullish(),
      }),
    )
    .nullable(),
});

export const psShape = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().default(0),
        size_vram: z.number().default(0),
        context_length: z.number().nullish(),
      }),
    )
    .nullable(),
});

export const showShape = z.object({
  details: details.default(() => details.parse({})),
  model_info: z.record(z.string(), z.unknown()).nullish(),
  capabilities: z.array(z.string()).nullish(),
  license: z.string().nullish(),
  parameters: z.string().nullish(),
  template: z.string().nullish(),
  modified_at: z.string().nullish(),
});

/** Families whose models only embed; older servers list no capabilities. */
const embeds = /bert|embed/i;

/** What /api/tags lists. A model that runs elsewhere (a cloud model) is nothing to talk to from here. */
export function installedModels(tags: z.infer<typeof tagsShape>): InstalledModel[] {
  return (tags.models ?? []).map((model) => ({
    name: model.name,
    digest: model.digest,
    sizeBytes: model.size,
    family: model.details.family,
    parameterSize: model.details.parameter_size,
    quantisation: model.details.quantization_level,
    converses: !model.remote_model && (model.capabilities ? model.capabilities.includes('completion') : !embeds.test(model.details.family)),
  }));
}

/** What /api/ps lists: the models in memory. */
export function loadedModels(ps: z.infer<typeof psShape>): ReadonlyMap<string, LoadedModel> {
  const entries = (ps.models ?? []).map(({ name, size, size_vram, context_length }): [string, LoadedModel] => [
    name,
    {
      bytes: size,
      onGraphics: size > 0 ? Math.min(1, size_vram / size) : 0,
      ...(context_length ? { contextTokens: context_length } : {}),
    },
  ]);
  return new Map(entries);
}

/** Longest context the model was trained for, in tokens: `<architecture>.context_length` in its file. */
export function trainedContext(info: Record<string, unknown>): number {
  const entry = Object.entries(info).find(([key, value]) => key.endsWith('.context_length') && typeof value === 'number');
  return typeof entry?.[1] === 'number' && entry[1] > 0 ? entry[1] : DEFAULT_CONTEXT_TOKENS;
}

/** Bytes of one value in a context: keys and values are kept with 16 bits unless somebody says otherwise (OLLAMA_KV_CACHE_TYPE). */
const VALUE_BYTES = 2;

/**
 * Memory for each token of context: keys and values of every layer. Heads may differ from layer to layer; then the file has a list.
 * Undefined where the file does not tell its shape. Llama 3.1 8B: 32 layers x 8 heads x (128 + 128) x 2 bytes = 128 KiB.
 */
export function contextBytesPerToken(info: Record<string, unknown>): number | undefined {
  const value = (name: string): unknown => Object.entries(info).find(([key]) => key.endsWith(`.${name}`))?.[1];
  const number = (name: string): number | undefined => {
    const found = value(name);
    return typeof found === 'number' && found > 0 ? found : undefined;
  };
  const layers = number('block_count');
  const heads = number('attention.head_count');
  const width = number('embedding_length');
  const ofHead = heads && width ? width / heads : undefined;
  const keys = number('attention.key_length') ?? ofHead;
  const values = number('attention.value_length') ?? ofHead;
  if (layers === undefined || keys === undefined || values === undefined) return undefined;
  const shared = value('attention.head_count_kv');
  const all = Array.isArray(shared)
    ? shared.reduce<number>((sum, one) => sum + Number(one), 0)
    : layers * (typeof shared === 'number' && shared > 0 ? shared : (heads ?? 0));
  return all > 0 ? all * (keys + values) * VALUE_BYTES : undefined;
}

/** Words in Llama's old vocabulary, which Phi 3 and the first Mistrals share, with a few more for chat. */
const LLAMA_WORDS = { least: 32_000, most: 32_064 };

/** What its file says of a model's tokenizer: the way it cuts text, or whose old vocabulary it has. Gemma's has that kind too, and eight times the words. */
export function tokenizerOf(info: Record<string, unknown>): string | undefined {
  const kind = info['tokenizer.ggml.model'];
  const pre = info['tokenizer.ggml.pre'];
  const words = Object.entries(info).find(([key]) => key.endsWith('.vocab_size'))?.[1];
  if (kind === 'gpt2') return typeof pre === 'string' ? pre : undefined;
  if (kind !== 'llama') return typeof kind === 'string' ? kind : undefined;
  return typeof words === 'number' && words >= LLAMA_WORDS.least && words <= LLAMA_WORDS.most ? 'llama-spm' : undefined;
}

/** An opening tag behind which a template has nothing but the ends of its own blocks, as it is written in Go and in Jinja. */
const openedThought = /<think(?:ing)?>(?:\s|\\n|["'`]|-?\}\}|\{\{-?\s*end\s*|\{%-?\s*end\w+\s*-?%\})*$/;

/** Whether a template opens a thought for the model, as some of the R1 family do: its reply then has no opening tag. */
export const endsInThought = (template: string): boolean => openedThought.test(template);
