/** @file The first words of a conversation that is not made yet: what there is to choose from, and the choice. */
import { newId } from '../ids.ts';
import type { WindowState } from '../state/window-state.ts';
import type { Ground } from './ground.ts';

export type Greetings = {
  /** Asks how a new conversation with this companion may begin; a choice that was made stays made. */
  load(characterId: string): void;
  /** Shows the next or the previous one; round again after the last. Answers whether there was another. */
  step(by: 1 | -1): boolean;
};

/** The opening of this companion: the one that is on show, else a new one. */
function openingOf({ opening }: WindowState, characterId: string): NonNullable<WindowState['opening']> {
  return opening?.characterId === characterId ? opening : { characterId, conversationId: newId(), greetings: null, shown: 0 };
}

export function createGreetings({ store, client }: Ground): Greetings {
  const load = async (characterId: string) => {
    const asked = openingOf(store.api.getState(), characterId);
    const { conversationId } = asked;
    store.update((state) => ({ ...state, opening: asked }));
    const answer = await client.ask({ type: 'list-greetings', characterId, conversationId });
    // Without an answer the first message is on show, and is what the conversation begins with.
    if (answer.type !== 'greetings-listed') return;
    const { greetings } = answer;
    store.update((state) => {
      const { opening } = state;
      if (opening?.conversationId !== conversationId) return state;
      return { ...state, opening: { ...opening, greetings, shown: Math.min(opening.shown, Math.max(0, greetings.length - 1)) } };
    });
  };
  return {
    load: (characterId) => void load(characterId),
    step(by) {
      const { opening, openId } = store.api.getState();
      const count = opening?.greetings?.length ?? 0;
      if (openId !== null || !opening || count < 2) return false;
      store.update((state) => ({ ...state, opening: { ...opening, shown: (opening.shown + by + count) % count } }));
      return true;
    },
  };
}
