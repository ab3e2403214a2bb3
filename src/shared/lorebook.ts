/** @file A character's lorebook as it takes effect: entries of V2 and V3 cards, with their decorators read. */
import { z } from 'zod';

/** A depth, a count of messages, a budget: whole and small enough to be meant. */
const count = z.number().int().min(0).max(1_000_000);

export const lorePositions = ['before_desc', 'after_desc', 'personality', 'scenario'] as const;

/** The decorators of card specification V3 that are read (`@@name value` at the head of an entry); each is absent where the entry has none. */
export const loreDecoratorsSchema = z.strictObject({
  /** Only once so many messages of the character are there. */
  activateOnlyAfter: count.optional(),
  /** Only at every so-manieth message. */
  activateOnlyEvery: count.optional(),
  /** Stays once it was triggered. */
  keepActivateAfterMatch: z.boolean().optional(),
  /** Never again once it was triggered. */
  dontActivateAfterMatch: z.boolean().optional(),
  /** So many messages above the newest one a copy may stand before it is said again. */
  depth: count.optional(),
  /** How many messages are searched for the keys, in place of the book's own number. */
  scanDepth: count.optional(),
  /** Only where the conversation began with this greeting: 0 is the first, 1 the first alternate one. */
  isGreeting: count.optional(),
  position: z.enum(lorePositions).optional(),
  /** The first to go where space is short. */
  ignoreOnMaxContext: z.boolean().optional(),
  /** One of these must be there too. */
  additionalKeys: z.array(z.string()).optional(),
  /** Not where one of these is there. */
  excludeKeys: z.array(z.string()).optional(),
  /** Active whatever is said. */
  activate: z.boolean().optional(),
  /** Never active by its own keys. */
  dontActivate: z.boolean().optional(),
});
export type LoreDecorators = z.infer<typeof loreDecoratorsSchema>;

export const secondaryLogics = ['any', 'not-all', 'not-any', 'all'] as const;

export const loreEntrySchema = z.strictObject({
  /** Within its book; a card's own id where it has one, else the place in the list. */
  id: z.string(),
  name: z.string().default(''),
  comment: z.string().default(''),
  enabled: z.boolean().default(true),
  /** Always in the prompt, within the budget. */
  constant: z.boolean().default(false),
  keys: z.array(z.string()).default([]),
  /** With `selective`, one of these must be there too. */
  secondaryKeys: z.array(z.string()).default([]),
  selective: z.boolean().default(false),
  /** How many of the secondary keys must, or must not, be there. */
  secondaryLogic: z.enum(secondaryLogics).default('any'),
  /** Whether the text of other entries can trigger this one: beside what is said, never, or nothing else can. */
  byOthers: z.enum(['also', 'never', 'only']).default('also'),
  /** Whether its own text can trigger others. */
  triggersOthers: z.boolean().default(true),
  caseSensitive: z.boolean().default(false),
  /** The card says that the keys are regular expressions; which of them are is in `patterns`. */
  useRegex: z.boolean().default(false),
  /** Keys, secondary ones too, that are regular expressions: kept and shown, and they match nothing. */
  patterns: z.array(z.string()).default([]),
  /** Without the decorator lines. */
  content: z.string().default(''),
  /** Lower stands earlier in the prompt. */
  order: z.number().default(100),
  /** Lower goes first where the budget is used up. */
  priority: z.number().default(0),
  /** Before or after the description. */
  position: z.enum(['before', 'after']).default('after'),
  decorators: loreDecoratorsSchema.default({}),
  /** Decorator lines that are kept and not followed, as they stand in the card; and fields of other programs, as `extensions.role`. */
  unsupported: z.array(z.string()).default([]),
});
export type LoreEntry = z.infer<typeof loreEntrySchema>;

export const lorebookSchema = z.strictObject({
  name: z.string().default(''),
  description: z.string().default(''),
  /** How many of the newest messages are searched for keys; absent takes the program's own number. */
  scanDepth: count.optional(),
  /** In tokens; absent takes the program's own share of the context. */
  tokenBudget: count.optional(),
  /** Whether the text of an active entry can trigger others. */
  recursive: z.boolean().default(false),
  entries: z.array(loreEntrySchema).default([]),
});
export type Lorebook = z.infer<typeof lorebookSchema>;
