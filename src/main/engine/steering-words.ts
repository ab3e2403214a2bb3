/** @file What is said to the companion about how to answer: the conversation's note, and a wish for one answer. */
import type { AnswerWish } from '../../shared/conversation.ts';

const wishWords: Record<AnswerWish, string> = {
  shorter: 'This time answer in far fewer words: one or two sentences that say the same.',
  longer: 'This time answer at more length: take your time and go into detail.',
  warmer: 'This time answer more warmly and closer, as to somebody dear to you.',
};

/** Put below the rest of the context, sent and never kept: neither is part of what was said. Empty where there is nothing to say. */
export function steeringText(note: string, wish: AnswerWish | undefined): string {
  const asked = note === '' ? '' : `The person asks for this in all of the conversation: ${note}`;
  return [asked, wish ? wishWords[wish] : ''].filter((line) => line !== '').join('\n');
}
