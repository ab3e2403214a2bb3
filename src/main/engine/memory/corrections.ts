/** @file Words that were put right since: the note that holds now is told in their place, with whatever else the message says. */
import { SAME_NOTE } from '../../../shared/notes-limits.ts';
import type { Correction } from '../memory-port.ts';
import { contentStems, likeness } from './note-words.ts';

/** Less than this beside the old words is a greeting. */
const SAYS_SOMETHING = 2;

const collapsed = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

export function createCorrections() {
  const byNote = new Map<string, readonly Correction[]>();
  /** Of a message, by the note that puts it right: the sentences. */
  const byMessage = new Map<string, Map<string, string[]>>();

  const remove = (noteId: string): void => {
    for (const { messageId } of byNote.get(noteId) ?? []) {
      const notes = byMessage.get(messageId);
      notes?.delete(noteId);
      if (notes?.size === 0) byMessage.delete(messageId);
    }
    byNote.delete(noteId);
  };
  return {
    remove,
    put(noteId: string, corrections: readonly Correction[]): void {
      remove(noteId);
      if (corrections.length === 0) return;
      byNote.set(noteId, corrections);
      for (const { messageId, quote } of corrections) {
        const notes = byMessage.get(messageId) ?? new Map<string, string[]>();
        notes.set(noteId, [...(notes.get(noteId) ?? []), quote]);
        byMessage.set(messageId, notes);
      }
    },
    any: (): boolean => byMessage.size > 0,
    of: (messageId: string): ReadonlyMap<string, readonly string[]> | undefined => byMessage.get(messageId),
  };
}

/** What a message says beside these sentences; empty where that is next to nothing, or where they are not found in it. */
export function besides(text: string, quotes: readonly string[]): string {
  const old = quotes.map(collapsed);
  const isOld = (sentence: string) =>
    old.some((quote) => quote.includes(sentence) || sentence.includes(quote) || likeness(sentence, quote) >= SAME_NOTE);
  const sentences = text.split(/(?<=[.!?…]["'”’)]*)\s+|\n+/u).map(collapsed);
  const kept = sentences.filter((sentence) => sentence !== '' && !isOld(sentence));
  const rest = kept.join(' ');
  return kept.length < sentences.length && contentStems(rest).size >= SAYS_SOMETHING ? rest : '';
}
