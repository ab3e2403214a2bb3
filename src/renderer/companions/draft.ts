/** @file A companion while it is written or changed: what stands in the editor, and what it costs. */
import { useEffect, useState } from 'react';
import type { Character, CharacterOptions } from '../../shared/character.ts';
import { type CardEdit, type CardText, emptyWords, type LoreText } from '../../shared/characters.ts';
import { useServices } from '../shell/services.ts';

/** How long the keyboard rests before texts are counted again: between two words. */
const COUNT_AFTER_MS = 250;

const plainOptions: CharacterOptions = { thinking: 'model', tone: { enabled: true } };
const firstAccent: Character['accent'] = { hue: 190, chroma: 0.11 };

export const emptyDraft: CardEdit = {
  text: { ...emptyWords, book: { recursive: false }, lore: [] },
  accent: firstAccent,
  options: plainOptions,
};

export const emptyEntry: LoreText = {
  name: '',
  enabled: true,
  constant: false,
  keys: [],
  secondaryKeys: [],
  selective: false,
  secondaryLogic: 'any',
  caseSensitive: false,
  patterns: [],
  content: '',
  order: 100,
  priority: 0,
  position: 'after',
};

/** Whether both say the same; what was not touched is the same object, so that a long card costs nothing. */
export function sameDraft(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => sameDraft(left[name], right[name]));
}

/** A card may have hundreds of greetings; so many are counted beside the other texts. */
const GREETINGS_COUNTED = 48;

/** The texts that go into a prompt, by the names under which their counts are shown. */
const counted = ['description', 'personality', 'scenario', 'systemPrompt', 'postHistory', 'firstMessage', 'messageExamples'] as const;
/** constantLore: what is always in the prompt; lore: the rest, if all of it came up. */
export type Counts = Record<(typeof counted)[number] | 'constantLore' | 'lore', number> & {
  alternateGreetings: readonly (number | undefined)[];
};

/** What each text costs with the model in use, a moment after it was last changed. */
export function useCounts(text: CardText): Counts | undefined {
  const { cards } = useServices().actions;
  const [counts, setCounts] = useState<Counts>();
  useEffect(() => {
    let current = true;
    const loreOf = (constant: boolean) =>
      text.lore.flatMap((entry) => (entry.enabled && entry.constant === constant ? [entry.content] : [])).join('\n');
    const count = async () => {
      const others = text.alternateGreetings.slice(0, GREETINGS_COUNTED);
      const tokens = await cards.count([...counted.map((name) => text[name]), loreOf(true), loreOf(false), ...others]);
      if (!current || !tokens) return;
      const names = [...counted, 'constantLore', 'lore'] as const;
      const named = Object.fromEntries(names.map((name, index) => [name, tokens[index] ?? 0])) as Omit<Counts, 'alternateGreetings'>;
      setCounts({ ...named, alternateGreetings: tokens.slice(names.length) });
    };
    const timer = setTimeout(() => void count(), COUNT_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [cards, text]);
  return counts;
}

/** What one text costs, for a field of which there are many; undefined until it is counted. */
export function useCount(text: string): number | undefined {
  const { cards } = useServices().actions;
  const [tokens, setTokens] = useState<number>();
  useEffect(() => {
    let current = true;
    const count = async () => {
      const [counted] = (await cards.count([text])) ?? [];
      if (current) setTokens(counted);
    };
    const timer = setTimeout(() => void count(), COUNT_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [cards, text]);
  return tokens;
}

/** The same list with one item changed, moved up, or taken out. */
export const withItem = <Item>(list: readonly Item[], at: number, item: Item): Item[] =>
  list.map((other, index) => (index === at ? item : other));
export const withoutItem = <Item>(list: readonly Item[], at: number): Item[] => list.filter((_, index) => index !== at);
