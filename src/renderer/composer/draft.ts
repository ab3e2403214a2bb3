/** @file Unfinished messages, one per conversation, kept in this tab. */
import type { Keepsakes } from '../actions/ground.ts';

const PUT_BACK = 'draft-put-back';
const keyOf = (conversationId: string | null) => `draft:${conversationId ?? 'new'}`;

export function readDraft(keepsakes: Keepsakes, conversationId: string | null): string {
  return keepsakes.getItem(keyOf(conversationId)) ?? '';
}

export function keepDraft(keepsakes: Keepsakes, conversationId: string | null, text: string): void {
  if (text === '') keepsakes.removeItem(keyOf(conversationId));
  else keepsakes.setItem(keyOf(conversationId), text);
}

/** Puts words back into the writing box, above what is written there. */
export function writeDraft(keepsakes: Keepsakes, conversationId: string | null, text: string): void {
  const written = readDraft(keepsakes, conversationId);
  keepDraft(keepsakes, conversationId, written ? `${text}\n\n${written}` : text);
  window.dispatchEvent(new Event(PUT_BACK));
}

export function onPutBack(action: () => void): () => void {
  window.addEventListener(PUT_BACK, action);
  return () => window.removeEventListener(PUT_BACK, action);
}
