/** @file /ws/session: the same session, commands and events as the desktop window has, carried by a socket. */
import type { OpenSession } from '../session/wire.ts';
import type { Line, LineCaller, Speaker } from './line.ts';

/** Ties a line to a session of its own. */
export function speakSession(openSession: OpenSession, line: Line, { isOwner, asked }: LineCaller): Speaker {
  const session = openSession({
    isOpen: line.isOpen,
    // A stage of writing or thinking is followed by its first word.
    send: (event) => line.send(JSON.stringify(event), event.type === 'turn-stage'),
    unsentBytes: line.unsentBytes,
    close: line.close,
    isOwner,
  });
  const receive = (text: string | undefined): void => {
    const frame = readFrame(text);
    session.receive(frame);
    const words = wordsIn(frame);
    if (words !== undefined) asked(words);
  };
  return { receive, leave: () => session.close() };
}

/** What a frame says, where it says anything: `start-turn` and its like carry a person's words as `text`. */
function wordsIn(frame: unknown): string | undefined {
  return typeof frame === 'object' && frame !== null && 'text' in frame && typeof frame.text === 'string' ? frame.text : undefined;
}

/** What is not JSON goes in as it came: the session answers it as it does any other value that is no command. */
function readFrame(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return text;
  }
}
