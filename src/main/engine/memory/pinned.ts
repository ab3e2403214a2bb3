/** @file Pinned memories go with every message, before whatever recall finds. */
import { PINNED_CHARACTERS } from '../../../shared/notes-limits.ts';
import type { Memory, Snippet } from '../memory-port.ts';
import { memoryItem } from './memory-item.ts';
import type { NoteStore, StoredMemory } from './note-store.ts';

const REASON = 'Pinned, so it always goes along.';

const SHARED_REASON = 'Pinned with another companion and shared with all, so it always goes along.';

/** What a memory takes the place of is nothing to a pinned one. */
const plain = { corrected: () => [] };

function snippetOf(memory: StoredMemory, reason: string): Snippet[] {
  const item = memoryItem(plain, memory);
  if (!item) return [];
  const { kind, id, conversationId, messageId, text, at } = item;
  return [{ text, reason, score: 1, source: { kind, id, conversationId, messageId, turnId: undefined, speaker: 'person', at } }];
}

/** Off: nothing is recalled at all, pinned or not. */
export function withPinned(memory: Memory, notes: NoteStore, settings: () => { on: boolean; shared: boolean }): Memory {
  return {
    async recall(query, signal) {
      const { on, shared } = settings();
      if (!on) return { snippets: [], warnings: [] };
      // Asked first: it is looked for in a thread of its own meanwhile.
      const asked = memory.recall(query, signal);
      const { userId } = query;
      const pinned: Snippet[] = [];
      let room = PINNED_CHARACTERS;
      for (const each of notes.pinned(query, shared)) {
        const [snippet] = snippetOf({ ...each, userId }, each.characterId === query.characterId ? REASON : SHARED_REASON);
        if (!snippet || snippet.text.length > room) continue;
        room -= snippet.text.length;
        pinned.push(snippet);
      }
      const recalled = await asked;
      const known = new Set(pinned.map(({ text }) => text));
      return { ...recalled, snippets: [...pinned, ...recalled.snippets.filter(({ text }) => !known.has(text))] };
    },
  };
}
