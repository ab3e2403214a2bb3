/** @file What the person's mood did to a reply, in words; the numbers are in the inspector. */
import type { Message } from '../../shared/conversation.ts';

const words = { warm: 'a little freer', low: 'closer to the point', steady: 'as set' } as const;

export function ToneChip({ message }: { message: Message }) {
  const tone = message.report?.tone;
  if (!tone) return null;
  return (
    <span className="tone" data-mood={tone.direction} title={tone.reason}>
      <i />
      {words[tone.direction]}
    </span>
  );
}
