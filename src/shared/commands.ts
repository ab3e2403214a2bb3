/** @file What a client may ask: one schema for IPC, sockets and tests. Commands are verb-noun. */
import { z } from 'zod';
import { GREETINGS } from './card-limits.ts';
import { clientIdSchema } from './character.ts';
import { characterCommandSchemas } from './characters.ts';
import { answerWishes, idSchema, titleSchema } from './conversation.ts';
import { doorCommandSchemas } from './door.ts';
import { inspectionCommandSchemas } from './inspection.ts';
import { memoryCommandSchemas } from './memories.ts';
import { messageTextSchema } from './message-text.ts';
import { modelCommandSchemas } from './models.ts';
import { runtimeCommandSchemas } from './runtime.ts';
import { settingsCommandSchemas } from './settings.ts';
import { steeringCommandSchemas } from './steering.ts';

/** Made by the client; comes back on the answer to this command. */
const requestId = idSchema;

export const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('list-conversations'),
    requestId,
    query: z.string().max(200).optional(),
    before: z.string().max(200).optional(),
  }),
  /** `conversationId`, made by the client, makes a repeated command the same conversation. `greeting`: which of `list-greetings`. */
  z.strictObject({
    type: z.literal('create-conversation'),
    requestId,
    characterId: clientIdSchema,
    conversationId: idSchema.optional(),
    greeting: z.number().int().min(0).max(GREETINGS).optional(),
  }),
  z.strictObject({ type: z.literal('rename-conversation'), requestId, conversationId: idSchema, title: titleSchema }),
  /** `memories`: what becomes of the notes that were learnt in it alone; they are kept where nothing is said. */
  z.strictObject({
    type: z.literal('delete-conversation'),
    requestId,
    conversationId: idSchema,
    memories: z.enum(['keep', 'forget']).optional(),
  }),
  z.strictObject({ type: z.literal('restore-conversation'), requestId, conversationId: idSchema }),
  z.strictObject({ type: z.literal('attach-conversation'), requestId, conversationId: idSchema }),
  z.strictObject({ type: z.literal('detach-conversation'), requestId, conversationId: idSchema }),
  z.strictObject({ type: z.literal('load-messages'), requestId, conversationId: idSchema, before: idSchema }),
  z.strictObject({ type: z.literal('choose-message'), requestId, conversationId: idSchema, messageId: idSchema }),
  z.strictObject({ type: z.literal('start-turn'), requestId, turnId: idSchema, conversationId: idSchema, text: messageTextSchema }),
  /** Answers a message once more; the new reply is a version beside the old ones. `wish` is for this answer alone. */
  z.strictObject({
    type: z.literal('retry-turn'),
    requestId,
    turnId: idSchema,
    conversationId: idSchema,
    userMessageId: idSchema,
    wish: z.enum(answerWishes).optional(),
  }),
  z.strictObject({ type: z.literal('stop-turn'), requestId, turnId: idSchema }),
  z.strictObject({ type: z.literal('retry-engine'), requestId }),
  ...inspectionCommandSchemas,
  ...runtimeCommandSchemas,
  ...modelCommandSchemas,
  ...settingsCommandSchemas,
  ...doorCommandSchemas,
  ...steeringCommandSchemas,
  ...characterCommandSchemas,
  ...memoryCommandSchemas,
]);
export type Command = z.infer<typeof commandSchema>;
export type CommandType = Command['type'];
