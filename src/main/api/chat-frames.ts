/** @file The frames of /ws/chat: what a client may send, and what it hears. */
import { z } from 'zod';
import { clientIdSchema } from '../../shared/character.ts';
import { messageTextSchema } from '../../shared/commands.ts';
import type { FaultCode } from '../../shared/faults.ts';
import type { Mood, Tone } from '../../shared/mood.ts';

/** Fields that are not known are ignored: older and newer clients send some. */
const messageSchema = z.object({
  message: messageTextSchema,
  character_id: clientIdSchema.default('default'),
  user_id: clientIdSchema.default('default'),
});
const stopSchema = z.object({ type: z.literal('stop') });

export type ChatMessage = { kind: 'message'; text: string; characterId: string; userId: string };
export type ChatRequest = ChatMessage | { kind: 'stop' } | { kind: 'unreadable' };

/** What a client sent; undefined stands for a binary frame. */
export function readChatFrame(frame: string | undefined): ChatRequest {
  const value = parseJson(frame);
  if (stopSchema.safeParse(value).success) return { kind: 'stop' };
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) return { kind: 'unreadable' };
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

export type ChatUsage = { prompt_tokens: number; evaluated_tokens?: number; reply_tokens: number };

export type ChatFrame =
  | { type: 'status'; task: 'processing_message' | 'generating_response' }
  | { type: 'token'; content: string }
  | {
      type: 'complete';
      sentiment: Mood;
      turn_id: string;
      conversation_id: string;
      status: 'complete' | 'stopped';
      /** null where the reply ended before the model counted. */
      usage: ChatUsage | null;
      tone: { direction: Tone['direction']; temperature: number; top_p: number; reason: string } | null;
      warnings: string[];
    }
  | { type: 'error'; code: FaultCode; message: string; retryable: boolean };
