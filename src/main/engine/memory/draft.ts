/** @file A note before it is kept: what it says, what it is about, and the sentence it was drawn from. */
import type { MemoryOrigin, NoteKind } from '../../../shared/memories.ts';

export type NoteDraft = {
  kind: NoteKind;
  /** Addressed to the person: "You live in Leeds." */
  text: string;
  /** What it is about, such as `home` or `taste:coffee`; of a `single` subject only the newest holds. */
  subject: string;
  single: boolean;
  origin: MemoryOrigin;
  /** 0 to 1. */
  confidence: number;
  quote: string;
  source: { conversationId: string; messageId: string; at: number };
  /** The known note that the model says it replaces. */
  replaces?: string;
};

/** One message of the person that can be learnt from. `number` is its place in the order of writing. */
export type SpokenMessage = { id: string; number: number; conversationId: string; at: number; text: string };
