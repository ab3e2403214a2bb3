/** @file What of a prompt was sent with the reply before too, message by message. */
import type { Explanation } from '../../shared/inspection.ts';

type Sent = Explanation['messages'][number];
export type Compared = {
  /** For each message that was sent: whether it stands at the same place in the prompt before, and all above it too. */
  same: readonly boolean[];
  /** How many messages of the prompt before are not in this one. */
  gone: number;
};

const isSame = (one: Sent, other: Sent | undefined) => one.role === other?.role && one.content === other.content;

/** A prompt is read again from the first difference on, so only what stands above that counts as the same. */
export function compareMessages(now: readonly Sent[], before: readonly Sent[]): Compared {
  const first = now.findIndex((message, index) => !isSame(message, before[index]));
  const shared = first === -1 ? now.length : first;
  const kept = new Set(now.map(({ role, content }) => `${role}\n${content}`));
  const gone = before.slice(shared).filter(({ role, content }) => !kept.has(`${role}\n${content}`)).length;
  return { same: now.map((_, index) => index < shared), gone };
}
