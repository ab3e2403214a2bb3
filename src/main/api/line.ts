/** @file One open WebSocket, as what speaks over it sees it: text frames out, a count of what is unsent, an end. */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { ANSWERS_HELD_MS, DOOR_CLOSE_MS, MERGE_FROM_BYTES, UNSENT_BYTES } from '../../shared/limits.ts';
import type { Clock, Log } from '../engine/ports.ts';
import { startHeartbeat } from './heartbeat.ts';

export type Line = {
  isOpen: () => boolean;
  /** `more`: another frame follows at once, and both leave in one write. */
  send: (text: string, more?: boolean) => void;
  unsentBytes: () => number;
  /** Calls back whenever everything unsent has been taken. */
  onDrain: (listener: () => void) => void;
  close: (code: number, reason: string) => void;
};

/** What speaks over a line. `receive` gets undefined for a binary frame. */
export type Speaker = { receive: (text: string | undefined) => void; leave: () => void };

/** Who is at the other end. */
export type LineCaller = {
  /** Showed the access token. */
  isOwner: boolean;
  /** Notes what it asked last, for the person to see. */
  asked: (words: string) => void;
};
export type Speak = (line: Line, caller: LineCaller) => Speaker;

export type LinePorts = { clock: Clock; log: Log; pingIntervalS: number; pingTimeoutS: number };

export type LineOptions = LinePorts & {
  ws: WebSocket;
  socket: Duplex & { bytesRead?: number };
  speak: Speak;
  caller: LineCaller;
  /** Called once, as soon as the line is no longer open in both directions. */
  onLeave: () => void;
};

/** Ties a socket to its speaker, which leaves at the first sign of an end and not only when the connection is gone. */
export function openLine(options: LineOptions): Line {
  const { ws, socket, log } = options;
  const state: { left: boolean; speaker: Speaker | undefined } = { left: false, speaker: undefined };
  const leave = (): void => {
    if (state.left) return;
    state.left = true;
    stopHeartbeat();
    options.onLeave();
    attempt(() => state.speaker?.leave());
  };
  const { line, during } = lineOver(options, leave);
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      log.error('socket-failed', { cause: error });
      line.close(1011, 'Something inside the program went wrong.');
    }
  };
  const stopHeartbeat = listen(options, line);
  ws.on('close', leave);
  ws.on('error', (error) => {
    log.debug('socket-protocol', { cause: error });
    leave();
  });
  ws.on('message', (data, isBinary) => {
    if (state.left) return;
    during(() => attempt(() => state.speaker?.receive(isBinary || !Buffer.isBuffer(data) ? undefined : data.toString())));
  });
  /** ws tells of a close frame only when the connection is gone, which a client may put off. */
  socket.on('data', () => {
    if (!line.isOpen()) leave();
  });
  attempt(() => {
    state.speaker = options.speak(line, options.caller);
  });
  if (state.left) state.speaker?.leave();
  return line;
}

/**
 * What a frame calls forth at once leaves in one write, a little later: a request to the model that it calls forth has left by then, and
 * the model's server need not share the processor with whoever reads the answer. Whatever is sent of itself lets go of it, and so does
 * what is large: held back by us, it would look like what a slow reader leaves.
 */
function holdAnswers({ socket, clock }: Pick<LineOptions, 'socket' | 'clock'>, put: (text: string) => void) {
  let held: string[] = [];
  let bytes = 0;
  let isReceiving = false;
  let stopTimer: (() => void) | undefined;
  const letGo = (): void => {
    stopTimer?.();
    stopTimer = undefined;
    if (held.length === 0) return;
    const texts = held;
    held = [];
    bytes = 0;
    socket.cork();
    try {
      for (const text of texts) put(text);
    } finally {
      socket.uncork();
    }
  };
  return {
    during(receive: () => void): void {
      isReceiving = true;
      try {
        receive();
      } finally {
        isReceiving = false;
      }
    },
    /** Whether it is taken off the caller's hands; what is not comes after all that was. */
    takes(text: string): boolean {
      if (!isReceiving) {
        letGo();
        return false;
      }
      held.push(text);
      bytes += Buffer.byteLength(text);
      if (bytes >= MERGE_FROM_BYTES) letGo();
      else stopTimer ??= clock.after(ANSWERS_HELD_MS, letGo);
      return true;
    },
    letGo,
    bytes: () => bytes,
  };
}

/** Pings; a client that stays silent is closed, and cut off where it does not answer that either. */
function listen({ ws, socket, clock, pingIntervalS, pingTimeoutS }: LineOptions, line: Line): () => void {
  return startHeartbeat({
    clock,
    intervalS: pingIntervalS,
    timeoutS: pingTimeoutS,
    bytesRead: () => socket.bytesRead ?? 0,
    ping: () => ws.ping(),
    onSilence: () => {
      line.close(1011, 'No answer to a ping.');
      ws.once(
        'close',
        clock.after(DOOR_CLOSE_MS, () => ws.terminate()),
      );
    },
  });
}

/**
 * A reader is slow when more than UNSENT_BYTES wait for it besides the largest single frame among them: a long conversation's
 * snapshot may be larger than that by itself and is no reason to drop anybody.
 */
function lineOver({ ws, socket, clock, log }: LineOptions, leave: () => void): { line: Line; during: (receive: () => void) => void } {
  let largest = 0;
  const isOpen = (): boolean => ws.readyState === WebSocket.OPEN;
  const close = (code: number, reason: string): void => {
    answers.letGo();
    if (isOpen()) {
      log.debug('socket-closed', { code, unsentBytes: ws.bufferedAmount });
      ws.close(code, reason);
    }
    leave();
  };
  let held = false;
  const letGo = (): void => {
    if (held) socket.uncork();
    held = false;
  };
  const hold = (): void => {
    if (held) return;
    held = true;
    socket.cork();
    setImmediate(letGo);
  };
  const put = (text: string, more = false): void => {
    if (!isOpen()) return;
    if (more) hold();
    const size = Buffer.byteLength(text);
    largest = ws.bufferedAmount === 0 ? size : Math.max(largest, size);
    ws.send(text);
    if (!more) letGo();
    if (ws.bufferedAmount > UNSENT_BYTES + largest) close(1013, 'Too much was left unread.');
  };
  const answers = holdAnswers({ socket, clock }, put);
  const line: Line = {
    isOpen,
    send: (text, more) => answers.takes(text) || put(text, more),
    close,
    unsentBytes: () => ws.bufferedAmount + answers.bytes(),
    onDrain: (listener) => void socket.on('drain', listener),
  };
  return { line, during: answers.during };
}
