/** @file The state of the model and of everything the service depends on, in words a person can read. */
import { z } from 'zod';
import { wireFaultSchema } from './faults.ts';

export const modelStates = ['absent', 'installing', 'stopped', 'starting', 'loading', 'ready', 'degraded', 'failed'] as const;

export const progressSchema = z.strictObject({
  /** What is being fetched, in words. */
  label: z.string(),
  doneBytes: z.number(),
  totalBytes: z.number().optional(),
});
export type Progress = z.infer<typeof progressSchema>;

/** Why this engine answers and no other. */
export const modelChoiceSchema = z.strictObject({
  /** One sentence. */
  because: z.string(),
  /** Models that the person has already and our own Ollama could share; `folder` begins with ~ where it lies in their home. */
  theirModels: z.strictObject({ folder: z.string(), models: z.number() }).optional(),
});
export type ModelChoice = z.infer<typeof modelChoiceSchema>;

/** What answers, and whether it can. */
export const modelStatusSchema = z.strictObject({
  state: z.enum(modelStates),
  /** ollama: a server of somebody; embedded: llama.cpp in a child process; scripted: canned replies, not a model. */
  engine: z.enum(['ollama', 'embedded', 'scripted', 'none']),
  /** Full name of the model, and the short one that fits a strip. */
  model: z.string(),
  label: z.string(),
  reason: z.string(),
  starter: z.boolean(),
  contextTokens: z.number().optional(),
  progress: progressSchema.optional(),
  fault: wireFaultSchema.optional(),
  choice: modelChoiceSchema.optional(),
});
export type ModelStatus = z.infer<typeof modelStatusSchema>;

export const dependencyStates = ['healthy', 'degraded', 'unhealthy', 'not_configured'] as const;
export const dependencySchema = z.strictObject({
  state: z.enum(dependencyStates),
  reason: z.string().optional(),
  latency_ms: z.number().optional(),
  since: z.string().optional(),
});
export type Dependency = z.infer<typeof dependencySchema>;

/** GET /health, as wire.md fixes it. */
export const healthSchema = z.strictObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.string(),
  version: z.string(),
  dependencies: z.strictObject({
    ollama: dependencySchema,
    model: dependencySchema,
    store: dependencySchema,
    redis: dependencySchema,
    character_manager: dependencySchema,
    memory_subsystem: dependencySchema,
  }),
});
export type Health = z.infer<typeof healthSchema>;
