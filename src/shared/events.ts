/** @file What a client may hear: one schema for IPC, sockets and tests. Events are noun-verb. */
import { z } from 'zod';
import { characterSummarySchema } from './character.ts';
import { characterEventSchemas } from './characters.ts';
import { conversationSchema, idSchema, messageSchema } from './conversation.ts';
import { doorEventSchemas } from './door.ts';
import { wireFaultSchema } from './faults.ts';
import { inspectionEventSchemas } from './inspection.ts';
import { memoryEventSchemas } from './memories.ts';
import { modelEventSchemas } from './models.ts';
import { runtimeEventSchemas } from './runtime.ts';
import { settingsEventSchemas } from './settings.ts';
import { modelStatusSchema } from './status.ts';

/** Raised when a client of an older contract could no longer follow. */
export const CONTRACT = 1;

const turn = { conversationId: idSchema, turnId: idSchema, seq: z.number().int().min(0) };
/** A merged delta covers the numbers fromSeq..seq; without fromSeq it covers seq alone. */
const delta = { ...turn, fromSeq: z.number().int().min(0).optional(), text: z.string().min(1) };

export const turnStages = ['waiting', 'loading', 'reading', 'thinking', 'writing'] as const;

const turnEventSchemas = [
  /** The person's message is on disk; the reply that will be written has its id already. */
  z.strictObject({
    type: z.literal('turn-accepted'),
    ...turn,
    userMessage: messageSchema,
    replyId: idSchema,
    startedAt: z.number(),
    /** What the reply begins with, where it goes on from an earlier version. */
    from: z.strictObject({ text: z.string(), thinking: z.string() }).optional(),
  }),
  z.strictObject({ type: z.literal('turn-stage'), ...turn, stage: z.enum(turnStages) }),
  z.strictObject({ type: z.literal('thinking-delta'), ...delta }),
  z.strictObject({ type: z.literal('text-delta'), ...delta }),
  z.strictObject({
    type: z.literal('turn-ended'),
    ...turn,
    status: z.enum(['complete', 'stopped', 'failed']),
    /** The reply; absent where the person's words could not be put on disk, so that the client gives them back. */
    message: messageSchema.optional(),
    fault: wireFaultSchema.optional(),
  }),
] as const;

export const turnEventSchema = z.discriminatedUnion('type', turnEventSchemas);
export type TurnEvent = z.infer<typeof turnEventSchema>;

/** A turn that is running while a client attaches: everything up to throughSeq is in here. */
export const liveTurnSchema = z.strictObject({
  turnId: idSchema,
  throughSeq: z.number().int(),
  userMessage: messageSchema,
  replyId: idSchema,
  startedAt: z.number(),
  stage: z.enum(turnStages),
  text: z.string(),
  thinking: z.string(),
});
export type LiveTurn = z.infer<typeof liveTurnSchema>;

export const eventSchema = z.discriminatedUnion('type', [
  ...turnEventSchemas,
  z.strictObject({
    type: z.literal('session-opened'),
    contract: z.literal(CONTRACT),
    service: z.string(),
    version: z.string(),
    characters: z.array(characterSummarySchema),
    model: modelStatusSchema,
  }),
  z.strictObject({ type: z.literal('model-changed'), model: modelStatusSchema }),
  z.strictObject({
    type: z.literal('conversations-listed'),
    requestId: idSchema,
    conversations: z.array(conversationSchema),
    /** Pass it back as `before` for the next page; absent on the last. */
    before: z.string().optional(),
  }),
  /** A conversation was made, renamed, spoken in or restored. */
  z.strictObject({ type: z.literal('conversation-changed'), requestId: idSchema.optional(), conversation: conversationSchema }),
  z.strictObject({
    type: z.literal('conversation-deleted'),
    requestId: idSchema.optional(),
    conversationId: idSchema,
    undoUntil: z.number(),
  }),
  z.strictObject({
    type: z.literal('conversation-attached'),
    requestId: idSchema,
    conversation: conversationSchema,
    /** The newest 50 of the active path, oldest first; `before` pages further back. */
    messages: z.array(messageSchema),
    before: idSchema.nullable(),
    live: liveTurnSchema.optional(),
    /** Turns of this conversation that wait behind the live one. */
    waiting: z.array(z.strictObject({ turnId: idSchema, text: z.string() })),
    /** The newest message below the end of the path: the person went back, and this branch is not on show. */
    onward: idSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('messages-loaded'),
    requestId: idSchema,
    conversationId: idSchema,
    messages: z.array(messageSchema),
    before: idSchema.nullable(),
  }),
  /** The active path of an attached conversation took another branch: attach again. */
  z.strictObject({ type: z.literal('conversation-rerouted'), conversationId: idSchema }),
  ...inspectionEventSchemas,
  ...runtimeEventSchemas,
  ...modelEventSchemas,
  ...settingsEventSchemas,
  ...doorEventSchemas,
  ...characterEventSchemas,
  ...memoryEventSchemas,
  z.strictObject({ type: z.literal('command-done'), requestId: idSchema }),
  /** A command could not be carried out; nothing else changed. requestId is absent where none could be read. */
  z.strictObject({ type: z.literal('command-failed'), requestId: idSchema.optional(), fault: wireFaultSchema }),
]);
export type ClientEvent = z.infer<typeof eventSchema>;
