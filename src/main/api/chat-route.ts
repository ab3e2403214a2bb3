/** @file POST /api/chat: one turn as server-sent events, with the frames, order and rules of /ws/chat. */
import type { ServerResponse } from 'node:http';
import { FRAME_BYTES } from '../../shared/limits.ts';
import { readJson } from './body.ts';
import { type ChatFrame, type ChatMessage, readChatMessage } from './chat-frames.ts';
import { answerMessage } from './chat-turn.ts';
import { createOutlet } from './outlet.ts';
import { refusals } from './refusals.ts';
import { errorAnswer } from './respond.ts';
import type { RoutePorts, Visit, Visited } from './routes.ts';
import { openEventStream } from './streams.ts';

const notAMessage = errorAnswer({
  status: 400,
  code: 'bad-request',
  message: 'The body has to be {"message": "…"} with 1 byte to 64 KiB of text; nothing was done.',
});

export async function chatAnswer(ports: RoutePorts, { request, response, caller, asked }: Visit): Promise<Visited> {
  const body = await readJson(request, response, FRAME_BYTES);
  if ('refused' in body) return body.refused;
  const message = readChatMessage(body.value);
  if (!message) return notAMessage;
  if (!ports.places.take(response, caller)) return refusals.tooManyStreams;
  asked(message.text);
  streamTurn(ports, response, message);
  return 'streamed';
}

/** Leaving stops the turn, as on the socket; a stream that has ended has nothing left to stop. */
function streamTurn({ engine, log, clock }: RoutePorts, response: ServerResponse, message: ChatMessage): void {
  const stream = openEventStream(response, clock);
  const send = createOutlet({
    send: (frame) => stream.write(asEvent(frame)),
    unsentBytes: stream.unsentBytes,
    onDrain: (listener) => void response.on('drain', listener),
    close: stream.cut,
  });
  const turn = answerMessage({ engine, log, send, onEnd: stream.end }, message);
  response.once('close', turn.leave);
}

/** JSON has no line ends of its own, so that one data line holds a frame. */
function asEvent(frame: ChatFrame): string {
  return `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`;
}
