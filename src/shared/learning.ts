/** @file What a model is asked to answer when it draws notes from a conversation: the JSON schema it is held to, and the check of what came. */
import { z } from 'zod';
import { noteKinds } from './memories.ts';
import { LEARN_NOTES, NOTE_CHARACTERS } from './notes-limits.ts';

/** Kinds that a model may give; what the person asks to have remembered is found by rule, in their own words. */
const learntKinds = noteKinds.filter((kind) => kind !== 'told');

/** Only what the grammars of both engines know: types, properties, required, enum, items, maxItems. */
export const learntNotesFormat = {
  type: 'object',
  properties: {
    notes: {
      type: 'array',
      maxItems: LEARN_NOTES,
      items: {
        type: 'object',
        properties: {
          message: { type: 'integer' },
          kind: { type: 'string', enum: learntKinds },
          about: { type: 'string' },
          text: { type: 'string' },
          sure: { type: 'string', enum: ['certain', 'likely'] },
          replaces: { type: 'integer' },
        },
        required: ['message', 'kind', 'about', 'text', 'sure', 'replaces'],
        additionalProperties: false,
      },
    },
  },
  required: ['notes'],
  additionalProperties: false,
} as const;

export const learntNoteSchema = z.object({
  /** Number of the message it was drawn from, as the instruction counts them, from 1. */
  message: z.number().int(),
  kind: z.enum(learntKinds as [(typeof learntKinds)[number], ...(typeof learntKinds)[number][]]),
  about: z.string().trim().min(1).max(60),
  text: z
    .string()
    .transform((text) => text.replaceAll(/\s+/gu, ' ').trim())
    .pipe(z.string().min(4).max(NOTE_CHARACTERS)),
  sure: z.enum(['certain', 'likely']),
  /** Number of the known note that it replaces; 0 for none. */
  replaces: z.number().int(),
});
export type LearntNote = z.infer<typeof learntNoteSchema>;

/** Each note by itself: one that is wrong does not cost the others. */
export const learntAnswerSchema = z.object({ notes: z.array(z.unknown()).max(100) });
