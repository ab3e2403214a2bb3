/** @file Which messages of the path are sent: all since the last trim while they fit, else the newest half, under a summary of the rest. */
import { SUMMARY_FROM_SHARE, SUMMARY_SHARE, TRIM_TO_SHARE } from '../../shared/limits.ts';
import { defuse, fence } from './fence.ts';
import { cutAtSentence } from './persona.ts';
import type { HistoryMessage, ModelMessage } from './ports.ts';
import type { Anchor, StoredSummary } from './stored-prompt.ts';
import { MESSAGE_OVERHEAD, type TokenCounter } from './tokens.ts';

/** Stands for a reply that has no text, so that roles keep alternating (the templates of Gemma and Mistral refuse anything else). */
const NO_REPLY = '…';

/** Kept beside the message, which is in one prompt after the other. */
const made = new WeakMap<HistoryMessage, ModelMessage>();

/** A message of the path as the model gets it; a context block is sent again as it was. */
export function asModelMessage(message: HistoryMessage): ModelMessage {
  const known = made.get(message);
  if (known) return known;
  const asked = toModelMessage(message);
  made.set(message, asked);
  return asked;
}

function toModelMessage(message: HistoryMessage): ModelMessage {
  const text = defuse(message.text);
  if (message.role === 'assistant') return { role: 'assistant', content: text.trim() === '' ? NO_REPLY : text };
  return { role: 'user', content: message.context === '' ? text : `${message.context}\n\n${text}` };
}

/** A summary as it stands above the first message that is sent. */
export const summaryBlock = (text: string): string => fence('memory', `What was said before this, in short:\n${text}`);

/** The messages under the system message, with the summary above the first of them. */
export function withSummary(messages: ModelMessage[], block: string): ModelMessage[] {
  const [first, ...rest] = messages;
  return block === '' || !first ? messages : [{ role: first.role, content: `${block}\n\n${first.content}` }, ...rest];
}

export type HistoryInput = {
  load(enough: (message: HistoryMessage) => boolean): HistoryMessage[];
  currentId: string;
  /** Where the prompt before began, where there was one. */
  anchor: Anchor | undefined;
  /** Newest first. */
  summaries: readonly StoredSummary[];
  counter: TokenCounter;
  contextTokens: number;
};

export type LoadedHistory = {
  /** Oldest first, without the current message: everything since the prompt before, as far as it may fit. */
  path: HistoryMessage[];
  tokens: number;
};

const costOf = (message: HistoryMessage, counter: TokenCounter) => counter.count(asModelMessage(message).content) + MESSAGE_OVERHEAD;

/** Reads back to the anchor, or until there is more than could ever fit. */
export function loadHistory({ load, currentId, anchor, counter, contextTokens }: HistoryInput): LoadedHistory {
  let tokens = 0;
  const loaded = load((message) => {
    if (message.id !== currentId) tokens += costOf(message, counter);
    return tokens > contextTokens || message.id === anchor?.id;
  });
  return { path: loaded.filter((message) => message.id !== currentId), tokens };
}

/** The newest messages within `room` tokens, beginning with one of the person. */
function newestWithin(path: HistoryMessage[], room: number, counter: TokenCounter): HistoryMessage[] {
  let first = path.length;
  let total = 0;
  for (let index = path.length - 1; index >= 0; index--) {
    const message = path[index];
    if (!message) break;
    total += costOf(message, counter);
    if (total > room) break;
    if (message.role === 'user') first = index;
  }
  return path.slice(first);
}

export type FittedHistory = {
  messages: HistoryMessage[];
  tokens: number;
  /** Above the first message; empty where there is none. */
  summary: string;
  summaryId: string | undefined;
  /** Some messages that went before had to go this time. */
  trimmed: boolean;
  /** It is time to have it summed up: half of it may have to go soon, and no summary reaches that far. */
  summaryDue: boolean;
};

/** Cut by the window alone, so that it stays the same whatever else stands in the prompt. */
function blockOf(summary: StoredSummary | undefined, { counter, contextTokens }: HistoryInput): string {
  if (!summary) return '';
  const { text } = cutAtSentence(summary.text, (part) => counter.steady(summaryBlock(part)) <= contextTokens * SUMMARY_SHARE);
  return text === '' ? '' : summaryBlock(text);
}

/** Those that end on this path: what the prompt before used, or one that ends with a message that is at hand. */
function usable({ summaries, anchor }: HistoryInput, places: ReadonlyMap<string, number>): StoredSummary[] {
  return summaries.filter(({ id, throughId }) => places.has(throughId) || id === anchor?.summaryId);
}

/** Whether half of the history may have to go soon while no summary reaches that far. */
function isDue(
  loaded: LoadedHistory,
  room: number,
  summaries: StoredSummary[],
  places: ReadonlyMap<string, number>,
  input: HistoryInput,
): boolean {
  if (loaded.tokens <= room * SUMMARY_FROM_SHARE) return false;
  const lastToGo = loaded.path.length - newestWithin(loaded.path, room * TRIM_TO_SHARE, input.counter).length - 1;
  return lastToGo >= 0 && !summaries.some(({ throughId }) => (places.get(throughId) ?? -1) >= lastToGo);
}

/** Fits what was loaded into `room` tokens: while everything since the anchor fits, the new prompt begins with the one before. */
export function fitHistory(input: HistoryInput, loaded: LoadedHistory, room: number): FittedHistory {
  const { counter, anchor } = input;
  const { path } = loaded;
  const places = new Map(path.map(({ id }, index) => [id, index]));
  const summaries = usable(input, places);
  const summaryDue = isDue(loaded, room, summaries, places, input);
  const anchored = anchor !== undefined && path[0]?.id === anchor.id;
  const before = anchored ? summaries.find(({ id }) => id === anchor.summaryId) : undefined;
  // Something went before this without one, and now there is one: worth reading the rest once more.
  const late = anchored && anchor.trimmed && !before ? summaries[0] : undefined;
  for (const summary of late ? [late, before] : [before]) {
    const block = blockOf(summary, input);
    const tokens = loaded.tokens + counter.count(block);
    if (tokens <= room) return { messages: path, tokens, ...named(block, summary), trimmed: false, summaryDue };
  }
  const [newest] = summaries;
  const whole = blockOf(newest, input);
  const block = counter.count(whole) <= room * TRIM_TO_SHARE ? whole : '';
  const kept = newestWithin(path, room * TRIM_TO_SHARE - counter.count(block), counter);
  const tokens = kept.reduce((sum, message) => sum + costOf(message, counter), counter.count(block));
  return { messages: kept, tokens, ...named(block, newest), trimmed: true, summaryDue };
}

const named = (block: string, summary: StoredSummary | undefined) => ({
  summary: block,
  summaryId: block === '' ? undefined : summary?.id,
});
