/** @file Which entries of a lorebook are active at this moment, by V2 and V3 cards' rules. */
import type { LeftOut } from '../../../shared/inspection.ts';
import { LORE_ROUNDS, LORE_SCAN_DEPTH } from '../../../shared/limits.ts';
import type { Lorebook, LoreEntry } from '../../../shared/lorebook.ts';
import type { Expanded } from '../macros.ts';
import { type BookIndex, type Heard, indexOf } from './book-index.ts';

export type LoreMoment = {
  /** The newest messages, newest first, without context blocks. */
  recent: readonly string[];
  /** What only few entries ask for: how often the character has spoken, and with which greeting it began. */
  facts(): { replies: number; greeting: number | undefined };
  /** Entries that were triggered in this conversation before, as far as that matters to them. */
  before: ReadonlySet<string>;
  expand(text: string): Expanded;
};

export type ActiveEntry = { entry: LoreEntry; text: string };

/** Asks nothing of the conversation: such entries stand in the system message. What is active in any case overrules what else it asks. */
export function isFixed({ enabled, constant, content, byOthers, decorators }: LoreEntry): boolean {
  const { activate, activateOnlyAfter, activateOnlyEvery, isGreeting, additionalKeys, excludeKeys, depth } = decorators;
  const moves = [depth, decorators.dontActivateAfterMatch];
  const asks = activate ? [] : [activateOnlyAfter, activateOnlyEvery, isGreeting, additionalKeys, excludeKeys];
  const always = activate === true || (constant && decorators.dontActivate !== true && byOthers !== 'only');
  return enabled && always && content.trim() !== '' && [...moves, ...asks].every((one) => one === undefined);
}

/** Whether what an entry asks of the conversation, beside its keys, holds; some are active in any case. */
function holds({ id, decorators }: LoreEntry, moment: LoreMoment): boolean {
  const { activateOnlyAfter, activateOnlyEvery, isGreeting } = decorators;
  if (decorators.activate || (decorators.keepActivateAfterMatch && moment.before.has(id))) return true;
  if (activateOnlyAfter !== undefined && moment.facts().replies < activateOnlyAfter) return false;
  if (activateOnlyEvery !== undefined && moment.facts().replies % activateOnlyEvery !== 0) return false;
  return isGreeting === undefined || moment.facts().greeting === isGreeting;
}

const secondary: Readonly<Record<LoreEntry['secondaryLogic'], (said: number, all: number) => boolean>> = {
  any: (said) => said > 0,
  all: (said, all) => said === all,
  'not-any': (said) => said === 0,
  'not-all': (said, all) => said < all,
};

function triggered(entry: LoreEntry, index: BookIndex, heard: Heard, moment: LoreMoment, depth: number): boolean {
  const { decorators } = entry;
  if (decorators.dontActivateAfterMatch && moment.before.has(entry.id)) return false;
  if (decorators.keepActivateAfterMatch && moment.before.has(entry.id)) return true;
  if (decorators.activate) return true;
  const within = decorators.scanDepth ?? depth;
  const keys = index.keysOf(entry);
  const isSaid = (key: number) => (heard.depthOf(key) ?? Number.POSITIVE_INFINITY) < within;
  const any = (list: readonly number[]) => list.some(isSaid);
  if (keys.exclude.length > 0 && any(keys.exclude)) return false;
  if (keys.additional.length > 0 && !any(keys.additional)) return false;
  if (decorators.dontActivate) return false;
  if (entry.constant) return true;
  if (!any(keys.primary)) return false;
  return keys.secondary.length === 0 || secondary[entry.secondaryLogic](keys.secondary.filter(isSaid).length, keys.secondary.length);
}

/** The entries beside the fixed ones that are active now; `remembered` are those whose triggering matters later. */
export function activeEntries(book: Lorebook, moment: LoreMoment): { active: ActiveEntry[]; remembered: string[] } {
  const index = indexOf(book);
  const heard = index.listen(moment.recent, book);
  const depth = book.scanDepth ?? LORE_SCAN_DEPTH;
  const candidates = book.entries.filter(
    (entry) => entry.enabled && entry.content.trim() !== '' && !isFixed(entry) && holds(entry, moment),
  );
  const active = new Map<LoreEntry, ActiveEntry>();
  let told = false;
  const hear = (entry: LoreEntry, { text, hiddenKeys }: Expanded) => {
    if (!book.recursive || !entry.triggersOthers) return;
    heard.alsoHear([text, ...hiddenKeys].join('\n'));
    told = true;
  };
  for (let round = 0; round < (book.recursive ? LORE_ROUNDS : 1) && (round === 0 || told); round++) {
    const asked = candidates.filter((entry) => !active.has(entry) && entry.byOthers !== (round === 0 ? 'only' : 'never'));
    const fresh = asked.filter((entry) => triggered(entry, index, heard, moment, depth));
    told = false;
    if (round === 0 && book.recursive) for (const entry of book.entries.filter(isFixed)) hear(entry, moment.expand(entry.content));
    for (const entry of fresh) {
      const expanded = moment.expand(entry.content);
      active.set(entry, { entry, text: expanded.text.trim() });
      hear(entry, expanded);
    }
  }
  const matters = ({ decorators }: LoreEntry) => decorators.keepActivateAfterMatch || decorators.dontActivateAfterMatch;
  const remembered = [...active.keys()].filter(matters).map(({ id }) => id);
  return { active: [...active.values()].filter(({ text }) => text !== ''), remembered };
}

/** The entries that stand in the system message, expanded. */
export function fixedEntries(book: Lorebook, expand: LoreMoment['expand']): ActiveEntry[] {
  const fixed = book.entries.filter(isFixed).map((entry) => ({ entry, text: expand(entry.content).text.trim() }));
  return fixed.filter(({ text }) => text !== '');
}

/** As many as fit, lower priorities going first, and of the same one those that stand earlier; in the order in which the book wants them. */
export function fitEntries(
  active: readonly ActiveEntry[],
  budget: number,
  count: (text: string) => number,
): { chosen: ActiveEntry[]; leftOut: LeftOut[] } {
  const early = ({ entry }: ActiveEntry) => (entry.decorators.ignoreOnMaxContext ? 1 : 0);
  const byWorth = active.toSorted(
    (one, other) => early(one) - early(other) || other.entry.priority - one.entry.priority || other.entry.order - one.entry.order,
  );
  const chosen: ActiveEntry[] = [];
  const leftOut: LeftOut[] = [];
  let room = budget;
  for (const each of byWorth) {
    const tokens = count(`${each.text}\n\n`);
    if (tokens <= room) {
      chosen.push(each);
      room -= tokens;
    } else leftOut.push({ what: `Lore: ${nameOf(each.entry)}`, why: 'The lorebook’s share of the context is used up.' });
  }
  return { chosen: chosen.toSorted((one, other) => one.entry.order - other.entry.order), leftOut };
}

const NAME_CHARACTERS = 60;
const nameOf = ({ name, comment, keys, id }: LoreEntry) =>
  ([name, comment, ...keys, id].find((one) => one !== '') ?? id).slice(0, NAME_CHARACTERS);
