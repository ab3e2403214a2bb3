/** @file Whether words can be sent now, and if not, why, in a few words. */

import { MESSAGE_BYTES } from '../../shared/limits.ts';
import { messageTextSchema } from '../../shared/message-text.ts';
import type { ModelStatus } from '../../shared/status.ts';

/** Why nobody can answer now; null where somebody can, or may be able to by the time it is this message's turn. */
export function whyNoAnswer(model: ModelStatus | null, name: string): string | null {
  if (model?.state === 'absent') return `${name} has no model yet. What you write here is kept.`;
  if (model?.state === 'installing') return `${name} can answer when the download is done. What you write here is kept.`;
  return null;
}

/** What whoever writes now has to know; null where the model is there, or being nowhere is said already. */
export function whileLoading(model: ModelStatus | null, name: string): string | null {
  if (model?.state !== 'loading') return null;
  return `${name}’s model is being loaded, which can take a minute. What you send now is kept, and answered then.`;
}

/** Why this text cannot be sent; null where it can. An empty one needs no reason. */
export function whyNotSendable(text: string): string | null {
  if (text.trim() === '' || messageTextSchema.safeParse(text).success) return null;
  return `This is longer than ${MESSAGE_BYTES / 1_024} KiB, the most that one message can hold. Shorten it or send it in parts.`;
}
