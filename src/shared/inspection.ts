/** @file What the inspector shows of one reply: every part of its prompt, what was left out, the numbers, and the exact messages. */
import { z } from 'zod';
import { idSchema, leftOutSchema, recalledSchema, sectionNames, timingsSchema, usageSchema } from './conversation.ts';
import { memorySchema } from './memories.ts';
import { moodSchema, toneDirections } from './mood.ts';

/** One part of the prompt as it was sent. */
export const explainedSectionSchema = z.strictObject({
  id: z.enum(sectionNames),
  /** For a person: "The character", "Recalled memories". */
  title: z.string(),
  /** One sentence: where it comes from. */
  source: z.string(),
  /** The text as the model got it. Empty for `history`, whose texts are the messages from `position.message` on. */
  text: z.string(),
  /** By the estimate of that time. */
  tokens: z.number(),
  /** Where it stands in `messages`; absent where nothing of it was sent. */
  position: z
    .strictObject({
      /** Index into `messages`; 0 is the system message. */
      message: z.number().int().min(0),
      /** How many messages it fills: 1, but for `history`. */
      messages: z.number().int().min(1),
      /** In words: "in the system message", "above your words". */
      words: z.string(),
    })
    .optional(),
  /** What was left out of it and why, where something was. */
  omitted: z.string().optional(),
});
export type ExplainedSection = z.infer<typeof explainedSectionSchema>;

/** What was recalled, with what is there of it now. */
export const explainedRecallSchema = recalledSchema.extend({
  /** The note or summary as it reads now; absent where it is forgotten, or was none. */
  memory: memorySchema.optional(),
  /** The message that it is, or that it was drawn from, where that one can still be read. */
  message: z.strictObject({ id: idSchema, conversationId: idSchema, title: z.string() }).optional(),
  /** Nothing is left of it. */
  forgotten: z.literal(true).optional(),
});
export type ExplainedRecall = z.infer<typeof explainedRecallSchema>;

export type LeftOut = z.infer<typeof leftOutSchema>;

export const sentMessageSchema = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

/**
 * exact: `messages` are what was sent, byte for byte. changed: something of it was forgotten or replaced since.
 * unknown: the reply is older than the keeping of this.
 */
export const faithfulness = ['exact', 'changed', 'unknown'] as const;

export const explanationSchema = z.strictObject({
  messageId: idSchema,
  conversationId: idSchema,
  /** The reply before this one on its path, for a comparison; null where there is none. */
  previousReplyId: idSchema.nullable(),
  model: z.string(),
  engine: z.string(),
  /** In the order in which they were sent; those of which nothing was sent come last. */
  sections: z.array(explainedSectionSchema),
  leftOut: z.array(leftOutSchema),
  /** The likeliest first; empty where nothing was, and in reports of older versions. */
  recalled: z.array(explainedRecallSchema),
  sampling: z.strictObject({
    temperature: z.number(),
    topP: z.number(),
    direction: z.enum(toneDirections),
    reason: z.string(),
    mood: moodSchema,
    contextTokens: z.number(),
    /** The longest reply that was asked for (num_predict), where it is known. */
    replyTokens: z.number().optional(),
    /** What was kept free for the reply while the prompt was fitted. */
    replyReserve: z.number(),
    think: z.boolean().optional(),
  }),
  timings: timingsSchema,
  usage: usageSchema.optional(),
  /** The prompt's size by our estimate; `usage.promptTokens` is the server's own count. */
  estimatedTokens: z.number(),
  /** Exactly what the model was sent, oldest first; empty where it is not known. */
  messages: z.array(sentMessageSchema),
  faithful: z.enum(faithfulness),
  /** One sentence about `faithful`. */
  faithfulWords: z.string(),
  /** SHA-256 of the messages as JSON at the time they were sent; empty where it is not known. */
  digest: z.string(),
  /** The oldest message of the conversation that was sent, and whether older ones were not. */
  oldestSentId: idSchema,
  historyTrimmed: z.boolean(),
  warnings: z.array(z.string()),
});
export type Explanation = z.infer<typeof explanationSchema>;

const requestId = idSchema;

export const inspectionCommandSchemas = [
  /** What a reply was made of; any reply with a report can be explained. */
  z.strictObject({ type: z.literal('explain-reply'), requestId, messageId: idSchema }),
] as const;

export const inspectionEventSchemas = [
  z.strictObject({ type: z.literal('reply-explained'), requestId, explanation: explanationSchema }),
] as const;
