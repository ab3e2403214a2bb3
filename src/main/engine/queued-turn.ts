/** @file A turn before it is taken: what was said or asked for, and what the store is told of it. */
import type { AnswerWish } from '../../shared/conversation.ts';
import { readMood } from './mood/mood.ts';
import type { ReplyStart, TurnStart } from './ports.ts';

export type QueuedTurn = {
  turnId: string;
  conversationId: string;
  text: string;
  /** Its id was made just now. */
  isNew?: boolean;
  /** A new message of the person, or the existing one that is answered once more. */
  user: { id: string; parentId?: string | null } | { existingId: string };
  reply?: ReplyStart;
  wish?: AnswerWish;
};

/** Whether the path will no longer end where it did. */
export const branches = ({ user }: QueuedTurn): boolean => 'existingId' in user || user.parentId !== undefined;

export function startOf({ turnId, conversationId, text, user, reply }: QueuedTurn, startedAt: number, replyId: string): TurnStart {
  const said = 'existingId' in user ? user : { ...user, text, mood: readMood(text) };
  return { turnId, conversationId, replyId, startedAt, user: said, ...(reply ? { reply } : {}) };
}
