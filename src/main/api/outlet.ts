/** @file Frames of a chat on their way to a reader, in larger pieces where it lags behind. */
import { MERGE_FROM_BYTES, UNSENT_BYTES } from '../../shared/limits.ts';
import type { ChatFrame } from './chat-frames.ts';
import type { Line } from './line.ts';

export type FrameLine = Pick<Line, 'unsentBytes' | 'onDrain' | 'close'> & { send: (frame: ChatFrame) => void };

/** Sends frames at once; while the reader lags behind, tokens are put together and go out as one when it has caught up. */
export function createOutlet(line: FrameLine): (frame: ChatFrame) => void {
  let held = '';
  let heldBytes = 0;
  const release = (): void => {
    if (held === '') return;
    const content = held;
    held = '';
    heldBytes = 0;
    line.send({ type: 'token', content });
  };
  line.onDrain(release);
  return (frame) => {
    const lagging = held !== '' || line.unsentBytes() >= MERGE_FROM_BYTES;
    if (frame.type !== 'token' || !lagging) {
      release();
      line.send(frame);
      return;
    }
    held += frame.content;
    heldBytes += Buffer.byteLength(frame.content);
    if (heldBytes + line.unsentBytes() > UNSENT_BYTES) line.close(1013, 'Too much was left unread.');
  };
}
