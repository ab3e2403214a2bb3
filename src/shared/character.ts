/** @file Who the person talks with: the part of a character card (V1-V3 field names) that takes effect. */
import { z } from 'zod';

/** wire.md: 1-128 of these, no `..`; ids are never paths. */
export const clientIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:@-]{1,128}$/)
  .refine((id) => !id.includes('..'));

export const characterSchema = z.strictObject({
  id: clientIdSchema,
  name: z.string().min(1).max(200),
  description: z.string().default(''),
  personality: z.string().default(''),
  scenario: z.string().default(''),
  systemPrompt: z.string().default(''),
  firstMessage: z.string().default(''),
  alternateGreetings: z.array(z.string()).default([]),
  messageExamples: z.string().default(''),
  postHistory: z.string().default(''),
  accent: z.strictObject({ hue: z.number().min(0).max(360), chroma: z.number().min(0).max(0.14) }).default({ hue: 352, chroma: 0.135 }),
  tags: z.array(z.string()).default([]),
  creatorNotes: z.string().default(''),
});
export type Character = z.infer<typeof characterSchema>;

/** What a list or a header needs of a character. */
export const characterSummarySchema = characterSchema.pick({ id: true, name: true, accent: true, firstMessage: true });
export type CharacterSummary = z.infer<typeof characterSummarySchema>;
