/** @file What is remembered: listed, opened, told, changed, pinned, forgotten and brought back, carried out and in. */
import type { Memory, MemoryFilter, NoteKind } from '../../shared/memories.ts';
import { MEMORY_FILE_BYTES, UNDO_FORGET_MS } from '../../shared/notes-limits.ts';
import type { Answer, Wish } from '../client.ts';
import { newId } from '../ids.ts';
import { SEARCH_DELAY_MS } from '../limits.ts';
import { memoryFile, readMemoryFile } from '../memory/memory-file.ts';
import { complain, type Ground, offerUndo } from './ground.ts';

export type Remembering = {
  /** Shows what fits this filter from now on. */
  narrow(filter: MemoryFilter): void;
  refresh(): void;
  more(): void;
  open(id: string): void;
  close(): void;
  /** `messageId`: a message that it puts right. */
  add(characterId: string, kind: NoteKind, text: string, messageId?: string): Promise<boolean>;
  change(id: string, patch: { text?: string; pinned?: boolean; shared?: boolean; kind?: NoteKind }): Promise<boolean>;
  /** With the messages it came from, or without. */
  forget(memory: Pick<Memory, 'id'>, withMessages: boolean): Promise<void>;
  forgetMessage(messageId: string): Promise<void>;
  rememberConversation(conversationId: string, remembered: boolean): void;
  /** The text of a file with everything that this companion remembers; undefined where it could not be had. */
  exportAll(characterId: string): Promise<string | undefined>;
  /** Brings in what a file holds; one that is too large is not read. */
  importAll(characterId: string, file: Blob): Promise<void>;
  /** Puts the question about a conversation that is to be deleted away; nothing was deleted. */
  stay(): void;
};

/** Memories in one command; the schema allows no more. */
const AT_ONCE = 100;

/** What came of a file of memories. */
function broughtWords(added: number, known: number): string {
  if (added + known === 0) return 'There is nothing in this file.';
  if (added === 0) return 'Everything in this file was known already.';
  const brought = added === 1 ? 'One memory is brought in' : `${added} memories are brought in`;
  return known === 0 ? `${brought}.` : `${brought}; ${known === 1 ? 'one was' : `${known} were`} known already.`;
}

export function createRemembering(ground: Ground): Remembering {
  const { store, client, notices, now } = ground;
  const shelf = () => store.api.getState().memory;
  let typing: ReturnType<typeof setTimeout> | undefined;

  /** Asks, and says a fault where one comes back. */
  const ask = async (wish: Wish, requestId = newId()): Promise<Answer | undefined> => {
    const answer = await client.ask(wish, requestId);
    if (answer.type !== 'command-failed') return answer;
    complain(ground, answer.fault.message);
    return undefined;
  };
  const list = async (more: boolean) => {
    const requestId = newId();
    store.update((state) => ({ ...state, memory: { ...state.memory, asked: { requestId, more }, stale: false } }));
    const { filter, before } = shelf();
    await ask({ type: 'list-memories', filter, ...(more && before ? { before } : {}) }, requestId);
  };
  const keep = async (forgettingId: string) => void (await ask({ type: 'keep-memory', forgettingId }));
  const forgotten = (answer: Answer | undefined, text: string) => {
    if (answer?.type !== 'memory-forgotten') return;
    offerUndo(ground, text, () => void keep(answer.forgettingId), UNDO_FORGET_MS);
  };

  return {
    narrow(filter) {
      store.update((state) => ({ ...state, memory: { ...state.memory, filter } }));
      clearTimeout(typing);
      typing = setTimeout(() => void list(false), SEARCH_DELAY_MS);
    },
    refresh: () => void list(false),
    more() {
      if (shelf().before !== undefined && !shelf().asked) void list(true);
    },
    open: (memoryId) => void ask({ type: 'show-memory', memoryId }),
    close: () => store.update((state) => ({ ...state, memory: { ...state.memory, open: null } })),
    add: async (characterId, kind, text, messageId) =>
      (await ask({ type: 'add-memory', characterId, kind, text, ...(messageId === undefined ? {} : { messageId }) })) !== undefined,
    change: async (memoryId, patch) => (await ask({ type: 'change-memory', memoryId, ...patch })) !== undefined,
    async forget({ id: memoryId }, withMessages) {
      const answer = await ask({ type: 'forget-memory', memoryId, withMessages });
      forgotten(answer, withMessages ? 'Forgotten, with the message it came from.' : 'Forgotten.');
    },
    async forgetMessage(messageId) {
      forgotten(await ask({ type: 'forget-message', messageId }), 'The message is forgotten.');
    },
    rememberConversation: (conversationId, remembered) => void ask({ type: 'remember-conversation', conversationId, remembered }),
    async exportAll(characterId) {
      const memories = [];
      for (let before: string | undefined, first = true; first || before !== undefined; first = false) {
        const answer = await ask({ type: 'export-memories', characterId, ...(before === undefined ? {} : { before }) });
        if (answer?.type !== 'memories-exported') return undefined;
        memories.push(...answer.memories);
        before = answer.before;
      }
      return memoryFile(memories, now());
    },
    async importAll(characterId, file) {
      if (file.size > MEMORY_FILE_BYTES)
        return complain(ground, 'This file is larger than 64 MiB; nothing was changed, so choose one that was exported here.');
      const memories = readMemoryFile(await file.text());
      if (memories === undefined)
        return complain(ground, 'This is no file of memories; nothing was changed, so choose one that was exported here.');
      let [added, known] = [0, 0];
      for (let at = 0; at < memories.length; at += AT_ONCE) {
        const answer = await ask({ type: 'import-memories', characterId, memories: memories.slice(at, at + AT_ONCE) });
        if (answer?.type !== 'memories-imported') return;
        added += answer.added;
        known += answer.known;
      }
      notices.show({ kind: 'done', text: broughtWords(added, known) });
    },
    stay: () => store.update((state) => ({ ...state, memory: { ...state.memory, leaving: null } })),
  };
}
