/** @file What goes above the person's words this time: chosen within a budget, and nothing that the model still sees from before. */
import type { Recalled, SectionName } from '../../shared/conversation.ts';
import type { LeftOut } from '../../shared/inspection.ts';
import { MEMORY_CHARACTERS, POST_HISTORY_CHARACTERS } from '../../shared/limits.ts';
import type { ContextPart } from './context-block.ts';
import { type ActiveEntry, fitEntries } from './lore/activate.ts';
import type { Snippet } from './memory-port.ts';
import { cutAtSentence } from './persona.ts';
import type { HistoryMessage } from './ports.ts';

/** `opening`: what stands before a memory of our own, its day and whose words it is. */
export type ToldSnippet = Snippet & { opening?: string };

export type ContextSources = {
  /** The time, and how the person's words sound. */
  now: string;
  postHistory: string;
  snippets: readonly ToldSnippet[];
  /** The entries that are active for a path, the current message last. */
  lore(path: readonly HistoryMessage[]): ActiveEntry[];
  /** What the lorebook itself allows triggered entries to take. */
  loreBudget: number;
};

export type ContextDraft = {
  parts: ContextPart[];
  omitted: Partial<Record<SectionName, string>>;
  leftOut: LeftOut[];
  recalled: Recalled[];
};

export type ContextRoom = {
  /** The messages that go before, oldest first, and the current one. */
  path: readonly HistoryMessage[];
  /** In tokens, for everything together. */
  tokens: number;
  count(text: string): number;
};

/** What is shown of a memory that was left out. */
const SHOWN_CHARACTERS = 60;

/** As much as fits, cut after a sentence, and within one only where there is no end of any. */
function fitText(text: string, fits: (text: string) => boolean): string {
  const { text: part } = cutAtSentence(text, fits);
  if (part !== '' || text === '') return part;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low).replace(/[\uD800-\uDBFF]$/, '');
}
const upTo = (characters: number) => (text: string) => text.length <= characters;

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

function recalledOf({ reason, score, source }: Snippet, text: string, tokens: number): Recalled {
  const { kind, id, speaker, at, conversationId, messageId } = source ?? {};
  const known = kind && id && speaker && at !== undefined ? { kind, id, speaker, at } : undefined;
  const origin = known && { ...known, ...(conversationId && { conversationId }), ...(messageId && { messageId }) };
  return { text, reason, tokens, ...(score === undefined ? {} : { score }), ...(origin ? { source: origin } : {}) };
}

/** Memories, the best first, but for those that still stand in the conversation; only the very first one is cut. */
function memoryPart(snippets: readonly ToldSnippet[], seen: string, room: ContextRoom, tokens: number) {
  const kept: string[] = [];
  const leftOut: LeftOut[] = [];
  const recalled: Recalled[] = [];
  let characters = MEMORY_CHARACTERS;
  let left = tokens;
  for (const snippet of snippets) {
    const { opening = '' } = snippet;
    const line = oneLine(`${opening} ${snippet.text}`);
    const own = (text: string) => text.slice(opening === '' ? 0 : opening.length + 1);
    if (seen.includes(`- ${line}\n`)) {
      recalled.push({ ...recalledOf(snippet, own(line), room.count(`- ${line}\n`)), above: true });
      continue;
    }
    const fits = (one: string) => one.length <= characters && room.count(`- ${one}\n`) <= left;
    const fitting = kept.length === 0 ? fitText(line, fits) : line;
    if (leftOut.length > 0 || fitting === '' || !fits(fitting)) {
      leftOut.push({ what: `Memory: ${own(line).slice(0, SHOWN_CHARACTERS)}`, why: 'There is no room for it beside better ones.' });
      continue;
    }
    const cost = room.count(`- ${fitting}\n`);
    kept.push(`- ${fitting}`);
    recalled.push(recalledOf(snippet, own(fitting), cost));
    characters -= fitting.length;
    left -= cost;
  }
  return { text: kept.join('\n'), leftOut, recalled };
}

/** How far up a copy of an entry may stand before it is said again: its own depth, where it has one. */
function isSeen({ entry, text }: ActiveEntry, contexts: readonly string[], all: string): boolean {
  const { depth } = entry.decorators;
  if (depth === undefined) return all.includes(text);
  return contexts.slice(0, Math.max(1, depth)).some((context) => context.includes(text));
}

/** The parts in the order in which they get room: the moment, the card's last words, memories, lore. */
export function draftContext(sources: ContextSources, room: ContextRoom): ContextDraft {
  const contexts = room.path.slice(0, -1).flatMap(({ context }) => (context === '' ? [] : [context]));
  const seen = contexts.join('\n');
  const newestFirst = contexts.toReversed();
  const omitted: ContextDraft['omitted'] = {};
  const parts: ContextPart[] = [];
  let left = room.tokens;
  const take = (name: ContextPart['name'], text: string) => {
    if (text.trim() === '') return;
    const cost = room.count(`<${name}>\n${text}\n</${name}>\n`);
    if (cost > left) omitted[name] = 'No room beside the message.';
    else {
      parts.push({ name, text });
      left -= cost;
    }
  };
  take('now', sources.now);
  take('post-history', fitText(sources.postHistory, upTo(POST_HISTORY_CHARACTERS)));
  const frame = room.count('<memory>\n\n</memory>\n');
  const entries = sources.lore(room.path).filter((each) => !isSeen(each, newestFirst, seen));
  const memory = memoryPart(sources.snippets, `${seen}\n`, room, Math.max(0, (entries.length > 0 ? left / 2 : left) - frame));
  take('memory', memory.text);
  const lore = fitEntries(entries, Math.min(left - frame, sources.loreBudget), room.count);
  take('lore', lore.chosen.map(({ text }) => text).join('\n\n'));
  const told = parts.some(({ name }) => name === 'memory');
  const recalled = memory.recalled.filter(({ above }) => above || told);
  return { parts, omitted, leftOut: [...memory.leftOut, ...lore.leftOut], recalled };
}
