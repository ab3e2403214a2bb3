/** @file The list of conversations: newest first, with what a search found beside it. */
import type { Conversation } from '../../shared/conversation.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { ConversationList, Listing } from './window-state.ts';

type Listed = Extract<ClientEvent, { type: 'conversations-listed' }>;

const newestFirst = (one: Conversation, other: Conversation) => other.updatedAt - one.updatedAt || (other.id < one.id ? -1 : 1);

function merge(known: readonly Conversation[], more: readonly Conversation[]): readonly Conversation[] {
  const byId = new Map([...known, ...more].map((conversation) => [conversation.id, conversation]));
  return [...byId.values()].sort(newestFirst);
}

/** Remembers what was asked, so that a late answer to an older question changes nothing. */
export function askList(list: ConversationList, asked: Listing): ConversationList {
  const query = asked.query.trim();
  return { ...list, asked: { ...asked, query }, query: asked.query, ...(query === '' ? { found: null, foundBefore: undefined } : {}) };
}

export function takeList(list: ConversationList, event: Listed): ConversationList {
  const { asked } = list;
  if (asked?.requestId !== event.requestId) return list;
  if (asked.query !== '') {
    const found = asked.kind === 'more' ? merge(list.found ?? [], event.conversations) : event.conversations;
    return { ...list, asked: null, found, foundBefore: event.before };
  }
  const items = asked.kind === 'more' ? merge(list.items ?? [], event.conversations) : [...event.conversations].sort(newestFirst);
  return { ...list, asked: null, items, before: event.before };
}

/** A conversation that was made, renamed, spoken in or restored. */
export function takeConversation(list: ConversationList, conversation: Conversation): ConversationList {
  const items = list.items && merge(list.items, [conversation]);
  const found = list.found?.map((other) => (other.id === conversation.id ? conversation : other)) ?? null;
  return { ...list, items, found };
}

export function dropConversation(list: ConversationList, id: string): ConversationList {
  const without = (items: readonly Conversation[] | null) => items?.filter((conversation) => conversation.id !== id) ?? null;
  return { ...list, items: without(list.items), found: without(list.found) };
}
