/** @file Steering a conversation: go on, edit, branch, a note for all of it; nothing that was said is ever lost by it. */
import { z } from 'zod';
import { idSchema } from './conversation.ts';
import { messageTextSchema } from './message-text.ts';
import { NOTE_CHARACTERS } from './steering-limits.ts';

const requestId = idSchema;

export const steeringCommandSchemas = [
  /** The reply goes on where it ends, in a version of its own that begins with all of it. */
  z.strictObject({ type: z.literal('continue-turn'), requestId, turnId: idSchema, conversationId: idSchema, replyId: idSchema }),
  /**
   * A version with other words. The person's own begins a turn of this id, which answers it; one of a reply simply stands there.
   * What lies below the old version stays below it.
   */
  z.strictObject({
    type: z.literal('edit-message'),
    requestId,
    turnId: idSchema,
    conversationId: idSchema,
    messageId: idSchema,
    text: messageTextSchema,
  }),
  /** The path ends at this reply, or above this message of the person; what was below is kept as another branch. */
  z.strictObject({ type: z.literal('branch-conversation'), requestId, conversationId: idSchema, messageId: idSchema }),
  /** What the person asks for in all of the conversation, sent with each of their messages from now on; empty for nothing. */
  z.strictObject({
    type: z.literal('note-conversation'),
    requestId,
    conversationId: idSchema,
    note: z.string().trim().max(NOTE_CHARACTERS),
  }),
] as const;
