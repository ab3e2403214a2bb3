/** @file Who the person talks with: the part of a character card (V1-V3 field names) that takes effect, and the person's own choices for it. */
import { z } from 'zod';
import { lorebookSchema } from './lorebook.ts';

/** wire.md: 1-128 of these, no `..`; ids are never paths. */
export const clientIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:@-]{1,128}$/)
  .refine((id) => !id.includes('..'));

/** `model` leaves it to the model; `short` thinks, within a small budget. */
export const thinkingChoices = ['model', 'on', 'off', 'short'] as const;
export type ThinkingChoice = (typeof thinkingChoices)[number];

/** What a person chose for one character; no card sets any of it. */
export const characterOptionsSchema = z.strictObject({
  /** In older records alone, and without effect: which model a companion speaks with is chosen among the models (`choose-model`). */
  model: z.string().min(1).max(200).optional(),
  /** How it thinks before it speaks, where the model can. */
  thinking: z.enum(thinkingChoices).default('model'),
  /** Whether, and how far, a person's mood moves its temperature; absent limits are the model's own. */
  tone: z
    .strictObject({
      enabled: z.boolean().default(true),
      lowest: z.number().min(0).max(2).optional(),
      highest: z.number().min(0).max(2).optional(),
    })
    .prefault({}),
  /** Who the person is for this character, in place of what the settings say. */
  person: z.strictObject({ name: z.string().max(100).default(''), about: z.string().max(2_000).default('') }).optional(),
});
export type CharacterOptions = z.infer<typeof characterOptionsSchema>;

export const accentSchema = z.strictObject({ hue: z.number().min(0).max(360), chroma: z.number().min(0).max(0.14) });

export const characterSchema = z.strictObject({
  id: clientIdSchema,
  name: z.string().min(1).max(200),
  /** What {{char}} stands for, where it is not the name. */
  nickname: z.string().default(''),
  description: z.string().default(''),
  personality: z.string().default(''),
  scenario: z.string().default(''),
  systemPrompt: z.string().default(''),
  firstMessage: z.string().default(''),
  alternateGreetings: z.array(z.string()).default([]),
  /** Kept and shown; a conversation of two has no use for them. */
  groupOnlyGreetings: z.array(z.string()).default([]),
  messageExamples: z.string().default(''),
  postHistory: z.string().default(''),
  lorebook: lorebookSchema.optional(),
  accent: accentSchema.default({ hue: 352, chroma: 0.135 }),
  options: characterOptionsSchema.prefault({}),
  // None of these is ever in the prompt.
  tags: z.array(z.string()).default([]),
  creatorNotes: z.string().default(''),
  creator: z.string().default(''),
  characterVersion: z.string().default(''),
});
export type Character = z.infer<typeof characterSchema>;

/** What a list or a header needs of a character. */
export const characterSummarySchema = characterSchema.pick({ id: true, name: true, accent: true, firstMessage: true }).extend({
  /** Changes whenever the picture does; absent where there is none. */
  avatar: z.string().max(64).optional(),
});
export type CharacterSummary = z.infer<typeof characterSummarySchema>;
