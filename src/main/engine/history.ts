/** @file Which messages of the path are sent: all since the last trim while they fit, else the newest half. */
import { TRIM_TO_SHARE } from '../../shared/limits.ts';
import { defuse } from './fence.ts';
import type { HistoryMessage, ModelMessage } from './ports.ts';
import { MESSAGE_OVERHEAD, type TokenCounter } from './tokens.ts';

/** Stands for a reply that has no text, so that roles keep alternating (the templates of Gemma and Mistral refuse anything else). */
const NO_REPLY = '…';

/** A message of the path as the model gets it; a context block is sent again as it was. */
export function asModelMessage(message: HistoryMessage): ModelMessage {
  const text = defuse(message.text);
  if (message.role === 'assistant') return { role: 'assistant', content: text.trim() === '' ? NO_REPLY : text };
  return { role: 'user', content: message.context === '' ? text : `${message.context}\n\n${text}` };
}

export type FittedHistory = { messages: HistoryMessage[]; tokens: number };

const cost = (message: HistoryMessage, counter: TokenCounter) => counter.count(asModelMessage(message).content) + MESSAGE_OVERHEAD;

/** The newest messages within `room` tokens, beginning with one of the person. */
function newestWithin(path: HistoryMessage[], room: number, counter: TokenCounter): HistoryMessage[] {
  let first = path.length;
  let total = 0;
  for (let index = path.length - 1; index >= 0; index--) {
    const message = path[index];
    if (!message) break;
    total += cost(message, counter);
    if (total > room) break;
    if (message.role === 'user') first = index;
  }
  return path.slice(first);
}

/**
 * Fits the path before the current message into `room` tokens. `anchorId` is the oldest message of the prompt before;
 * while everything since it fits, the new prompt begins with the old one and its prefix is reused.
 */
export function fitHistory(
  load: (enough: (message: HistoryMessage) => boolean) => HistoryMessage[],
  currentId: string,
  anchorId: string | undefined,
  room: number,
  counter: TokenCounter,
): FittedHistory {
  let total = 0;
  const loaded = load((message) => {
    if (message.id !== currentId) total += cost(message, counter);
    return total > room || message.id === anchorId;
  });
  const path = loaded.filter((message) => message.id !== currentId);
  const messages = total <= room ? path : newestWithin(path, room * TRIM_TO_SHARE, counter);
  return { messages, tokens: messages.reduce((sum, message) => sum + cost(message, counter), 0) };
}
