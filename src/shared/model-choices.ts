/** @file Which models the person chose, as it is kept. */
import { z } from 'zod';
import { clientIdSchema } from './character.ts';
import { OFFERS_DECLINED } from './model-limits.ts';
import { modelNameSchema } from './models.ts';

export const modelChoicesSchema = z.strictObject({
  byCharacter: z.record(clientIdSchema, modelNameSchema),
  /** What goes on answering where nobody chose, so that a model that comes does not take its place unasked. */
  pinned: modelNameSchema.optional(),
  /** A model that has come and is offered. */
  ready: z.strictObject({ model: modelNameSchema, label: z.string() }).optional(),
  /** Models that are not offered again. */
  declined: z.array(modelNameSchema).max(OFFERS_DECLINED),
  /** When each model last answered, in ms since 1970. */
  usedAt: z.record(z.string(), z.number()),
});
export type ModelChoices = z.infer<typeof modelChoicesSchema>;
