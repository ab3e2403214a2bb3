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
const reasons: Readonly<Record<string, string>> = {
  role: 'Lore is told in the one system message or above your words, and never as if somebody else had said it.',
  reverse_depth: 'The specification leaves it aside in conversations.',
  instruct_depth: asOnePlainText,
  reverse_instruct_depth: asOnePlainText,
  instruct_scan_depth: asOnePlainText,
  is_user_icon: 'There is no picture of you here.',
  disable_ui_prompt: 'No card switches off what the program itself says.',
};
const notUnderstood = 'What they ask for is not understood.';
const unknown = 'They are of other programs.';

const nameOf = (line: string): string => /^@@@?([A-Za-z_]+)/.exec(line)?.[1]?.toLowerCase() ?? '';
const reasonFor = (name: string): string => reasons[name] ?? (followedDecorators.has(name) ? notUnderstood : unknown);

/** Lines that were not read, by the reason for it. */
function unread(entries: readonly LoreEntry[]): string[] {
  const lines = entries.flatMap(({ unsupported }) => unsupported);
  const byReason = Map.groupBy(lines, (line) => reasonFor(nameOf(line)));
  return [...byReason].map(([reason, all]) => {
    const names = listed(all.map((line) => (line.split(/\s/)[0] ?? '').slice(0, 40)));
    return `${count(all.length, 'decorator', 'decorators')} in the lorebook: ${names}. ${reason}`;
  });
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
  const regex = entries.filter(({ useRegex }) => useRegex).length;
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
