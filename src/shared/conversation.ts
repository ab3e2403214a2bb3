/** @file Conversations, their messages, and the report that each reply keeps. */
import { z } from 'zod';
import { clientIdSchema } from './character.ts';
import { wireFaultSchema } from './faults.ts';
import { TITLE_CHARACTERS } from './limits.ts';
import { moodSchema, toneSchema } from './mood.ts';

/** Ids made by this program or its clients: no path, no prose. */
export const idSchema = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
export const titleSchema = z.string().trim().min(1).max(TITLE_CHARACTERS);

export const conversationSchema = z.strictObject({
  id: idSchema,
  userId: clientIdSchema,
  characterId: clientIdSchema,
  title: z.string(),
  /** False while the title is still the one derived from the first message. */
  titled: z.boolean(),
  /** The model that this conversation asks for; absent where it takes its companion's or the default. */
  model: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** What the person asks for in all of it; absent where nothing. */
  note: z.string().optional(),
  /** False: nothing is learnt from it and nothing of it is recalled elsewhere. Absent where it is remembered. */
  remembered: z.literal(false).optional(),
});
export type Conversation = z.infer<typeof conversationSchema>;

/**
 * The parts of a compiled prompt. In the system message: mandate, persona, person (who talks with the character), world (constant
 * lore, before or after the character), examples, greeting. Then summary and history. Above the person's own words: memory, lore
 * (triggered), now (time and mood), note (author's note and wishes for this reply), post-history. `context` is all of these in older
 * reports. Below the words: continued (the reply that is gone on with).
 */
export const sectionNames = [
  'mandate',
  'persona',
  'person',
  'world-before',
  'world',
  'examples',
  'greeting',
  'summary',
  'history',
  'memory',
  'lore',
  'now',
  'note',
  'post-history',
  'context',
  'message',
  'continued',
] as const;
export type SectionName = (typeof sectionNames)[number];
/** What may be asked of one answer, and of that one only. */
export const answerWishes = ['shorter', 'longer', 'warmer'] as const;
export type AnswerWish = (typeof answerWishes)[number];
/** How a version of a message came to be, where it was neither simply said nor simply answered. */
export const origins = ['edited', 'continued', ...answerWishes] as const;
export type Origin = (typeof origins)[number];

/** What bent one reply beside the conversation itself. */
export const steeringSchema = z.strictObject({
  /** The conversation's note as it was sent. */
  note: z.string().optional(),
  wish: z.enum(answerWishes).optional(),
  /** The reply goes on from an earlier version of it. */
  continued: z.boolean().optional(),
});

/** One part of a compiled prompt, as the report names it. */
export const promptSectionSchema = z.strictObject({
  name: z.enum(sectionNames),
  tokens: z.number(),
  /** What was left out of it and why, where something was. */
  omitted: z.string().optional(),
});
export type PromptSection = z.infer<typeof promptSectionSchema>;

/** One thing that was not sent, such as a lorebook entry, and the reason in a sentence. */
export const leftOutSchema = z.strictObject({ what: z.string(), why: z.string() });

/**
 * What is needed to build a sent prompt again; its texts are kept once: `hash` names rows of the store's prompt texts, the rest
 * are the messages themselves, with their stored context blocks, and the stored summary.
 */
export const sentPromptSchema = z.strictObject({
  /** The parts of the system message, in order. */
  system: z.array(z.strictObject({ name: z.enum(sectionNames), hash: z.string() })),
  /** The first message of the path stands in the system message, as the words that began the conversation. */
  greetingInSystem: z.boolean(),
  summaryId: idSchema.optional(),
  /** Only where the summary had to be cut. */
  summaryHash: z.string().optional(),
  /** Only where the block above the person's words was not the one that is stored with them. */
  contextHash: z.string().optional(),
  /** What stood below the person's message, where a reply was gone on with. */
  after: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), hash: z.string() })).optional(),
  /** SHA-256 of the messages as JSON. */
  digest: z.string(),
  /** num_predict. */
  replyTokens: z.number(),
  think: z.boolean().optional(),
});
export type SentPrompt = z.infer<typeof sentPromptSchema>;

/** One past thing that was recalled for a reply; when it is forgotten, `[forgotten]` stands in the place of its words. */
export const recalledSchema = z.strictObject({
  /** As it was told, without the day in front of it. */
  text: z.string(),
  /** Why, in a sentence for the person. */
  reason: z.string(),
  /** How likely it was to be meant, 0 to 1; another service's own measure where there is no source. */
  score: z.number().optional(),
  /** By the estimate of that time. */
  tokens: z.number(),
  /** It stood above an earlier message still and was not told again. */
  above: z.literal(true).optional(),
  /** Absent where another service recalled it. */
  source: z
    .strictObject({
      kind: z.enum(['message', 'note', 'summary']),
      id: idSchema,
      speaker: z.enum(['person', 'companion']),
      /** When it was said, in ms since 1970. */
      at: z.number(),
      conversationId: idSchema.optional(),
      /** The message that it is, or that it was drawn from. */
      messageId: idSchema.optional(),
    })
    .optional(),
});
export type Recalled = z.infer<typeof recalledSchema>;

export const timingsSchema = z.strictObject({
  /** How long the person's words waited behind other turns of the conversation, in ms. */
  queueMs: z.number().optional(),
  /** From the person's message on disk to the first shown token, in ms. */
  firstTokenMs: z.number().optional(),
  totalMs: z.number(),
  loadMs: z.number().optional(),
  promptMs: z.number().optional(),
  replyMs: z.number().optional(),
});

export const usageSchema = z.strictObject({
  promptTokens: z.number(),
  /** Prompt tokens that had to be read anew; the rest was reused. */
  evaluatedTokens: z.number().optional(),
  replyTokens: z.number(),
});

export const reportSchema = z.strictObject({
  model: z.string(),
  engine: z.string(),
  mood: moodSchema,
  tone: toneSchema,
  contextTokens: z.number(),
  replyReserve: z.number(),
  sections: z.array(promptSectionSchema),
  /** Whether older messages of the path were left out, and the oldest one that was sent. */
  historyTrimmed: z.boolean(),
  oldestSentId: idSchema,
  usage: usageSchema.optional(),
  timings: timingsSchema,
  finish: z.enum(['stop', 'length', 'none']),
  /** Absent where nothing did. */
  steering: steeringSchema.optional(),
  warnings: z.array(z.string()),
  /** Absent in reports of older versions, as what follows. */
  leftOut: z.array(leftOutSchema).optional(),
  /** Absent, too, where the block above the words was one that was sent with them before. */
  recalled: z.array(recalledSchema).optional(),
  /** The size that the prompt was expected to have; `usage` has the server's own count. */
  estimatedTokens: z.number().optional(),
  sent: sentPromptSchema.optional(),
});
export type Report = z.infer<typeof reportSchema>;

export const messageStatuses = ['complete', 'writing', 'stopped', 'failed', 'interrupted'] as const;
export const messageSchema = z.strictObject({
  id: idSchema,
  conversationId: idSchema,
  parentId: idSchema.nullable(),
  turnId: idSchema.nullable(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  thinking: z.string(),
  status: z.enum(messageStatuses),
  createdAt: z.number(),
  origin: z.enum(origins).optional(),
  /** Which of its siblings this one is, counted from 1, and how many there are. */
  sibling: z.strictObject({ position: z.number(), count: z.number(), previousId: idSchema.nullable(), nextId: idSchema.nullable() }),
  mood: moodSchema.optional(),
  report: reportSchema.optional(),
  fault: wireFaultSchema.optional(),
});
export type Message = z.infer<typeof messageSchema>;
