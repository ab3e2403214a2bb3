/** @file What recall is asked before a reply: the person's words, what was said just above them, and what the prompt still holds. */
import { DEFAULT_CONTEXT_TOKENS, MEMORY_BEFORE, MEMORY_SHARE, MEMORY_WINDOW_MESSAGES } from '../../../shared/limits.ts';
import type { MemoryQuery } from '../memory-port.ts';
import type { PathAbove } from '../path-above.ts';
import type { Generation } from '../ports.ts';

/** Of a context: what memories may cost together, in tokens. */
export const memoryTokens = ({ contextTokens }: Pick<Generation, 'contextTokens'>): number =>
  Math.floor((contextTokens ?? DEFAULT_CONTEXT_TOKENS) * MEMORY_SHARE);

type Asked = Pick<MemoryQuery, 'userId' | 'characterId' | 'message' | 'now' | 'tokens'> & {
  conversationId: string;
  /** The oldest message of the prompt before: what lies below it is still in the window. */
  anchorId: string | undefined;
  /** The message itself, where it was there already. */
  messageId: string | undefined;
};

/** `above` is the path that the message stands below. */
export function memoryQuery(above: PathAbove, { anchorId, messageId, ...asked }: Asked): MemoryQuery {
  let read = 0;
  const path = above(({ id }) => id === anchorId || ++read >= MEMORY_WINDOW_MESSAGES);
  const held = path.map(({ id }) => id);
  return {
    ...asked,
    before: path.slice(-MEMORY_BEFORE).map(({ role, text }) => ({ role, text })),
    exclude: messageId === undefined ? held : [...held, messageId],
  };
}
