/** @file A card's `character_book`, or a stand-alone lorebook, as it takes effect; what is not understood stays in the document. */
import { LORE_ENTRIES } from '../../../shared/card-limits.ts';
import type { Lorebook, LoreEntry } from '../../../shared/lorebook.ts';
import { readDecorators } from './decorators.ts';
import { countOf, fieldOf, isTrue, listOf, numberOf, objectOf, textOf } from './loose.ts';
import { readLoreExtensions } from './lore-extensions.ts';
import { patternsIn } from './lore-patterns.ts';

/** Nobody writes into what was read, so that the many entries without any share one. */
const noKeys: string[] = [];

/** Keys as a list, or as some programs write them: in one text with commas. */
function keysOf(value: unknown): string[] {
  const keys = typeof value === 'string' ? value.split(',') : listOf(value);
  if (keys.length === 0) return noKeys;
  const said: string[] = [];
  for (const key of keys) {
    const word = typeof key === 'string' ? key.trim() : '';
    if (word !== '') said.push(word);
  }
  return said;
}

function readEntry(value: unknown, place: number): LoreEntry {
  const entry = objectOf(value);
  const field = (key: string) => fieldOf(entry, key);
  const id = field('id');
  const { decorators, unsupported, content } = readDecorators(textOf(field('content')));
  const more = readLoreExtensions(field('extensions'));
  const [keys, secondaryKeys] = [keysOf(field('keys')), keysOf(field('secondary_keys'))];
  const useRegex = isTrue(field('use_regex'));
  return {
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : String(place),
    name: textOf(field('name')),
    comment: textOf(field('comment')),
    enabled: field('enabled') !== false,
    constant: isTrue(field('constant')),
    keys,
    secondaryKeys,
    selective: isTrue(field('selective')),
    secondaryLogic: more.secondaryLogic,
    byOthers: more.byOthers,
    triggersOthers: more.triggersOthers,
    caseSensitive: isTrue(field('case_sensitive') ?? more.caseSensitive),
    useRegex,
    patterns: useRegex || more.betweenSlashes ? patternsIn([...keys, ...secondaryKeys], more.betweenSlashes) : noKeys,
    content,
    order: numberOf(field('insertion_order')) ?? 100,
    priority: numberOf(field('priority')) ?? 0,
    position: field('position') === 'before_char' ? 'before' : 'after',
    decorators: { ...more.decorators, ...decorators },
    unsupported: more.unread.length === 0 ? unsupported : [...unsupported, ...more.unread],
  };
}

/** The lorebook in a value, or undefined where it holds no entries. */
export function readLorebook(value: unknown): Lorebook | undefined {
  const entries = fieldOf(value, 'entries');
  // World files keep their entries in an object, by number.
  const list = Array.isArray(entries) ? listOf(entries) : Object.values(objectOf(entries));
  if (list.length === 0) return undefined;
  const scanDepth = countOf(fieldOf(value, 'scan_depth'));
  const tokenBudget = countOf(fieldOf(value, 'token_budget'));
  return {
    name: textOf(fieldOf(value, 'name')),
    description: textOf(fieldOf(value, 'description')),
    ...(scanDepth === undefined ? {} : { scanDepth }),
    ...(tokenBudget === undefined ? {} : { tokenBudget }),
    recursive: isTrue(fieldOf(value, 'recursive_scanning')),
    entries: list.slice(0, LORE_ENTRIES).map(readEntry),
  };
}
