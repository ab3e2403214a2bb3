/** @file The character that comes with the app; `default` is Sarah. */
import sarahCard from '../../../../resources/characters/sarah.json' with { type: 'json' };
import { type Character, characterSchema } from '../../../shared/character.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Characters } from '../../engine/ports.ts';

function builtInSarah(): Character {
  const card = sarahCard.data;
  return characterSchema.parse({
    id: 'default',
    name: card.name,
    description: card.description,
    personality: card.personality,
    scenario: card.scenario,
    systemPrompt: card.system_prompt,
    firstMessage: card.first_mes,
    alternateGreetings: card.alternate_greetings,
    messageExamples: card.mes_example,
    postHistory: card.post_history_instructions,
    accent: card.extensions.persona_engine.accent,
    tags: card.tags,
    creatorNotes: card.creator_notes,
  });
}

/** The library without anything of the person's own in it. */
export function createBuiltInCharacters(): Characters {
  const sarah = builtInSarah();
  return {
    find: async (id) => {
      if (id === sarah.id) return { character: sarah, warnings: [] };
      throw new Fault('character-not-found', `There is no character "${id}" here; nothing was written, so choose one that is listed.`);
    },
    list: () => [{ id: sarah.id, name: sarah.name, accent: sarah.accent, firstMessage: sarah.firstMessage }],
  };
}
