/** @file Conversations that change in other ways than by going on: recall is told which one to read anew. */
import type { MemoryIndex } from '../memory-port.ts';
import type { Store } from '../ports.ts';

/** The same store; what is said in it recall notices by itself. */
export function watchedStore<Watched extends Store>(store: Watched, index: Pick<MemoryIndex, 'refresh'>): Watched {
  return {
    ...store,
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
