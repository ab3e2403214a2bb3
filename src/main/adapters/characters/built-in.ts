/** @file The character that comes with the app; `default` is Sarah. */
import card from '../../../../resources/characters/sarah.json' with { type: 'json' };
import { characterSchema } from '../../../shared/character.ts';
import { Fault } from '../../../shared/faults.ts';
import type { JsonObject } from '../../engine/cards/loose.ts';
import { plainOptions, readCharacter } from '../../engine/cards/read-character.ts';
import type { Characters } from '../../engine/ports.ts';

/** Her document, as any other card's. */
export const sarahCard: JsonObject = card;

/** The library without anything of the person's own in it. */
export function createBuiltInCharacters(): Characters {
  const sarah = characterSchema.parse(readCharacter('default', sarahCard, plainOptions));
  return {
    find: async (id) => {
      if (id === sarah.id) return { character: sarah, warnings: [] };
      throw new Fault('character-not-found', `There is no character "${id}" here; nothing was written, so choose one that is listed.`);
    },
    list: () => [{ id: sarah.id, name: sarah.name, accent: sarah.accent, firstMessage: sarah.firstMessage }],
  };
}
