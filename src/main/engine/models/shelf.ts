/** @file The ports to what a model server keeps, to the files it keeps it in, to registries, and to this machine's memory. */
import type { GraphicsCard, LicenceText, LoadedModel } from '../../../shared/models.ts';

export type ModelDescription = {
  name: string;
  /** Short name for a status strip, such as "SmolLM2 135M Q4_1". */
  label: string;
  /** Longest context the model was trained for, in tokens. */
  contextTokens: number;
  thinking: boolean;
  /** Whether its template ends in an opened thought, without a tag in the reply; undefined where nobody knows its template. */
  opensThought?: boolean;
  /** Whether a request that ends in a message of the assistant is gone on with from its last word; elsewhere a new message comes. */
  continues?: boolean;
  /** R1-like models get no examples and a narrower temperature band (design.md §5, §6). */
  family: string;
  sizeBytes?: number;
  parameterSize?: string;
  quantisation?: string;
  capabilities?: string[];
  /** The name of its tokenizer, as token-starts.ts has it; undefined where its file does not tell. */
  tokenizer?: string;
  /** Memory for each token of context, in bytes, with keys and values of 16 bits; undefined where its file does not tell its shape. */
  contextBytesPerToken?: number;
};

export type PullProgress = {
  status: string;
  /** All layers that were told of so far, together. */
  doneBytes: number;
  totalBytes?: number;
  /** The name under which it comes, which may have the hub before it. */
  model?: string;
  /** The layer that this is about. */
  layer?: { digest: string; doneBytes: number; totalBytes: number };
};

export type ShelfModel = ModelDescription & {
  /** Whether it can hold a conversation. */
  converses: boolean;
  starter: boolean;
  loaded?: LoadedModel;
};

/** What is asked for one model alone: its texts are long. */
export type ShelfDetails = { licence?: string; parameters?: string; template?: string; digest?: string; changedAt?: number };

/** What a model server keeps. Throws only Faults; every method with a signal ends at once when it fires. */
export type ModelShelf = {
  /** Where it runs: our own Ollama, somebody's on this machine, or one on another. */
  place(): 'ours' | 'here' | 'elsewhere';
  /** Everything it has, with what of it is in memory. */
  inventory(signal: AbortSignal): Promise<ShelfModel[]>;
  details(model: string, signal: AbortSignal): Promise<ShelfDetails>;
  /** The files it keeps, where they are ours to tidy; undefined where they are somebody else's. */
  files(): ModelFiles | undefined;
  /** Cards with memory of their own, as it found them; undefined where nobody tells. */
  graphics?(): GraphicsCard[] | undefined;
};

/** A folder of models, as Ollama lays it out. Throws only Faults. */
export type ModelFiles = {
  /** Begins with ~ where it lies in the person's home. */
  folder(): string;
  space(): Promise<{ freeBytes: number; totalBytes: number; modelsBytes: number }>;
  /** Bytes that removing a model would free: files that other models need too stay. */
  freedBy(model: string): Promise<number>;
  /** Whether a layer is there, whole. */
  has(digest: string): boolean;
  /** Removes unfinished downloads whose own notes cannot be read, for which every later download would fail; answers how many. */
  mendUnfinished(): Promise<number>;
  /** Removes what a download brought that no model needs; answers how many bytes. */
  discard(digests: readonly string[]): Promise<number>;
  /** Looks at a model file of the person's; throws Fault('bad-request') or ('model-loading-failed') in words. */
  inspect(path: string): Promise<{ name: string; label: string; bytes: number }>;
  /** Lays it into the folder under that name; a second name for the file where the disk allows it, else a copy. */
  place(path: string, name: string, onProgress: (doneBytes: number) => void, signal: AbortSignal): Promise<void>;
};

export type RegistryEntry = {
  /** The name under which it is there. */
  found: string;
  bytes: number;
  /** Digests of its files, the largest first. */
  layers: { digest: string; bytes: number }[];
  licences: LicenceText[];
};

/** Asks where a model would come from; fetches nothing but the answer. Rejects with a Fault where nobody can be asked or it is not there. */
export type Registry = { lookUp(model: string, signal: AbortSignal): Promise<RegistryEntry> };

/** This machine, as a model sees it. */
export type Machine = { memory(): MachineMemory };
export type MachineMemory = { freeBytes: number; totalBytes: number };

/** A model may lie partly in the machine's memory and partly on its cards: what is free counts together. */
export function withCards(machine: Machine, cards: readonly GraphicsCard[] | undefined): Machine {
  const sum = (of: (card: GraphicsCard) => number) => (cards ?? []).reduce((all, card) => all + of(card), 0);
  return {
    memory() {
      const { freeBytes, totalBytes } = machine.memory();
      return { freeBytes: freeBytes + sum((card) => card.freeBytes), totalBytes: totalBytes + sum((card) => card.totalBytes) };
    },
  };
}
