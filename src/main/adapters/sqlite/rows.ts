/** @file Rows of the database as the contract's conversations and messages. */
import type { z } from 'zod';
import { type Conversation, type Message, reportSchema } from '../../../shared/conversation.ts';
import { wireFaultSchema } from '../../../shared/faults.ts';
import { moodSchema } from '../../../shared/mood.ts';

export type ConversationRow = {
  id: string;
  user_id: string;
  character_id: string;
  title: string;
  titled: number;
  head_id: string | null;
  author_note: string;
  model: string | null;
  remembered: number;
  created_at: number;
  updated_at: number;
};

export const conversationColumns =
  'id, user_id, character_id, title, titled, head_id, author_note, model, remembered, created_at, updated_at';

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    userId: row.user_id,
    characterId: row.character_id,
    title: row.title,
    titled: row.titled === 1,
    ...(row.model === null ? {} : { model: row.model }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.author_note !== '' && { note: row.author_note }),
    ...(row.remembered === 0 && { remembered: false as const }),
  };
}

export type MessageRow = {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  turn_id: string | null;
  role: Message['role'];
  text: string;
  thinking: string;
  status: Message['status'];
  mood: string | null;
  report: string | null;
  fault: string | null;
  origin: Message['origin'] | null;
  created_at: number;
  position: number;
  count: number;
  previous_id: string | null;
  next_id: string | null;
};

export type TurnRow = { id: string; conversation_id: string; user_message_id: string; reply_id: string; ended_at: number | null };

/** Columns of MessageRow for a message `m`; IS in place of = because the roots of a conversation share the parent NULL. */
export const messageColumns = `
  m.id, m.conversation_id, m.parent_id, m.turn_id, m.role, m.text, m.thinking, m.status, m.mood, m.report, m.fault, m.origin, m.created_at,
  (SELECT count(*) FROM messages s WHERE s.parent_id IS m.parent_id AND s.conversation_id = m.conversation_id) AS count,
  (SELECT count(*) FROM messages s WHERE s.parent_id IS m.parent_id AND s.conversation_id = m.conversation_id
    AND s.number <= m.number) AS position,
  (SELECT s.id FROM messages s WHERE s.parent_id IS m.parent_id AND s.conversation_id = m.conversation_id
    AND s.number < m.number ORDER BY s.number DESC LIMIT 1) AS previous_id,
  (SELECT s.id FROM messages s WHERE s.parent_id IS m.parent_id AND s.conversation_id = m.conversation_id
    AND s.number > m.number ORDER BY s.number LIMIT 1) AS next_id`;

export function toMessage(row: MessageRow): Message {
  const mood = parsed(moodSchema, row.mood);
  const report = parsed(reportSchema, row.report);
  const fault = parsed(wireFaultSchema, row.fault);
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    turnId: row.turn_id,
    role: row.role,
    text: row.text,
    thinking: row.thinking,
    status: row.status,
    createdAt: row.created_at,
    sibling: { position: row.position, count: row.count, previousId: row.previous_id, nextId: row.next_id },
    ...(row.origin && { origin: row.origin }),
    ...(mood && { mood }),
    ...(report && { report }),
    ...(fault && { fault }),
  };
}

/** A stored value where it still has the contract's shape; a message is never lost for a report that cannot be read. */
function parsed<Schema extends z.ZodType>(schema: Schema, json: string | null): z.output<Schema> | undefined {
  if (json === null) return undefined;
  const result = schema.safeParse(parsedJson(json));
  return result.success ? result.data : undefined;
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * SQLite keeps UTF-8, which has no lone surrogates. They become U+FFFD here, at the border, so that what is answered now is what
 * will be read tomorrow.
 */
export function stored(text: string): string {
  return text.toWellFormed();
}
