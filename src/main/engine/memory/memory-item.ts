/** @file A note or a summary as recall takes it in: in words that a model reads rightly, with the message it was drawn from. */
import type { MemoryItem } from '../memory-port.ts';
import type { NoteStore, StoredMemory } from './note-store.ts';
import { toThey } from './person.ts';

/** Undefined for what holds no longer, which is never recalled. */
export function memoryItem(
  notes: Pick<NoteStore, 'corrected'>,
  memory: StoredMemory,
  messageId: string | undefined = memory.source?.messageId,
): MemoryItem | undefined {
  if (memory.supersededAt !== undefined) return undefined;
  const corrects = memory.replaced > 0 || memory.edited ? notes.corrected(memory.id) : [];
  return {
    kind: memory.kind === 'summary' ? 'summary' : 'note',
    id: memory.id,
    userId: memory.userId,
    characterId: memory.characterId,
    conversationId: memory.conversationId ?? memory.source?.conversationId,
    messageId,
    text: memory.kind === 'summary' ? memory.text : toThey(memory.text),
    at: memory.saidAt,
    ...(corrects.length > 0 ? { corrects } : {}),
    // A summary tells what the companion said, too; that is no other companion's to know.
    ...((memory.shared || memory.pinned) && memory.kind !== 'summary' ? { shared: true } : {}),
  };
}
