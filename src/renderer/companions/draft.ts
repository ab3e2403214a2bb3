/** @file A companion while it is written or changed: what stands in the editor, and what it costs. */
import { useEffect, useState } from 'react';
import type { Character, CharacterOptions } from '../../shared/character.ts';
import type { CardEdit, CardText, LoreText } from '../../shared/characters.ts';
import { useServices } from '../shell/services.ts';

/** How long the keyboard rests before texts are counted again: between two words. */
const COUNT_AFTER_MS = 250;

const emptyText: CardText = {
  name: '',
  nickname: '',
  description: '',
  personality: '',
  scenario: '',
  systemPrompt: '',
  firstMessage: '',
  alternateGreetings: [],
  groupOnlyGreetings: [],
  messageExamples: '',
  postHistory: '',
  tags: [],
  creatorNotes: '',
  creator: '',
  characterVersion: '',
  book: { recursive: false },
  lore: [],
};
const plainOptions: CharacterOptions = { thinking: 'model', tone: { enabled: true } };
const firstAccent: Character['accent'] = { hue: 190, chroma: 0.11 };

export const emptyDraft: CardEdit = { text: emptyText, accent: firstAccent, options: plainOptions };

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
