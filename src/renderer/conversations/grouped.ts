/** @file The list of conversations under the days they were last spoken in. */
import type { Conversation } from '../../shared/conversation.ts';
import { dayGroup } from '../conversation/when.ts';

export type Group = { title: string; conversations: Conversation[] };

/** Keeps the order it is given; neighbours of one day stand under one head. */
export function groupByDay(conversations: readonly Conversation[], now: number): Group[] {
  const groups: Group[] = [];
  for (const conversation of conversations) {
    const title = dayGroup(conversation.updatedAt, now);
    const last = groups.at(-1);
    if (last?.title === title) last.conversations.push(conversation);
    else groups.push({ title, conversations: [conversation] });
  }
  return groups;
}
