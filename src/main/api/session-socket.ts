/** @file /ws/session: the same session, commands and events as the desktop window has, carried by a socket. */
import type { OpenSession } from '../session/wire.ts';
import type { Line, Speaker } from './line.ts';

/** Ties a line to a session of its own. */
export function speakSession(openSession: OpenSession, line: Line): Speaker {
  const session = openSession({
    isOpen: line.isOpen,
    send: (event) => line.send(JSON.stringify(event)),
    unsentBytes: line.unsentBytes,
    close: line.close,
  });
  return { receive: (text) => session.receive(readFrame(text)), leave: () => session.close() };
}

/** What is not JSON goes in as it came: the session answers it as it does any other value that is no command. */
function readFrame(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return text;
  }
}
