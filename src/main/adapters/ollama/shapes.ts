/** @file The answers of a model server that are no streams, as far as they are read. */
import { z } from 'zod';
import { DEFAULT_CONTEXT_TOKENS } from '../../../shared/limits.ts';
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

export const psShape = z.object({ models: z.array(z.object({ name: z.string() })).nullable() });

export const showShape = z.object({
  details: details.default(() => details.parse({})),
  model_info: z.record(z.string(), z.unknown()).nullish(),
  capabilities: z.array(z.string()).nullish(),
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

/** Longest context the model was trained for, in tokens: `<architecture>.context_length` in its file. */
export function trainedContext(info: Record<string, unknown>): number {
  const entry = Object.entries(info).find(([key, value]) => key.endsWith('.context_length') && typeof value === 'number');
  return typeof entry?.[1] === 'number' && entry[1] > 0 ? entry[1] : DEFAULT_CONTEXT_TOKENS;
}
