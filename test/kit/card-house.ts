/** @file The whole engine with a library in memory, and a Sarah who was talked with before. */
import type { Library } from '../../src/main/engine/cards/library-port.ts';
import type { ModelMessage } from '../../src/main/engine/ports.ts';
import { done, text } from './fake-model.ts';
import { createTestHouse, ended } from './house.ts';
import { memoryLibrary } from './memory-library.ts';

export type CardHouse = {
  library: Library;
  /** Says these in a new conversation with a character, and answers with what the model was sent for each. */
  talk(characterId: string, words: readonly string[]): Promise<ModelMessage[][]>;
  /** Everything that no card may touch, but for the companion that it is itself. */
  state(without?: string): unknown;
  close(): Promise<void>;
};

export function openCardHouse(): CardHouse {
  const libraries: Library[] = [];
  const house = createTestHouse({
    library: (clock) => {
      const made = memoryLibrary(clock);
      libraries.push(made);
      return made;
    },
  });
  const [library] = libraries;
  if (!library) throw new Error('the house makes one library');
  const { engine, model, store } = house;
  engine.memories.add({ userId: 'default', characterId: 'default' }, 'you', 'Your dog is called Rex.');
  return {
    library,
    async talk(characterId, words) {
      const { id } = await engine.createConversation({ userId: 'default', characterId, greeting: 0 });
      const heard = house.listen(id);
      const prompts: ModelMessage[][] = [];
      for (const [index, said] of words.entries()) {
        const turnId = `turn-${id}-${index}`;
        model.will([text('Yes.'), done()]);
        engine.startTurn({ turnId, conversationId: id, text: said });
        const end = await heard.until((event) => ended(event) && event.turnId === turnId);
        if (end.type === 'turn-ended' && end.status !== 'complete') throw new Error(end.fault?.message ?? end.status);
        prompts.push(model.requests.at(-1)?.messages ?? []);
      }
      heard.detach();
      return prompts;
    },
    state: (without) => ({
      settings: engine.settings.told(),
      companions: library.list().filter(({ id }) => id !== without),
      sarah: library.show('default'),
      memories: engine.memories.list('default', { characterId: 'default' }),
      conversations: store.listConversations({}).conversations.filter(({ characterId }) => characterId !== without),
      prototype: Object.keys(Object.prototype),
    }),
    close: () => engine.close(),
  };
}
