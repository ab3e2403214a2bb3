/** @file What is remembered, in the person's hands: notes and summaries, their commands, events and the file they travel in. */
import { z } from 'zod';
import { clientIdSchema } from './character.ts';
import { idSchema } from './conversation.ts';
import { NOTE_CHARACTERS, PAGE_MEMORIES, QUOTE_CHARACTERS, SUMMARY_CHARACTERS } from './notes-limits.ts';

/** you: facts about the person. told: what they asked to have remembered. summary: a whole conversation in a few sentences. */
export const noteKinds = ['you', 'likes', 'people', 'plans', 'told'] as const;
export const memoryKinds = [...noteKinds, 'summary'] as const;
export type NoteKind = (typeof noteKinds)[number];
export type MemoryKind = (typeof memoryKinds)[number];

/** words: found in the person's own words by rule. model: drawn from them by the model. person: written by hand. import: from a file. */
export const memoryOrigins = ['words', 'model', 'person', 'import'] as const;
export type MemoryOrigin = (typeof memoryOrigins)[number];

/** One message that a memory was drawn from; the quote is the person's own sentence. */
export const memorySourceSchema = z.strictObject({
  conversationId: idSchema,
  title: z.string(),
  messageId: idSchema,
  at: z.number(),
  quote: z.string().max(QUOTE_CHARACTERS),
});
export type MemorySource = z.infer<typeof memorySourceSchema>;

export const memorySchema = z.strictObject({
  id: idSchema,
  characterId: clientIdSchema,
  kind: z.enum(memoryKinds),
  text: z.string().min(1).max(SUMMARY_CHARACTERS),
  origin: z.enum(memoryOrigins),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** Goes with every message. */
  pinned: z.boolean(),
  /** In the person's own wording: nothing rewrites it. */
  edited: z.boolean(),
  /** Where sharing is switched on, every companion knows it, as they do what is pinned; absent where it is kept to its own. */
  shared: z.literal(true).optional(),
  learnedAt: z.number(),
  /** When it was last said. */
  saidAt: z.number(),
  /** The newest one; absent where the person wrote it or its conversation is deleted. */
  source: memorySourceSchema.optional(),
  /** The conversation that a summary sums up. */
  conversationId: idSchema.optional(),
  /** The memory that took its place, and when; absent while it holds. */
  supersededBy: idSchema.optional(),
  supersededAt: z.number().optional(),
  /** How many older ones it took the place of. */
  replaced: z.number(),
});
export type Memory = z.infer<typeof memorySchema>;

const noteTextSchema = z
  .string()
  .transform((text) => text.replaceAll(/\s+/gu, ' ').trim())
  .pipe(z.string().min(1).max(SUMMARY_CHARACTERS));

/** One memory as an exported file holds it: no ids, so that it can be brought in anywhere. Times in ms since 1970. */
export const carriedMemorySchema = z.strictObject({
  kind: z.enum(memoryKinds),
  text: noteTextSchema,
  confidence: z.number().min(0).max(1),
  pinned: z.boolean(),
  edited: z.boolean(),
  shared: z.literal(true).optional(),
  learnedAt: z.number().min(0),
  saidAt: z.number().min(0),
  quote: z.string().max(QUOTE_CHARACTERS).optional(),
  supersededAt: z.number().min(0).optional(),
});
export type CarriedMemory = z.infer<typeof carriedMemorySchema>;

/** How many there are of what, for the page's first line and for "what is stored where". */
export const memoryCountsSchema = z.strictObject({
  notes: z.number(),
  summaries: z.number(),
  superseded: z.number(),
  pinned: z.number(),
});
export type MemoryCounts = z.infer<typeof memoryCountsSchema>;

/** Who remembers something of the person, and how much; companions that are deleted by now too. */
export const memoryHolderSchema = z.strictObject({ characterId: clientIdSchema, memories: z.number() });
export type MemoryHolder = z.infer<typeof memoryHolderSchema>;

/** What a list is narrowed to; everything that is absent leaves all in. */
export const memoryFilterSchema = z.strictObject({
  query: z.string().max(200).optional(),
  characterId: clientIdSchema.optional(),
  kinds: z.array(z.enum(memoryKinds)).max(memoryKinds.length).optional(),
  /** Only those drawn from this conversation. */
  conversationId: idSchema.optional(),
  pinned: z.literal(true).optional(),
  /** Those that every companion knows where sharing is switched on. */
  shared: z.literal(true).optional(),
  /** Said at this time or later. */
  since: z.number().optional(),
  /** Also those that something newer has taken the place of. */
  superseded: z.literal(true).optional(),
});
export type MemoryFilter = z.infer<typeof memoryFilterSchema>;

const requestId = idSchema;
const memoryId = idSchema;

export const memoryCommandSchemas = [
  z.strictObject({ type: z.literal('list-memories'), requestId, filter: memoryFilterSchema, before: z.string().max(200).optional() }),
  /** With everything it replaced and every message it was drawn from. */
  z.strictObject({ type: z.literal('show-memory'), requestId, memoryId }),
  /** "Tell her something." */
  z.strictObject({
    type: z.literal('add-memory'),
    requestId,
    characterId: clientIdSchema,
    kind: z.enum(noteKinds),
    text: noteTextSchema.pipe(z.string().max(NOTE_CHARACTERS)),
    /** The message that it puts right, which is told no more in its own words. */
    messageId: idSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('change-memory'),
    requestId,
    memoryId,
    text: noteTextSchema.optional(),
    pinned: z.boolean().optional(),
    shared: z.boolean().optional(),
    kind: z.enum(noteKinds).optional(),
  }),
  /** Hides it at once; when the time to undo is over it is removed from every file. `withMessages`: the messages it came from too. */
  z.strictObject({ type: z.literal('forget-memory'), requestId, memoryId, withMessages: z.boolean() }),
  /** The same for one message of the person or of the companion, with every note that rests on it alone. */
  z.strictObject({ type: z.literal('forget-message'), requestId, messageId: idSchema }),
  /** Takes a forgetting back while that is possible. */
  z.strictObject({ type: z.literal('keep-memory'), requestId, forgettingId: idSchema }),
  /** A conversation that is not remembered: nothing is learnt from it, and nothing of it is recalled elsewhere. */
  z.strictObject({ type: z.literal('remember-conversation'), requestId, conversationId: idSchema, remembered: z.boolean() }),
  /** One page of the memories as a file holds them. */
  z.strictObject({ type: z.literal('export-memories'), requestId, characterId: clientIdSchema, before: z.string().max(200).optional() }),
  z.strictObject({
    type: z.literal('import-memories'),
    requestId,
    characterId: clientIdSchema,
    memories: z.array(carriedMemorySchema).min(1).max(PAGE_MEMORIES),
  }),
] as const;

export const memoryEventSchemas = [
  z.strictObject({
    type: z.literal('memories-listed'),
    requestId: idSchema,
    memories: z.array(memorySchema),
    /** Of this filter, on all pages. */
    found: z.number(),
    /** Of everything that belongs to the person and the companion. */
    counts: memoryCountsSchema,
    /** Of all companions; most first. */
    holders: z.array(memoryHolderSchema),
    before: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('memory-shown'),
    requestId: idSchema,
    memory: memorySchema,
    /** What it took the place of, newest first. */
    history: z.array(memorySchema),
    sources: z.array(memorySourceSchema),
    /** Times of the replies it was recalled for, newest first. */
    usedAt: z.array(z.number()),
  }),
  /** It was learnt, written, changed, pinned, superseded or brought back. */
  z.strictObject({ type: z.literal('memory-changed'), requestId: idSchema.optional(), memory: memorySchema }),
  /** It is out of sight and can be brought back until then. */
  z.strictObject({
    type: z.literal('memory-forgotten'),
    requestId: idSchema.optional(),
    forgettingId: idSchema,
    memoryIds: z.array(idSchema),
    messageIds: z.array(idSchema),
    undoUntil: z.number(),
  }),
  z.strictObject({ type: z.literal('memory-kept'), requestId: idSchema.optional(), memories: z.array(memorySchema) }),
  /** Nothing of it is left in any file. `conversationIds`: attach those again, they read differently now. */
  z.strictObject({
    type: z.literal('memory-gone'),
    memoryIds: z.array(idSchema),
    conversationIds: z.array(idSchema),
  }),
  z.strictObject({
    type: z.literal('memories-exported'),
    requestId: idSchema,
    memories: z.array(carriedMemorySchema),
    before: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('memories-imported'), requestId: idSchema, added: z.number(), known: z.number() }),
  /** Many changed at once, or a conversation was deleted with what was learnt from it: list again. */
  z.strictObject({ type: z.literal('memories-changed') }),
] as const;
