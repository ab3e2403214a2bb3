/** @file Rows of notes as the contract's memories. */
import type { Memory, MemorySource } from '../../../shared/memories.ts';
import type { StoredMemory } from '../../engine/memory/note-store.ts';

export type NoteRow = {
  number: number;
  id: string;
  user_id: string;
  character_id: string;
  kind: Memory['kind'];
  text: string;
  origin: Memory['origin'];
  confidence: number;
  pinned: number;
  edited: number;
  shared: number;
  learned_at: number;
  said_at: number;
  conversation_id: string | null;
  superseded_by: string | null;
  superseded_at: number | null;
  replaced: number;
  source_conversation: string | null;
  source_title: string | null;
  source_message: string | null;
  source_at: number | null;
  source_quote: string | null;
};

/** Columns of NoteRow for a note `n`, with its newest source whose conversation is there. */
export const noteSelect = `
  SELECT n.number, n.id, n.user_id, n.character_id, n.kind, n.text, n.origin, n.confidence, n.pinned, n.edited, n.shared, n.learned_at, n.said_at,
    n.conversation_id, n.superseded_by, n.superseded_at,
    (SELECT count(*) FROM notes old WHERE old.superseded_by = n.id AND old.forgetting_id IS NULL) AS replaced,
    s.conversation_id AS source_conversation, c.title AS source_title, s.message_id AS source_message, s.said_at AS source_at,
    s.quote AS source_quote
  FROM notes n
  LEFT JOIN note_sources s ON s.note_id = n.id AND s.message_id = (
    SELECT best.message_id FROM note_sources best JOIN conversations bc ON bc.id = best.conversation_id AND bc.deleted_at IS NULL
    WHERE best.note_id = n.id ORDER BY best.said_at DESC, best.message_id DESC LIMIT 1)
  LEFT JOIN conversations c ON c.id = s.conversation_id`;

export function toStoredMemory(row: NoteRow): StoredMemory {
  return { ...toMemory(row), userId: row.user_id };
}

export function toMemory(row: NoteRow): Memory {
  const source = sourceOf(row);
  return {
    id: row.id,
    characterId: row.character_id,
    kind: row.kind,
    text: row.text,
    origin: row.origin,
    confidence: row.confidence,
    pinned: row.pinned === 1,
    edited: row.edited === 1,
    learnedAt: row.learned_at,
    saidAt: row.said_at,
    replaced: row.replaced,
    ...(row.shared === 1 && { shared: true }),
    ...(source && { source }),
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
    ...(row.superseded_by !== null && { supersededBy: row.superseded_by }),
    ...(row.superseded_at !== null && { supersededAt: row.superseded_at }),
  };
}

function sourceOf(row: NoteRow): MemorySource | undefined {
  if (row.source_conversation === null || row.source_message === null) return undefined;
  return {
    conversationId: row.source_conversation,
    title: row.source_title ?? '',
    messageId: row.source_message,
    at: row.source_at ?? row.said_at,
    quote: row.source_quote ?? '',
  };
}
