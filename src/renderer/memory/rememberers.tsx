/** @file Whose memories are shown: any companion's, those that are deleted but still remembered from too. */
import { useState } from 'react';
import type { CharacterSummary } from '../../shared/character.ts';
import type { MemoryHolder } from '../../shared/memories.ts';
import { useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';

type Known = { characters: readonly CharacterSummary[]; holders: readonly MemoryHolder[] };

/** A companion that is in no library any more has no name left. */
const DELETED = 'A deleted companion';

/** The library in its order, then whoever else remembers something. */
function rememberers({ characters, holders }: Known): { id: string; name: string; memories: number }[] {
  const count = (id: string) => holders.find(({ characterId }) => characterId === id)?.memories ?? 0;
  const gone = holders.filter(({ characterId }) => !characters.some(({ id }) => id === characterId));
  return [
    ...characters.map(({ id, name }) => ({ id, name, memories: count(id) })),
    ...gone.map(({ characterId, memories }, index) => ({
      id: characterId,
      name: gone.length === 1 ? DELETED : `${DELETED} (${index + 1})`,
      memories,
    })),
  ];
}

type Rememberer = { companion: CharacterSummary | undefined; isDeleted: boolean; choose: (id: string) => void };

/** Whom the page is about: the companion of the conversation until another one is chosen. */
export function useRememberer(): Rememberer {
  const [chosen, choose] = useState<string | null>(null);
  const talking = useWindow(companionOf);
  const characters = useWindow((state) => state.characters);
  const id = chosen ?? talking?.id;
  const found = characters.find((character) => character.id === id);
  const gone = id === undefined ? undefined : { id, name: DELETED.toLowerCase(), accent: { hue: 352, chroma: 0.02 }, firstMessage: '' };
  return { companion: found ?? gone, isDeleted: !found, choose };
}

export function Rememberers({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const characters = useWindow((state) => state.characters);
  const holders = useWindow((state) => state.memory.holders);
  const all = rememberers({ characters, holders });
  if (all.length < 2 && all[0]?.id === chosen) return null;
  return (
    <select className="field rememberers" aria-label="Whose memories" value={chosen} onChange={(event) => onChoose(event.target.value)}>
      {!all.some(({ id }) => id === chosen) && <option value={chosen}>{DELETED}</option>}
      {all.map(({ id, name, memories }) => (
        <option key={id} value={id}>
          {memories === 0 ? name : `${name} (${memories})`}
        </option>
      ))}
    </select>
  );
}
