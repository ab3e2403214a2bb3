/** @file /ws/chat: messages in, their answers out in the same order, slow readers in larger pieces. */
import { Fault } from '../../shared/faults.ts';
import { WAITING_MESSAGES } from '../../shared/limits.ts';
import type { Engine } from '../engine/contract.ts';
import type { Log } from '../engine/ports.ts';
import { type ChatFrame, type ChatMessage, readChatFrame } from './chat-frames.ts';
import { answerMessage, type ChatTurn } from './chat-turn.ts';
import type { Line, LineCaller, Speaker } from './line.ts';
import { createOutlet } from './outlet.ts';

export type ChatPorts = { engine: Engine; log: Log };

/** Answers one client. A frame that is no message waits its turn like one, so that answers can be told apart by their order. */
export function speakChat({ engine, log }: ChatPorts, line: Line, { asked }: Pick<LineCaller, 'asked'>): Speaker {
  const send = createOutlet({ ...line, send: (frame) => line.send(JSON.stringify(frame)) });
  const waiting: (ChatMessage | 'unreadable')[] = [];
  let current: ChatTurn | undefined;

  const next = (): void => {
    while (!current) {
      const first = waiting.shift();
      if (!first) return;
      if (first === 'unreadable') send(unreadable);
      else current = answerMessage({ engine, log, send, onEnd }, first);
    }
  };
  const onEnd = (): void => {
    current = undefined;
    next();
  };
  return {
    receive: (text) => {
      const request = readChatFrame(text);
      if (request.kind === 'stop') return current?.stop();
      if (waiting.length >= WAITING_MESSAGES) return send(tooMany);
      waiting.push(request.kind === 'message' ? request : 'unreadable');
      next();
      if (request.kind === 'message') asked(request.text);
    },
    leave: () => {
      waiting.length = 0;
      current?.leave();
      current = undefined;
    },
  };
}

const unreadable = errorFrame(
  new Fault('bad-request', 'This is no message of this door; nothing was done; send {"message": "…"} with 1 byte to 64 KiB of text.'),
);
const tooMany = errorFrame(
  new Fault('too-many-requests', 'Eight messages are waiting already; this one was not taken; send it again after the next answer.'),
);

function errorFrame(fault: Fault): ChatFrame {
  const { code, message, retryable } = fault.toWire();
  return { type: 'error', code, message, retryable };
}
