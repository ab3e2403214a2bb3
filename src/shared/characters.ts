/** @file The library of companions: what a client may ask of it, what it hears, and the shapes of both. */
import { z } from 'zod';
import { CARD_FILE_BYTES, CHUNK_BYTES, COUNTED_TEXTS, GREETINGS, LORE_ENTRIES } from './card-limits.ts';
import { accentSchema, characterOptionsSchema, characterSchema, characterSummarySchema, clientIdSchema } from './character.ts';
import { idSchema } from './conversation.ts';
import { secondaryLogics } from './lorebook.ts';

export const cardFormats = ['png', 'json', 'charx', 'byaf'] as const;
export const exportFormats = ['png', 'json', 'charx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const text = z.string().max(2_000_000);
const texts = z.array(text).max(GREETINGS);
const line = z.string().max(400);
const depth = z.number().int().min(0).max(1_000_000);

/** A lorebook entry as an editor shows it: `content` with its decorator lines. */
export const loreTextSchema = z.strictObject({
  /** Its place in the card; absent where it is new. */
  from: z.number().int().min(0).optional(),
  name: line,
  enabled: z.boolean(),
  constant: z.boolean(),
  keys: z.array(z.string()).max(5_000),
  secondaryKeys: z.array(z.string()).max(5_000),
  selective: z.boolean(),
  /** Shown, never changed here. */
  secondaryLogic: z.enum(secondaryLogics),
  caseSensitive: z.boolean(),
  /** Of its keys those that are regular expressions, as they were read: shown, and told by the words anew when it is kept. */
  patterns: z.array(z.string()),
  content: text,
  order: z.number(),
  priority: z.number(),
  position: z.enum(['before', 'after']),
});
export type LoreText = z.infer<typeof loreTextSchema>;

/** The words of a card that a person can change. */
export const cardTextSchema = z.strictObject({
  name: z.string().max(200),
  nickname: z.string().max(200),
  description: text,
  personality: text,
  scenario: text,
  systemPrompt: text,
  firstMessage: text,
  alternateGreetings: texts,
  groupOnlyGreetings: texts,
  messageExamples: text,
  postHistory: text,
  tags: z.array(line).max(100),
  creatorNotes: text,
  creator: z.string().max(200),
  characterVersion: z.string().max(200),
  book: z.strictObject({ scanDepth: depth.optional(), tokenBudget: depth.optional(), recursive: z.boolean() }),
  lore: z.array(loreTextSchema).max(LORE_ENTRIES),
});
export type CardText = z.infer<typeof cardTextSchema>;

/** A card in which nothing is written yet, but for its lorebook. */
export const emptyWords: Omit<CardText, 'book' | 'lore'> = {
  name: '',
  nickname: '',
  description: '',
  personality: '',
  scenario: '',
  systemPrompt: '',
  firstMessage: '',
  alternateGreetings: [],
  groupOnlyGreetings: [],
  messageExamples: '',
  postHistory: '',
  tags: [],
  creatorNotes: '',
  creator: '',
  characterVersion: '',
};

/** What `save-character` finds in its upload, as JSON. */
export const cardEditSchema = z.strictObject({ text: cardTextSchema, accent: accentSchema, options: characterOptionsSchema });
export type CardEdit = z.infer<typeof cardEditSchema>;

/** own: the person's. built-in: Sarah; `edited` where the person changed her. */
export const libraryEntrySchema = characterSummarySchema.extend({
  source: z.enum(['built-in', 'own']),
  edited: z.boolean(),
  tags: z.array(z.string()),
  creator: z.string(),
  conversations: z.number().int(),
  /** ms since 1970; absent where nobody ever talked. */
  lastTalkedAt: z.number().optional(),
});
export type LibraryEntry = z.infer<typeof libraryEntrySchema>;

/** One text of a card, with what it costs in the prompt. */
const counted = z.strictObject({ text: z.string(), tokens: z.number().int() });

/** Everything in a card that is not added yet. */
export const cardPreviewSchema = z.strictObject({
  file: z.string(),
  bytes: z.number(),
  format: z.enum(cardFormats),
  version: z.number().int(),
  character: characterSchema,
  /** What it costs, in tokens by the model in use: in every prompt; with all of its lore; the greeting. */
  tokens: z.strictObject({ always: z.number(), lore: z.number(), examples: z.number() }),
  description: counted,
  personality: counted,
  scenario: counted,
  systemPrompt: counted,
  postHistory: counted,
  contextTokens: z.number(),
  files: z.number().int(),
  /** Kept in the file, but not followed: one sentence each. */
  notFollowed: z.array(z.string()),
  remarks: z.array(z.string()),
  /** Its document as JSON, shortened where it is very long. */
  source: z.string(),
  /** A companion with the same words is here already. */
  sameAs: z.string().optional(),
});
export type CardPreview = z.infer<typeof cardPreviewSchema>;

const requestId = idSchema;
const uploadId = idSchema;
const characterId = clientIdSchema;
const bytes = z.number().int().min(1).max(CARD_FILE_BYTES);
const offset = z
  .number()
  .int()
  .min(0)
  .max(CARD_FILE_BYTES * 8);
const data = z.string().max(Math.ceil(CHUNK_BYTES / 3) * 4);
const download = { downloadId: idSchema, name: z.string(), mediaType: z.string(), bytes: z.number().int() };

export const characterCommandSchemas = [
  z.strictObject({ type: z.literal('list-characters'), requestId }),
  z.strictObject({ type: z.literal('show-character'), requestId, characterId }),
  /** How a conversation of this id, which is not made yet, may begin; `create-conversation` takes the number of one. */
  z.strictObject({ type: z.literal('list-greetings'), requestId, characterId, conversationId: idSchema }),
  /** Files come in pieces: a frame holds less than a card. Nothing is kept of one before it is confirmed or saved. */
  z.strictObject({ type: z.literal('begin-upload'), requestId, name: line, bytes }),
  z.strictObject({ type: z.literal('send-chunk'), requestId, uploadId, offset, data }),
  z.strictObject({ type: z.literal('drop-upload'), requestId, uploadId }),
  z.strictObject({ type: z.literal('preview-card'), requestId, uploadId }),
  /** `avatarId` is an upload too: a PNG that the page drew anew, at most 512 pixels on a side. */
  z.strictObject({
    type: z.literal('confirm-import'),
    requestId,
    uploadId,
    avatarId: idSchema.optional(),
    accent: accentSchema.optional(),
  }),
  /** The upload holds JSON of `{text, accent, options}`; without an id a new companion is made of it. */
  z.strictObject({ type: z.literal('save-character'), requestId, uploadId, characterId: characterId.optional() }),
  /** Without an upload the picture is taken away. */
  z.strictObject({ type: z.literal('set-avatar'), requestId, characterId, avatarId: idSchema.optional() }),
  z.strictObject({ type: z.literal('duplicate-character'), requestId, characterId }),
  /** `everything`: with its conversations and all that it remembers. Sarah herself is not deleted: what was changed in her is undone. */
  z.strictObject({ type: z.literal('delete-character'), requestId, characterId, everything: z.boolean().optional() }),
  z.strictObject({ type: z.literal('restore-character'), requestId, characterId }),
  z.strictObject({ type: z.literal('export-card'), requestId, characterId, format: z.enum(exportFormats) }),
  z.strictObject({ type: z.literal('show-avatar'), requestId, characterId }),
  z.strictObject({ type: z.literal('read-download'), requestId, downloadId: idSchema, offset }),
  z.strictObject({ type: z.literal('count-tokens'), requestId, texts: z.array(z.string().max(200_000)).max(COUNTED_TEXTS) }),
] as const;

export const characterEventSchemas = [
  z.strictObject({ type: z.literal('characters-listed'), requestId, characters: z.array(libraryEntrySchema) }),
  z.strictObject({
    type: z.literal('character-shown'),
    requestId,
    character: characterSchema,
    text: cardTextSchema,
    source: z.enum(['built-in', 'own']),
    edited: z.boolean(),
    avatar: z.string().max(64).optional(),
    notFollowed: z.array(z.string()),
    contextTokens: z.number(),
  }),
  /** Word for word as they would be stored, the first message first. */
  z.strictObject({ type: z.literal('greetings-listed'), requestId, greetings: z.array(z.string()) }),
  z.strictObject({ type: z.literal('upload-begun'), requestId, uploadId }),
  z.strictObject({
    type: z.literal('card-previewed'),
    requestId,
    preview: cardPreviewSchema,
    /** The picture as it came, to be drawn anew by the page and never shown as it is; read with `read-download`. */
    picture: z.strictObject(download).optional(),
  }),
  z.strictObject({ type: z.literal('character-saved'), requestId, character: characterSummarySchema }),
  z.strictObject({ type: z.literal('character-deleted'), requestId, characterId, undoUntil: z.number() }),
  z.strictObject({ type: z.literal('download-ready'), requestId, ...download }),
  z.strictObject({ type: z.literal('download-read'), requestId, downloadId: idSchema, offset, data }),
  z.strictObject({ type: z.literal('tokens-counted'), requestId, tokens: z.array(z.number().int()) }),
  /** A companion was added, changed, deleted or brought back. */
  z.strictObject({ type: z.literal('characters-changed'), characters: z.array(characterSummarySchema) }),
] as const;
