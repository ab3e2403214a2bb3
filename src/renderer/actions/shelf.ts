/** @file The conversations: open, begin, name, delete and bring back, search. */
import type { Conversation } from '../../shared/conversation.ts';
import { UNDO_DELETE_MS } from '../../shared/limits.ts';
import { newId } from '../ids.ts';
import { SEARCH_DELAY_MS } from '../limits.ts';
import { askList } from '../state/conversation-list.ts';
import type { MemoryShelf } from '../state/memory-shelf.ts';
import { companionOf, type Listing } from '../state/window-state.ts';
import { complain, type Ground, NEW, OPEN_KEY, offerUndo } from './ground.ts';

export type Shelf = {
  /** Asks for the newest conversations; opens what this tab showed last, else the newest, when none was listed before. */
  begin(): Promise<void>;
  open(id: string): void;
  /** Shows the empty page; the conversation is made with its first message. */
  startNew(): void;
  /** Opens the latest conversation with a companion, or the empty page of a first one. */
  talkWith(characterId: string): void;
  rename(id: string, title: string): void;
  /** Asks first what becomes of what was learnt in it, where something was and nothing is said about that. */
  remove(conversation: Conversation, memories?: 'keep' | 'forget'): void;
  search(query: string): void;
  more(): void;
};

export function titleOf(conversation: Pick<Conversation, 'title'> | undefined): string {
  return conversation?.title || 'New conversation';
}

export function createShelf(ground: Ground): Shelf {
  const { store, client, keepsakes } = ground;
  const state = () => store.api.getState();
  let typing: ReturnType<typeof setTimeout> | undefined;

  const show = (id: string | null) => {
    const before = state().openId;
    if (before === id) return;
    store.update((known) => ({ ...known, openId: id, thread: null }));
    if (before) void client.ask({ type: 'detach-conversation', conversationId: before });
  };
  const ask = async (kind: Listing['kind'], query: string, before?: string) => {
    const requestId = newId();
    store.update((known) => ({ ...known, list: askList(known.list, { requestId, kind, query }) }));
    await send(requestId, before);
  };
  const send = async (requestId: string, before?: string) => {
    const { asked } = state().list;
    if (asked?.requestId !== requestId) return;
    const wish = { ...(asked.query ? { query: asked.query } : {}), ...(before ? { before } : {}) };
    const answer = await client.ask({ type: 'list-conversations', ...wish }, requestId);
    if (answer.type !== 'command-failed') return;
    complain(ground, answer.fault.message);
    store.update((known) => ({ ...known, list: { ...known.list, asked: null, items: known.list.items ?? [] } }));
  };
  const restore = async (conversation: Conversation, wasOpen: boolean) => {
    const answer = await client.ask({ type: 'restore-conversation', conversationId: conversation.id });
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
    else if (wasOpen) show(conversation.id);
  };

  const rename = async (id: string, title: string) => {
    const answer = await client.ask({ type: 'rename-conversation', conversationId: id, title });
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
  };
  const leave = (leaving: MemoryShelf['leaving']) => store.update((known) => ({ ...known, memory: { ...known.memory, leaving } }));
  const learntIn = async (conversationId: string): Promise<number> => {
    const answer = await client.ask({ type: 'list-memories', filter: { conversationId } });
    return answer.type === 'memories-listed' ? answer.found : 0;
  };
  const remove = async (conversation: Conversation, memories?: 'keep' | 'forget') => {
    const learnt = memories === undefined ? await learntIn(conversation.id) : 0;
    if (learnt > 0) return leave({ conversation, learnt });
    leave(null);
    const wasOpen = state().openId === conversation.id;
    const answer = await client.ask({ type: 'delete-conversation', conversationId: conversation.id, ...(memories ? { memories } : {}) });
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
    if (answer.type !== 'conversation-deleted') return;
    if (wasOpen) show(state().list.items?.[0]?.id ?? null);
    offerUndo(ground, `“${titleOf(conversation)}” is deleted.`, () => void restore(conversation, wasOpen), UNDO_DELETE_MS);
  };

  return {
    async begin() {
      const first = state().list.items === null;
      await ask('newest', '');
      if (!first || state().openId !== null) return;
      const last = keepsakes.getItem(OPEN_KEY);
      if (last === NEW) return;
      const items = state().list.items ?? [];
      show((items.find((conversation) => conversation.id === last) ?? items[0])?.id ?? null);
    },
    open: show,
    startNew: () => {
      const companion = companionOf(state());
      if (state().characters.some(({ id }) => id === companion?.id))
        store.update((known) => ({ ...known, companionId: companion?.id ?? null }));
      show(null);
    },
    talkWith(characterId) {
      store.update((known) => ({ ...known, companionId: characterId }));
      show(state().list.items?.find((conversation) => conversation.characterId === characterId)?.id ?? null);
    },
    rename: (id, title) => void rename(id, title),
    remove: (conversation, memories) => void remove(conversation, memories),
    search(query) {
      clearTimeout(typing);
      const requestId = newId();
      const kind = query.trim() === '' ? 'newest' : 'search';
      store.update((known) => ({ ...known, list: askList(known.list, { requestId, kind, query: query.slice(0, 200) }) }));
      typing = setTimeout(() => void send(requestId), SEARCH_DELAY_MS);
    },
    more() {
      const { list } = state();
      const before = list.found ? list.foundBefore : list.before;
      if (before && !list.asked) void ask('more', list.found ? list.query : '', before);
    },
  };
}
