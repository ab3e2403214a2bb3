/** @file Ollama itself on this machine: its installation, the models folder it uses, and what it writes; commands, events and their shapes. */
import { z } from 'zod';
import { idSchema } from './conversation.ts';
import { wireFaultSchema } from './faults.ts';
import { RUNTIME_LOG_LINES } from './runtime-limits.ts';

/**
 * not-offered: there is nothing to install, or it is not for this program to do; `reason` says why.
 * looking: its size and its hash are being asked for. checking: every byte is compared with its SHA-256.
 */
export const installStates = [
  'not-offered',
  'offered',
  'looking',
  'checking',
  'downloading',
  'paused',
  'unpacking',
  'installed',
  'failed',
] as const;

/** Parts for graphics cards of one maker, a gigabyte and more; without them the processor, Metal or Vulkan is used. */
export const graphicsParts = ['cuda', 'rocm'] as const;
export type GraphicsPart = (typeof graphicsParts)[number];

/** What would be fetched, said before anything is. */
export const runtimeOfferSchema = z.strictObject({
  version: z.string(),
  /** The release's own name of the file. */
  file: z.string(),
  /** Where it comes from, as a person may see it. */
  address: z.string(),
  /** Size of the download; absent where only the release's server knows it: `look-up-runtime` asks. */
  bytes: z.number().optional(),
  /** What it takes on the disk once it is unpacked, at most. */
  unpackedBytes: z.number(),
  hash: z.strictObject({
    /** pinned: it came with this program. release: the release's own list is believed, which comes from the same place as the file. */
    from: z.enum(['pinned', 'release']),
    /** One sentence. */
    words: z.string(),
  }),
  /** Where it goes; begins with ~ where that lies in the person's home. */
  folder: z.string(),
  /** Parts for graphics cards that can be had for this machine. */
  graphics: z.array(z.enum(graphicsParts)),
  /** The model that could follow by itself; its size and licence where they are known beforehand. */
  model: z.strictObject({ label: z.string(), bytes: z.number().optional(), licence: z.string().optional() }).optional(),
  /** Models that an Ollama of the person's has left here, and that could be shared instead of fetched. */
  theirModels: z.strictObject({ folder: z.string(), models: z.number() }).optional(),
});
export type RuntimeOffer = z.infer<typeof runtimeOfferSchema>;

export const runtimeProgressSchema = z.strictObject({
  doneBytes: z.number(),
  totalBytes: z.number().optional(),
  /** Over the last seconds; absent while that cannot be told. */
  bytesPerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
});

export const runtimeInstallSchema = z.strictObject({
  state: z.enum(installStates),
  /** One sentence. */
  reason: z.string(),
  offer: runtimeOfferSchema.optional(),
  /** The parts for graphics cards that were unpacked with what is installed; told while it is installed. */
  graphics: z.array(z.enum(graphicsParts)).optional(),
  progress: runtimeProgressSchema.optional(),
  fault: wireFaultSchema.optional(),
});
export type RuntimeInstall = z.infer<typeof runtimeInstallSchema>;

export const serverStates = ['absent', 'installing', 'stopped', 'starting', 'ready', 'degraded', 'failed'] as const;

/** Our own Ollama as a process. */
export const runtimeServerSchema = z.strictObject({
  state: z.enum(serverStates),
  /** One sentence. */
  reason: z.string(),
  version: z.string().optional(),
  /** Where it listens, for this machine alone. */
  address: z.string().optional(),
});
export type RuntimeServer = z.infer<typeof runtimeServerSchema>;

/** Whose models our own Ollama uses. Folders begin with ~ where they lie in the person's home. */
export const runtimeModelsSchema = z.strictObject({
  folder: z.string(),
  shared: z.boolean(),
  /** Models of the person's that it could use too; nothing is downloaded twice then. */
  theirs: z.strictObject({ folder: z.string(), models: z.number() }).optional(),
});
export type RuntimeModels = z.infer<typeof runtimeModelsSchema>;

export const runtimeStatusSchema = z.strictObject({
  install: runtimeInstallSchema,
  /** Absent where the Ollama that answers is not ours. */
  server: runtimeServerSchema.optional(),
  /** Absent where the Ollama that answers is not ours. */
  models: runtimeModelsSchema.optional(),
});
export type RuntimeStatus = z.infer<typeof runtimeStatusSchema>;

/** A licence of what would be fetched, to be read before. */
export const licenceSchema = z.strictObject({ of: z.string(), name: z.string(), text: z.string() });
export type Licence = z.infer<typeof licenceSchema>;

const requestId = idSchema;

export const runtimeCommandSchemas = [
  z.strictObject({ type: z.literal('show-runtime'), requestId }),
  /** Asks the release's server for size and hash, where they did not come with the program; nothing is fetched. */
  z.strictObject({ type: z.literal('look-up-runtime'), requestId }),
  /**
   * Begins, or goes on where it was paused, failed or ended with the program. thenModel: the model that was offered with it is
   * fetched as soon as it can be. What is left out is as it was asked for before.
   */
  z.strictObject({
    type: z.literal('install-runtime'),
    requestId,
    graphics: z.array(z.enum(graphicsParts)).max(2).optional(),
    thenModel: z.boolean().optional(),
  }),
  /** Keeps what has come. */
  z.strictObject({ type: z.literal('pause-runtime'), requestId }),
  /** Removes what has come. */
  z.strictObject({ type: z.literal('cancel-runtime'), requestId }),
  /** Uses the person's own models folder, or its own again; our Ollama is started anew. */
  z.strictObject({ type: z.literal('share-models'), requestId, share: z.boolean() }),
  /** Ends our own Ollama; it stays ended until `start-server`. */
  z.strictObject({ type: z.literal('stop-server'), requestId }),
  /** Starts our own Ollama, also after it has failed or was ended. */
  z.strictObject({ type: z.literal('start-server'), requestId }),
  z.strictObject({ type: z.literal('read-runtime-log'), requestId }),
] as const;

export const runtimeEventSchemas = [
  z.strictObject({ type: z.literal('runtime-shown'), requestId, runtime: runtimeStatusSchema, licences: z.array(licenceSchema) }),
  z.strictObject({ type: z.literal('runtime-changed'), runtime: runtimeStatusSchema }),
  /** The newest lines of our own Ollama's log, oldest first; empty where none runs. */
  z.strictObject({ type: z.literal('runtime-log-read'), requestId, lines: z.array(z.string()).max(RUNTIME_LOG_LINES) }),
] as const;
