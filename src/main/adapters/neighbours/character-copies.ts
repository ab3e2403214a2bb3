/** @file The last known copies of a Character Manager's characters: the ones in use in memory, all of them on disk. */
import { type Character, characterSchema } from '../../../shared/character.ts';
import { CHARACTERS_KNOWN, ETAG_CHARACTERS } from '../../../shared/limits.ts';
import type { Log, Store } from '../../engine/ports.ts';

/** `etag` as the manager gave it, to be asked again with; none for a copy from an earlier start. */
export type CharacterCopy = { character: Character; etag: string | undefined };

export type CharacterCopies = {
  of(id: string): CharacterCopy | undefined;
  keep(id: string, copy: CharacterCopy): void;
};

const valueKey = (id: string) => `character:${id}`;

/** A disk that cannot take a copy costs the copy, not the turn. */
export function createCharacterCopies({ store, log }: { store: Pick<Store, 'value' | 'setValue'>; log: Log }): CharacterCopies {
  const copies = new Map<string, CharacterCopy>();

  const remember = (id: string, copy: CharacterCopy) => {
    copies.delete(id);
    copies.set(id, copy);
    for (const oldest of copies.keys()) if (copies.size > CHARACTERS_KNOWN) copies.delete(oldest);
  };
  const stored = (id: string): CharacterCopy | undefined => {
    const value = store.value(valueKey(id));
    if (value === undefined) return undefined;
    try {
      return { character: characterSchema.parse(JSON.parse(value)), etag: undefined };
    } catch (error) {
      log.warn('character-copy-unreadable', { character: id, cause: error });
      return undefined;
    }
  };
  return {
    of(id) {
      const copy = copies.get(id) ?? stored(id);
      if (copy) remember(id, copy);
      return copy;
    },
    keep(id, { character, etag }) {
      const before = copies.get(id);
      remember(id, { character, etag: etag !== undefined && etag.length <= ETAG_CHARACTERS ? etag : undefined });
      if (before?.character === character) return;
      const value = JSON.stringify(character);
      try {
        if (store.value(valueKey(id)) !== value) store.setValue(valueKey(id), value);
      } catch (error) {
        log.warn('character-copy-not-kept', { character: id, cause: error });
      }
    },
  };
}
