/** @file Conversations as they change: recall is told which one to read on in, so that nothing is left to do when it is asked. */
import type { MemoryIndex } from '../memory-port.ts';
import type { Store } from '../ports.ts';

export function watchedStore<Watched extends Store>(store: Watched, index: Pick<MemoryIndex, 'refresh'>): Watched {
  return {
    ...store,
    createConversation(conversation, greeting) {
      store.createConversation(conversation, greeting);
      if (greeting) index.refresh(conversation.id);
    },
    acceptTurn(start) {
      const accepted = store.acceptTurn(start);
      // The other branch is no longer what was said.
      if ('existingId' in start.user || start.user.parentId !== undefined) index.refresh(start.conversationId);
      return accepted;
    },
    finishTurn(end) {
      const reply = store.finishTurn(end);
      index.refresh(reply.conversationId);
      return reply;
    },
    endPathAt(conversationId, messageId) {
      store.endPathAt(conversationId, messageId);
      index.refresh(conversationId);
    },
    addVersion(version) {
      const message = store.addVersion(version);
      index.refresh(version.conversationId);
      return message;
    },
    deleteConversation(id, at) {
      store.deleteConversation(id, at);
      index.refresh(id);
    },
    restoreConversation(id) {
      const restored = store.restoreConversation(id);
      index.refresh(id);
      return restored;
    },
    setRemembered(id, remembered) {
      store.setRemembered(id, remembered);
      index.refresh(id);
    },
    chooseMessage(conversationId, messageId) {
      store.chooseMessage(conversationId, messageId);
      index.refresh(conversationId);
    },
  };
}
