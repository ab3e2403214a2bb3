/** @file The models of this machine: listed, fetched, imported, removed and chosen; commands, events and their shapes. */
import { z } from 'zod';
import { clientIdSchema } from './character.ts';
import { idSchema } from './conversation.ts';
import { wireFaultSchema } from './faults.ts';
import { DETAIL_CHARACTERS, LICENCE_CHARACTERS, MODEL_NAME_CHARACTERS, MODEL_PATH_CHARACTERS, MODELS_LISTED } from './model-limits.ts';

/** As Ollama's own grammar has it; what runs elsewhere (a cloud model) is refused when it is asked for. */
export const modelNameSchema = z
  .string()
  .max(MODEL_NAME_CHARACTERS)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._:/@-]*$/);

/** yes: it fits; tight: the machine will be slow; no: more than is free; unknown: it runs elsewhere, or nothing is known of it. */
export const memoryFits = ['yes', 'tight', 'no', 'unknown'] as const;

/** What a model takes in memory at a context length. All in bytes. */
export const memoryNeedSchema = z.strictObject({
  contextTokens: z.number(),
  weights: z.number(),
  /** The context itself: keys and values of every token. Absent where the file does not tell its shape. */
  context: z.number().optional(),
  total: z.number(),
  fits: z.enum(memoryFits),
});
export type MemoryNeed = z.infer<typeof memoryNeedSchema>;

/** A model in memory now. */
export const loadedModelSchema = z.strictObject({
  bytes: z.number(),
  contextTokens: z.number().optional(),
  /** Share of it on a graphics card, from 0 to 1. */
  onGraphics: z.number(),
});
export type LoadedModel = z.infer<typeof loadedModelSchema>;

export const keptModelSchema = z.strictObject({
  name: z.string(),
  label: z.string(),
  sizeBytes: z.number().optional(),
  family: z.string(),
  parameterSize: z.string().optional(),
  quantisation: z.string().optional(),
  /** Longest context it was trained for, in tokens. */
  contextTokens: z.number().optional(),
  capabilities: z.array(z.string()),
  /** Whether it can hold a conversation. */
  converses: z.boolean(),
  starter: z.boolean(),
  /** When it last answered here, in ms since 1970; kept by this program. */
  lastUsedAt: z.number().optional(),
  loaded: loadedModelSchema.optional(),
  /** What it takes at the context length it would be loaded with. */
  memory: memoryNeedSchema.optional(),
  /** Bytes of context for each token, for working out what another length costs. */
  contextBytesPerToken: z.number().optional(),
});
export type KeptModel = z.infer<typeof keptModelSchema>;

/**
 * waiting: another download is going on. looking: the registry is being asked. resting: it broke off and is tried again by itself.
 * checking: everything is there and its hash is worked out. done: told once, then it is gone from the list.
 */
export const pullStates = ['waiting', 'looking', 'downloading', 'resting', 'checking', 'paused', 'failed', 'done'] as const;

/** A model on its way here: fetched by the model server, or read from a file of the person's. */
export const pullSchema = z.strictObject({
  /** As it was asked for; for a file, the name that it will have. */
  model: z.string(),
  kind: z.enum(['pull', 'import']),
  label: z.string(),
  state: z.enum(pullStates),
  /** One sentence. */
  reason: z.string(),
  doneBytes: z.number(),
  totalBytes: z.number().optional(),
  bytesPerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
  fault: wireFaultSchema.optional(),
});
export type Pull = z.infer<typeof pullSchema>;

export const licenceTextSchema = z.strictObject({
  /** Such as "MIT"; empty where only its text is known. */
  name: z.string(),
  text: z.string().max(LICENCE_CHARACTERS),
});
export type LicenceText = z.infer<typeof licenceTextSchema>;

/** What is known of a model before it is fetched. */
export const modelPreviewSchema = z.strictObject({
  model: z.string(),
  /** The name under which the registry has it; absent where nobody could be asked. */
  found: z.string().optional(),
  label: z.string(),
  bytes: z.number().optional(),
  licences: z.array(licenceTextSchema),
  /** Free bytes of the disk that it would lie on; absent where that is another machine's. */
  freeBytes: z.number().optional(),
  installed: z.boolean(),
  /** One sentence where something speaks against it, or nothing could be learnt. */
  note: z.string().optional(),
});
export type ModelPreview = z.infer<typeof modelPreviewSchema>;

/** ready: a better model than the one that answers has come. missing: the model that was meant is not here yet. */
export const modelOfferSchema = z.strictObject({
  kind: z.enum(['ready', 'missing']),
  model: z.string(),
  label: z.string(),
  bytes: z.number().optional(),
  /** Names of its licences, in words. */
  licence: z.string().optional(),
});
export type ModelOffer = z.infer<typeof modelOfferSchema>;

/** Said before it is loaded: it needs more than there is. */
export const memoryWarningSchema = z.strictObject({
  model: z.string(),
  label: z.string(),
  needsBytes: z.number(),
  freeBytes: z.number(),
  /** The longest context with which it would fit; absent where none would. */
  fittingContextTokens: z.number().optional(),
  words: z.string(),
});

/** A graphics card with memory of its own, as the model server found it at its start. */
export const graphicsCardSchema = z.strictObject({ name: z.string(), totalBytes: z.number(), freeBytes: z.number() });
export type GraphicsCard = z.infer<typeof graphicsCardSchema>;

export const modelsStateSchema = z.strictObject({
  /** Newest use first; empty until the server was first asked. */
  models: z.array(keptModelSchema).max(MODELS_LISTED),
  /** The model that answers where neither conversation nor companion names another. */
  answering: z.string(),
  /** How long its context is, in tokens; 0 while that is not known. */
  contextTokens: z.number(),
  /** Companions with a model of their own. */
  byCharacter: z.record(clientIdSchema, z.string()),
  /** ours: our own Ollama. here: somebody's Ollama on this machine. elsewhere: on another one. built-in: the embedded engine. */
  place: z.enum(['ours', 'here', 'elsewhere', 'built-in', 'none']),
  canPull: z.boolean(),
  canImport: z.boolean(),
  /** The machine's own, and that of its graphics cards; those are absent where nobody tells of them. */
  memory: z.strictObject({ freeBytes: z.number(), totalBytes: z.number(), graphics: z.array(graphicsCardSchema).optional() }).optional(),
  disk: z.strictObject({ folder: z.string(), modelsBytes: z.number(), freeBytes: z.number(), totalBytes: z.number() }).optional(),
  offer: modelOfferSchema.optional(),
  warning: memoryWarningSchema.optional(),
});
export type ModelsState = z.infer<typeof modelsStateSchema>;

/** Everything that the server says of one model. */
export const modelDetailsSchema = z.strictObject({
  name: z.string(),
  licence: z.string().max(LICENCE_CHARACTERS).optional(),
  parameters: z.string().max(DETAIL_CHARACTERS).optional(),
  template: z.string().max(DETAIL_CHARACTERS).optional(),
  digest: z.string().optional(),
  /** When its files last changed, in ms since 1970. */
  changedAt: z.number().optional(),
  /** What removing it frees; less than its size where another model shares its files. */
  frees: z.number().optional(),
  /** What it takes in memory at each context length that it can have. */
  needs: z.array(memoryNeedSchema),
});
export type ModelDetails = z.infer<typeof modelDetailsSchema>;

const requestId = idSchema;
const named = { requestId, model: modelNameSchema };
/** Whose model it is: everybody's where neither is named. */
const choiceTarget = z.strictObject({ conversationId: idSchema.optional(), characterId: clientIdSchema.optional() });

export const modelCommandSchemas = [
  z.strictObject({ type: z.literal('list-models'), requestId }),
  z.strictObject({ type: z.literal('show-model'), ...named }),
  /** Asks the registry for size and licence; fetches nothing. */
  z.strictObject({ type: z.literal('look-up-model'), ...named }),
  /** Begins, or goes on where it was paused, failed or ended with the program; one that is under way is left alone. */
  z.strictObject({ type: z.literal('pull-model'), ...named }),
  /** Keeps what has come. */
  z.strictObject({ type: z.literal('pause-pull'), ...named }),
  z.strictObject({ type: z.literal('resume-pull'), ...named }),
  /** Removes what has come, as far as that can be reached. */
  z.strictObject({ type: z.literal('cancel-pull'), ...named }),
  z.strictObject({ type: z.literal('remove-model'), ...named }),
  /** A model file of the person's, by its path on this machine. */
  z.strictObject({ type: z.literal('import-gguf'), requestId, path: z.string().min(1).max(MODEL_PATH_CHARACTERS) }),
  /** Lets the person choose one in the system's own dialog: for the desktop window alone. */
  z.strictObject({ type: z.literal('choose-gguf'), requestId }),
  /** Null goes back to what stands above it: a conversation's to its companion's, a companion's to the default, the default to the program's. */
  z.strictObject({ type: z.literal('choose-model'), requestId, model: modelNameSchema.nullable(), for: choiceTarget }),
  /** The offer is not made again. */
  z.strictObject({ type: z.literal('put-offer-away'), requestId }),
] as const;

export const modelEventSchemas = [
  z.strictObject({ type: z.literal('models-listed'), requestId, state: modelsStateSchema, pulls: z.array(pullSchema) }),
  z.strictObject({ type: z.literal('models-changed'), state: modelsStateSchema }),
  /** Every model on its way here; some four times a second while one comes. */
  z.strictObject({ type: z.literal('pulls-changed'), pulls: z.array(pullSchema) }),
  z.strictObject({ type: z.literal('model-shown'), requestId, details: modelDetailsSchema }),
  z.strictObject({ type: z.literal('model-looked-up'), requestId, preview: modelPreviewSchema }),
  /** Not chosen where the dialog was closed; else it is on its way, as after import-gguf. */
  z.strictObject({ type: z.literal('gguf-chosen'), requestId, chosen: z.boolean() }),
  /** How much room it gave back. */
  z.strictObject({ type: z.literal('model-removed'), requestId, model: z.string(), freedBytes: z.number() }),
] as const;
