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
  caseSensitive: false,
  useRegex: false,
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

/** The texts that go into a prompt, by the names under which their counts are shown. */
const counted = ['description', 'personality', 'scenario', 'systemPrompt', 'postHistory', 'firstMessage', 'messageExamples'] as const;
export type Counts = Record<(typeof counted)[number] | 'lore', number>;

/** What each text costs with the model in use, a moment after it was last changed. */
export function useCounts(text: CardText): Counts | undefined {
  const { cards } = useServices().actions;
  const [counts, setCounts] = useState<Counts>();
  useEffect(() => {
    let current = true;
    const lore = text.lore.filter((entry) => entry.enabled).map(({ content }) => content);
    const count = async () => {
      const tokens = await cards.count([...counted.map((name) => text[name]), lore.join('\n')]);
      if (!current || !tokens) return;
      setCounts(Object.fromEntries([...counted, 'lore' as const].map((name, index) => [name, tokens[index] ?? 0])) as Counts);
    };
    const timer = setTimeout(() => void count(), COUNT_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [cards, text]);
  return counts;
}

/** The same list with one item changed, moved up, or taken out. */
export const withItem = <Item>(list: readonly Item[], at: number, item: Item): Item[] =>
  list.map((other, index) => (index === at ? item : other));
export const withoutItem = <Item>(list: readonly Item[], at: number): Item[] => list.filter((_, index) => index !== at);
