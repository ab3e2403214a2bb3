/** @file A companion's picture, or a landscape in its own hue until it has one. */
import { type CSSProperties, useSyncExternalStore } from 'react';
import type { CharacterSummary } from '../../shared/character.ts';
import { useServices } from '../shell/services.ts';

/** The landscape takes the companion's two numbers, not those of the room. */
export const hueOf = ({ accent }: Pick<CharacterSummary, 'accent'>): CSSProperties =>
  ({ '--accent-h': accent.hue, '--accent-c': accent.chroma }) as CSSProperties;

/** The address of a companion's picture; undefined while it is fetched, and where there is none. */
export function usePicture(character: Pick<CharacterSummary, 'id' | 'avatar'> | undefined): string | undefined {
  const { actions } = useServices();
  const { pictures } = actions.cards;
  return useSyncExternalStore(pictures.onChange, () => character && pictures.of(character));
}
