/** @file What recall is asked before a reply: the person's words, what was said just above them, and what the prompt still holds. */
import { DEFAULT_CONTEXT_TOKENS, MEMORY_BEFORE, MEMORY_SHARE, MEMORY_WINDOW_MESSAGES } from '../../../shared/limits.ts';
import type { MemoryQuery } from '../memory-port.ts';
import type { Generation, Store } from '../ports.ts';

/** Of a context: what memories may cost together, in tokens. */
export const memoryTokens = ({ contextTokens }: Pick<Generation, 'contextTokens'>): number =>
  Math.floor((contextTokens ?? DEFAULT_CONTEXT_TOKENS) * MEMORY_SHARE);

/** `anchorId` is the oldest message of the prompt before: what lies below it is still in the window. */
export function memoryQuery(
  store: Store,
  asked: Pick<MemoryQuery, 'userId' | 'characterId' | 'message' | 'now' | 'tokens'> & { conversationId: string },
  message: { id: string },
  anchorId: string | undefined,
): MemoryQuery {
  let read = 0;
  const path = store.history(message.id, ({ id }) => id === anchorId || ++read > MEMORY_WINDOW_MESSAGES);
  const above = path.filter(({ id }) => id !== message.id);
  return {
    ...asked,
    before: above.slice(-MEMORY_BEFORE).map(({ role, text }) => ({ role, text })),
    exclude: path.map(({ id }) => id),
  };
}
