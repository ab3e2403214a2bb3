/** @file The port to what is remembered on disk: notes and summaries, how far was learnt, and forgetting. Every method is one transaction. */
import type {
  CarriedMemory,
  Memory,
  MemoryCounts,
  MemoryFilter,
  MemoryHolder,
  MemoryKind,
  MemorySource,
  NoteKind,
} from '../../../shared/memories.ts';
import type { Correction } from '../memory-port.ts';
import type { NoteDraft, SpokenMessage } from './draft.ts';
import type { KeptNote, Sought } from './settle-notes.ts';

/** Whose memories: a person and one companion; where the person shares them among companions, all of these. */
export type Pair = { userId: string; characterId: string };

export type StoredMemory = Memory & { userId: string };

/** A note as it goes to disk: settled among the known ones. */
export type NewNote = Omit<NoteDraft, 'source' | 'replaces' | 'kind'> & {
  kind: MemoryKind;
  id: string;
  at: number;
  saidAt: number;
  source: NoteDraft['source'] | undefined;
  pinned: boolean;
  edited: boolean;
  supersedes: readonly string[];
  supersededBy: string | undefined;
  /** The message that it puts right. */
  corrects?: { messageId: string; conversationId: string };
};

/** A memory of a file, settled among the known ones. */
export type BroughtIn = CarriedMemory & Pick<NewNote, 'id' | 'subject' | 'single' | 'supersedes' | 'supersededBy'>;

/** What one conversation has said that was not learnt from yet, oldest first. */
export type Unlearnt = Pair & { conversationId: string; messages: SpokenMessage[] };

/** How far a conversation was learnt from, by its messages' numbers: by rule, by the model, and for its summary. */
export type Learner = 'rules' | 'notes' | 'summary';

/** What is written together with the mark of how far was learnt: all of it or nothing. */
export type Learnt = {
  conversationId: string;
  learner: Learner;
  through: number;
  notes: readonly NewNote[];
  /** Known notes that were said once more. */
  joins: readonly { id: string; source: NoteDraft['source']; quote: string; confidence: number }[];
  summary?: { id: string; text: string; at: number };
};

/** What is to be forgotten; hidden at once, removed when the time to undo is over. */
export type Forgetting = { id: string; userId: string; noteIds: string[]; messageIds: string[]; at: number };

export type NoteStore = {
  list(
    userId: string,
    filter: MemoryFilter,
    limit: number,
    before?: string,
  ): { memories: Memory[]; found: number; counts: MemoryCounts; holders: MemoryHolder[]; before?: string };
  find(id: string): StoredMemory | undefined;
  /** What it took the place of, newest first. */
  history(id: string): Memory[];
  sources(id: string): MemorySource[];
  /** The words of messages that hold no longer, because this note holds in their place. */
  corrected(id: string): Correction[];
  /** Times of the latest replies it was recalled for, newest first; looked for a few at a time. */
  usedAt(id: string, limit: number): Promise<number[]>;
  /** The notes that hold now, newest first. */
  known(pair: Pair, limit: number): KeptNote[];
  /** Another number after anything was written to the store. */
  changes(): number;
  /** Those of them that something may be settled among. */
  related(pair: Pair, sought: Sought, limit: number): KeptNote[];
  /** What those say that hold or held, pinned ones first, then the newest; summaries too. */
  wordings(pair: Pair, limit: number): { kind: MemoryKind; text: string }[];
  /** `shared`: those of the person's other companions too. */
  pinned(pair: Pair, shared: boolean): Memory[];
  /** Everything that can be recalled, in pages by `after`, a place in the order of writing. */
  recallable(after: number, limit: number): { memories: (StoredMemory & { messageId: string | undefined })[]; next: number | undefined };

  add(pair: Pair, note: NewNote): Memory;
  change(
    id: string,
    patch: { text?: string; pinned?: boolean; shared?: boolean; kind?: NoteKind; corrects?: NewNote['corrects']; at: number },
  ): Memory;
  bringIn(pair: Pair, memories: readonly BroughtIn[]): void;
  carried(userId: string, characterId: string, limit: number, before?: string): { memories: CarriedMemory[]; before?: string };

  /** The conversation that has waited longest with at least `least` messages of the person that this learner has not seen. */
  unlearnt(learner: Learner, least: number, limit: number): Unlearnt | undefined;
  /** The same for one conversation; undefined where nothing waits or it is not remembered. */
  unlearntIn(conversationId: string, learner: Learner, limit: number): Unlearnt | undefined;
  learn(pair: Pair, learnt: Learnt): Memory[];
  /** Passes over what was said until now, for every learner: it will never be learnt from. */
  skip(conversationId: string): void;
  summaryOf(conversationId: string): Memory | undefined;
  /** The words of this conversation's messages of which something was forgotten, while they stay. */
  untoldIn(conversationId: string): string[];

  /** The notes that rest on these messages alone. */
  restingOn(messageIds: readonly string[]): string[];
  /** The notes that rest on messages of this conversation alone, and its summary. */
  learntIn(conversationId: string): string[];
  /** Everything that this companion remembers, of anybody; what is hidden is left out. */
  heldBy(characterId: string): string[];
  /** Answers the messages that stay although notes drawn from them go: they are recalled no more, and nothing is learnt from them. */
  hide(forgetting: Forgetting): string[];
  /** Brings back what was hidden, and the messages that stayed; undefined where it is gone already. */
  unhide(id: string): { forgetting: Forgetting; memories: StoredMemory[]; untold: string[] } | undefined;
  hidden(): Forgetting[];
  /**
   * Takes it out of the database, its log and its backups; answers the conversations that read differently now. Resolves when no
   * file holds it. Where it is not `finally`, the same is asked once more, for what a running turn writes in the meantime.
   */
  remove(id: string, how: { finally: boolean }): Promise<{ noteIds: string[]; conversationIds: string[] }>;
};
