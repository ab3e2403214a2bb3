/** @file What of a prompt was sent with the reply before too, message by message. */
import type { Explanation } from '../../shared/inspection.ts';

type Sent = Explanation['messages'][number];

/** same: as before, and all above it too. again: sent before, but something above it differs, so it is read anew. changed: `before` stood there. */
export type ComparedMessage = { state: 'same' | 'again' | 'new' } | { state: 'changed'; before: string };
export type Compared = {
  messages: readonly ComparedMessage[];
  /** Those of the prompt before that are not in this one. */
  gone: readonly Sent[];
};

const isSame = (one: Sent, other: Sent | undefined) => one.role === other?.role && one.content === other.content;
const keyOf = ({ role, content }: Sent) => `${role}\n${content}`;

/** A prompt is read again from the first difference on, so only what stands above that counts as the same. */
export function compareMessages(now: readonly Sent[], before: readonly Sent[]): Compared {
  const first = now.findIndex((message, index) => !isSame(message, before[index]));
  const shared = first === -1 ? now.length : first;
  const kept = new Set(now.map(keyOf));
  const known = new Set(before.map(keyOf));
  const gone = before.slice(shared).filter((message) => !kept.has(keyOf(message)));
  const replaced = before[shared];
  const isReplaced = replaced !== undefined && gone.includes(replaced) && replaced.role === now[shared]?.role;
  const messages = now.map((message, index): ComparedMessage => {
    if (index < shared) return { state: 'same' };
    if (known.has(keyOf(message))) return { state: 'again' };
    return isReplaced && index === shared ? { state: 'changed', before: replaced.content } : { state: 'new' };
  });
  return { messages, gone: isReplaced ? gone.filter((message) => message !== replaced) : gone };
}
