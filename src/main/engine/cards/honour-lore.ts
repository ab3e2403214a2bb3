/** @file What a lorebook asks for and does not get here, or gets in another way: one sentence each, with the reason. */
import type { Character } from '../../../shared/character.ts';
import type { LoreEntry } from '../../../shared/lorebook.ts';
import { isFixed } from '../lore/activate.ts';
import { followedDecorators } from './decorators.ts';
import { type CardDocument, dataOf } from './document.ts';
import { fieldOf, objectOf } from './loose.ts';

const MOST_NAMED = 4;

export const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

export const listed = (names: Iterable<string>): string => {
  const all = [...new Set(names)];
  return all.slice(0, MOST_NAMED).join(', ') + (all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '');
};

const asOnePlainText = 'They are about prompts that are one plain text; here a conversation is sent as messages.';
const ROLES = 'Lore is told in the one system message or above your words, and never as if somebody else had said it.';
const RECENCY = 'How long ago an entry came up does not count.';
const reasons: Readonly<Record<string, string>> = {
  role: ROLES,
  reverse_depth: 'The specification leaves it aside in conversations.',
  instruct_depth: asOnePlainText,
  reverse_instruct_depth: asOnePlainText,
  instruct_scan_depth: asOnePlainText,
  is_user_icon: 'There is no picture of you here.',
  disable_ui_prompt: 'No card switches off what the program itself says.',
  'extensions.role': ROLES,
  'extensions.position': 'The places here are before and after the description, and above your newest message.',
  'extensions.probability': 'An entry comes whenever its words are said.',
  'extensions.group': 'No entry keeps another one out.',
  'extensions.sticky': RECENCY,
  'extensions.cooldown': RECENCY,
  'extensions.delay': RECENCY,
  'extensions.vectorized': 'Entries are found by their words alone.',
  'extensions.match_whole_words': 'Words are found inside of longer ones too.',
  'extensions.ignore_budget': 'The lorebook’s share of the context holds for all entries.',
};
const notUnderstood = 'What they ask for is not understood.';
const unknown = 'They are of other programs.';

const isDecorator = (line: string): boolean => line.startsWith('@@');
const nameOf = (line: string): string => (isDecorator(line) ? (/^@@@?([A-Za-z_]+)/.exec(line)?.[1]?.toLowerCase() ?? '') : line);
function reasonFor(line: string): string {
  const name = nameOf(line);
  if (name.startsWith('extensions.match_') && !Object.hasOwn(reasons, name)) return 'Words are looked for in the conversation alone.';
  return (Object.hasOwn(reasons, name) ? reasons[name] : undefined) ?? (followedDecorators.has(name) ? notUnderstood : unknown);
}

/** What was not read, by the reason for it. */
function unread(entries: readonly LoreEntry[]): string[] {
  const lines = entries.flatMap(({ unsupported }) => unsupported);
  const told = (kind: readonly string[], one: string, many: string) =>
    [...Map.groupBy(kind, reasonFor)].map(([reason, all]) => {
      const names = listed(all.map((line) => (line.split(/\s/)[0] ?? '').slice(0, 40)));
      return `${count(all.length, one, many)} in the lorebook: ${names}. ${reason}`;
    });
  return [
    ...told(lines.filter(isDecorator), 'decorator', 'decorators'),
    ...told(
      lines.filter((line) => !isDecorator(line)),
      'setting of SillyTavern',
      'settings of SillyTavern',
    ),
  ];
}

const asks = (number: number) => count(number, 'lorebook entry asks', 'lorebook entries ask');

/** Places in the prompt that are followed as far as the beginning of the prompt can stay what it was. */
function elsewhere(entries: readonly LoreEntry[]): string[] {
  const moving = entries.filter((entry) => entry.enabled && !isFixed(entry));
  const deep = moving.filter(({ decorators }) => decorators.depth !== undefined).length;
  const placed = moving.filter(({ decorators }) => decorators.position !== undefined).length;
  const inside = entries.filter((entry) => isFixed(entry) && /^(?:personality|scenario)$/.test(entry.decorators.position ?? '')).length;
  const above = 'What comes and goes stands above your newest message, so that nothing before it is read anew';
  return [
    ...(deep > 0 ? [`${asks(deep)} for a depth in the conversation. ${above}; the depth says when it is told again.`] : []),
    ...(placed > 0 ? [`${asks(placed)} for a place in the card and ${placed === 1 ? 'is' : 'are'} not always there. ${above}.`] : []),
    ...(inside > 0 ? [`${asks(inside)} for a place inside the card. ${inside === 1 ? 'It stands' : 'They stand'} right after it.`] : []),
  ];
}

export function loreNotFollowed(character: Character, document: CardDocument): string[] {
  const entries = character.lorebook?.entries ?? [];
  const raw = fieldOf(fieldOf(dataOf(document), 'character_book'), 'entries');
  const beyond = (Array.isArray(raw) ? raw.length : Object.keys(objectOf(raw)).length) - entries.length;
  const regex = entries.filter(({ patterns }) => patterns.length > 0).length;
  return [
    ...(beyond > 0
      ? [`${count(beyond, 'lorebook entry', 'lorebook entries')} beyond the ${entries.length} that a book may have here.`]
      : []),
    ...(regex > 0
      ? [`${count(regex, 'lorebook entry uses', 'lorebook entries use')} regular expressions. Only plain words are matched here.`]
      : []),
    ...unread(entries),
    ...elsewhere(entries),
  ];
}
