/** @file What SillyTavern says of a lorebook entry beside the card's own fields: read where it means something here, else named. */
import { type LoreDecorators, type LoreEntry, secondaryLogics } from '../../../shared/lorebook.ts';
import { countOf, fieldOf, isTrue, listOf, numberOf, objectOf, saysSomething, textOf } from './loose.ts';

export type LoreExtensions = Pick<LoreEntry, 'secondaryLogic' | 'byOthers' | 'triggersOthers'> & {
  decorators: Pick<LoreDecorators, 'depth' | 'scanDepth'>;
  caseSensitive: unknown;
  /** Only keys between slashes are patterns there, whatever the entry says. */
  betweenSlashes: boolean;
  /** Fields that ask for something which is not done here, as `extensions.role`. */
  unread: string[];
};

/** Its number for "at depth", which V3 says with a decorator. */
const AT_DEPTH = 4;

type Field = (key: string) => unknown;
const isMore = (value: unknown) => (numberOf(value) ?? 0) > 0;

/** Fields that ask for something only with some of their values; the others of its fields mean nothing outside of it. */
const asks: Readonly<Record<string, (value: unknown, field: Field) => boolean>> = {
  position: (value) => ![0, 1, AT_DEPTH].includes(numberOf(value) ?? 0),
  role: (value, field) => field('position') === AT_DEPTH && isMore(value),
  probability: (value, field) => isTrue(field('useProbability')) && (numberOf(value) ?? 100) < 100,
  group: (value) => saysSomething(textOf(value)),
  sticky: isMore,
  cooldown: isMore,
  delay: isMore,
  vectorized: isTrue,
  match_whole_words: isTrue,
  match_persona_description: isTrue,
  match_character_description: isTrue,
  match_character_personality: isTrue,
  match_character_depth_prompt: isTrue,
  match_scenario: isTrue,
  match_creator_notes: isTrue,
  triggers: (value) => listOf(value).length > 0,
  ignore_budget: isTrue,
};
const asking = Object.entries(asks);
/** Fields that every entry of its has, so that it can be told by them. */
const itsOwn = ['selectiveLogic', 'exclude_recursion', 'useProbability'];

const none: LoreExtensions = {
  secondaryLogic: 'any',
  byOthers: 'also',
  triggersOthers: true,
  decorators: {},
  caseSensitive: undefined,
  betweenSlashes: false,
  unread: [],
};

function byOthers(field: Field): LoreExtensions['byOthers'] {
  if (isTrue(field('exclude_recursion'))) return 'never';
  const delayed = field('delay_until_recursion');
  return isTrue(delayed) || isMore(delayed) ? 'only' : 'also';
}

export function readLoreExtensions(extensions: unknown): LoreExtensions {
  const own = objectOf(extensions);
  // Most entries have none, and a book may have thousands of entries.
  if (Object.keys(own).length === 0) return none;
  const field: Field = (key) => fieldOf(own, key);
  const depth = field('position') === AT_DEPTH ? countOf(field('depth')) : undefined;
  const scanDepth = countOf(field('scan_depth') ?? undefined);
  return {
    secondaryLogic: secondaryLogics[numberOf(field('selectiveLogic')) ?? 0] ?? 'any',
    byOthers: byOthers(field),
    triggersOthers: !isTrue(field('prevent_recursion')),
    decorators: { ...(depth === undefined ? {} : { depth }), ...(scanDepth === undefined ? {} : { scanDepth }) },
    caseSensitive: field('case_sensitive'),
    betweenSlashes: itsOwn.some((key) => Object.hasOwn(own, key)),
    unread: asking.flatMap(([key, does]) => (Object.hasOwn(own, key) && does(own[key], field) ? [`extensions.${key}`] : [])),
  };
}
