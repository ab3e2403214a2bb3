/** @file What is kept on disk of downloads under way. */
import { z } from 'zod';
import { modelNameSchema } from './models.ts';

export const pullRecordSchema = z.array(
  z.strictObject({
    model: modelNameSchema,
    found: modelNameSchema.optional(),
    label: z.string(),
    /** Whether a person stopped it, or it waits for one. */
    paused: z.boolean(),
    expectedBytes: z.number(),
    layers: z.array(z.strictObject({ digest: z.string(), doneBytes: z.number(), totalBytes: z.number() })),
  }),
);
