/** @file The frames of /ws/chat: what a client may send, and what it hears. */
import { z } from 'zod';
import { clientIdSchema } from '../../shared/character.ts';
import { idSchema } from '../../shared/conversation.ts';
import { faultCodeSchema } from '../../shared/faults.ts';
import { messageTextSchema } from '../../shared/message-text.ts';
import { moodSchema, toneDirections } from '../../shared/mood.ts';

/** Fields that are not known are ignored: older and newer clients send some. */
export const chatMessageSchema = z.object({
  message: messageTextSchema.describe('1 byte to 64 KiB of UTF-8, not only white space.'),
  character_id: clientIdSchema.default('default'),
  user_id: clientIdSchema.default('default'),
});
export const chatStopSchema = z.object({ type: z.literal('stop') });

export type ChatMessage = { kind: 'message'; text: string; characterId: string; userId: string };
export type ChatRequest = ChatMessage | { kind: 'stop' } | { kind: 'unreadable' };

/** What a client sent; undefined stands for a binary frame. */
export function readChatFrame(frame: string | undefined): ChatRequest {
  const value = parseJson(frame);
  if (isStop(value)) return { kind: 'stop' };
  return readChatMessage(value) ?? { kind: 'unreadable' };
}

const isStop = (value: unknown): boolean => typeof value === 'object' && value !== null && 'type' in value && value.type === 'stop';

/** The message in a value that was JSON; undefined where it is none. */
export function readChatMessage(value: unknown): ChatMessage | undefined {
  const parsed = chatMessageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  return { kind: 'message', text: parsed.data.message, characterId: parsed.data.character_id, userId: parsed.data.user_id };
}

/** What is not JSON is no message, like any other value that is none. */
function parseJson(frame: string | undefined): unknown {
  try {
    return JSON.parse(frame ?? '');
  } catch {
    return undefined;
  }
}

const usageSchema = z.strictObject({
  prompt_tokens: z.number(),
  evaluated_tokens: z.number().optional().describe('Prompt tokens that had to be read anew; the rest was reused.'),
  reply_tokens: z.number(),
});
const chatToneSchema = z.strictObject({
  direction: z.enum(toneDirections),
  temperature: z.number(),
  top_p: z.number(),
  reason: z.string(),
});

const statusFrameSchema = z.strictObject({ type: z.literal('status'), task: z.enum(['processing_message', 'generating_response']) });
const tokenFrameSchema = z.strictObject({ type: z.literal('token'), content: z.string().min(1) });
const completeFrameSchema = z.strictObject({
  type: z.literal('complete'),
  sentiment: moodSchema.describe('The reference VADER score of the message as it was sent.'),
  turn_id: idSchema,
  conversation_id: idSchema,
  status: z.enum(['complete', 'stopped']),
  usage: usageSchema.nullable().describe('null where the reply ended before the model counted.'),
  tone: chatToneSchema.nullable(),
  warnings: z.array(z.string()),
});
const errorFrameSchema = z.strictObject({
  type: z.literal('error'),
  code: faultCodeSchema,
  message: z.string().min(1).max(299),
  retryable: z.boolean(),
});

/** Everything a client of /ws/chat, or of POST /api/chat, may hear. */
export const chatFrameSchema = z.discriminatedUnion('type', [statusFrameSchema, tokenFrameSchema, completeFrameSchema, errorFrameSchema]);
export type ChatFrame = z.infer<typeof chatFrameSchema>;
