/** @file What an OpenAI client sends and hears, as far as this door understands it. */
import { z } from 'zod';
import { clientIdSchema } from '../../shared/character.ts';
import { STOP_CHARACTERS, STOP_WORDS } from '../../shared/limits.ts';

const textPartSchema = z.object({ type: z.literal('text'), text: z.string() });
const stopWordSchema = z.string().min(1).max(STOP_CHARACTERS);

/** `developer` is what newer clients call `system`. Tools and pictures have no place here. */
const openAiMessageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z
    .union([z.string(), z.array(textPartSchema)])
    .nullish()
    .describe('null is an empty message, as some clients keep them.'),
});

/** Fields that are not named here are ignored; those that would promise what is not kept are refused. */
export const completionRequestSchema = z.object({
  model: z.string().describe('Id of a character; its name does as well.'),
  messages: z.array(openAiMessageSchema).min(1).describe('The whole history; the last one is of the role user.'),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).nullish().describe('Never more than MAX_TOKENS.'),
  max_completion_tokens: z.number().int().min(1).nullish(),
  stop: z.union([stopWordSchema, z.array(stopWordSchema).max(STOP_WORDS)]).nullish(),
  user: clientIdSchema.nullish().describe('Whose memories may be read; without it none are.'),
  n: z.literal(1).nullish(),
  tools: z.array(z.unknown()).max(0).nullish(),
  response_format: z.object({ type: z.literal('text') }).nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

const finishSchema = z.enum(['stop', 'length']);
const usageSchema = z.strictObject({ prompt_tokens: z.number(), completion_tokens: z.number(), total_tokens: z.number() });
const place = { id: z.string(), created: z.number().describe('Seconds since 1970.'), model: z.string() };

export const completionSchema = z.strictObject({
  ...place,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.strictObject({
      index: z.literal(0),
      message: z.strictObject({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      logprobs: z.null(),
      finish_reason: finishSchema,
    }),
  ),
  usage: usageSchema,
});
export type Completion = z.infer<typeof completionSchema>;

export const completionChunkSchema = z.strictObject({
  ...place,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.strictObject({
      index: z.literal(0),
      delta: z.strictObject({ role: z.literal('assistant').optional(), content: z.string().optional() }),
      logprobs: z.null(),
      finish_reason: finishSchema.nullable(),
    }),
  ),
  usage: usageSchema
    .nullable()
    .optional()
    .describe('Only where `stream_options.include_usage` asks for it; then in a last chunk of its own.'),
});
export type CompletionChunk = z.infer<typeof completionChunkSchema>;

export const openAiModelSchema = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.number(),
  owned_by: z.string(),
});
export const openAiModelsSchema = z.strictObject({ object: z.literal('list'), data: z.array(openAiModelSchema) });

export const openAiErrorSchema = z.strictObject({
  error: z.strictObject({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
});
