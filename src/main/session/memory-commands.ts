/** @file The session's handlers for what is remembered. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { Engine } from '../engine/contract.ts';

type MemoryCommandType =
  | 'list-memories'
  | 'show-memory'
  | 'add-memory'
  | 'change-memory'
  | 'forget-memory'
  | 'forget-message'
  | 'keep-memory'
  | 'remember-conversation'
  | 'export-memories'
  | 'import-memories';

type MemoryHandlers = { [Type in MemoryCommandType]: (command: Extract<Command, { type: Type }>) => void | Promise<void> };

/** `userId`: whose memories; a client never names another one. */
export function memoryHandlers({ memories }: Engine, userId: string, send: (event: ClientEvent) => void): MemoryHandlers {
  return {
    'list-memories': ({ requestId, filter, before }) =>
      send({ type: 'memories-listed', requestId, ...memories.list(userId, filter, before) }),
    'show-memory': async ({ requestId, memoryId }) => send({ type: 'memory-shown', requestId, ...(await memories.show(userId, memoryId)) }),
    'add-memory': ({ requestId, characterId, kind, text, messageId }) =>
      send({ type: 'memory-changed', requestId, memory: memories.add({ userId, characterId }, kind, text, messageId) }),
    'change-memory': ({ requestId, memoryId, text, pinned, shared, kind }) => {
      const patch = {
        ...(text === undefined ? {} : { text }),
        ...(pinned === undefined ? {} : { pinned }),
        ...(shared === undefined ? {} : { shared }),
        ...(kind === undefined ? {} : { kind }),
      };
      send({ type: 'memory-changed', requestId, memory: memories.change(userId, memoryId, patch) });
    },
    'forget-memory': ({ requestId, memoryId, withMessages }) =>
      send({ type: 'memory-forgotten', requestId, ...memories.forget(userId, memoryId, withMessages) }),
    'forget-message': ({ requestId, messageId }) =>
      send({ type: 'memory-forgotten', requestId, ...memories.forgetMessage(userId, messageId) }),
    'keep-memory': ({ requestId, forgettingId }) => send({ type: 'memory-kept', requestId, memories: memories.keep(userId, forgettingId) }),
    'remember-conversation': ({ requestId, conversationId, remembered }) => {
      memories.rememberConversation(conversationId, remembered);
      send({ type: 'command-done', requestId });
    },
    'export-memories': ({ requestId, characterId, before }) =>
      send({ type: 'memories-exported', requestId, ...memories.exportPage({ userId, characterId }, before) }),
    'import-memories': async ({ requestId, characterId, memories: carried }) =>
      send({ type: 'memories-imported', requestId, ...(await memories.importPage({ userId, characterId }, carried)) }),
  };
}
