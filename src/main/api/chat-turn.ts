/** @file One message on /ws/chat, from the frame that brought it to the frame that ends its answer. */
import { randomUUID } from 'node:crypto';
import type { Report } from '../../shared/conversation.ts';
import type { TurnEvent } from '../../shared/events.ts';
import { asFault, Fault, type WireFault } from '../../shared/faults.ts';
import type { Mood } from '../../shared/mood.ts';
import type { Engine } from '../engine/contract.ts';
import type { Log } from '../engine/ports.ts';
import type { ChatFrame, ChatMessage } from './chat-frames.ts';

export type ChatTurnPorts = {
  engine: Engine;
  log: Log;
  send: (frame: ChatFrame) => void;
  /** Called once, after the frame that ends the answer; not after `leave`. */
  onEnd: () => void;
};

export type ChatTurn = {
  /** Stops the reply; the answer still ends in its `complete`. */
  stop(): void;
  /** The client is gone: nothing more is sent, and the turn stops unless somebody else follows the conversation. */
  leave(): void;
};

type Progress = {
  turnId: string;
  conversationId: string | undefined;
  unfollow: (() => void) | undefined;
  generating: boolean;
  spoken: boolean;
  stopAsked: boolean;
  over: boolean;
};

/** Starts the answer. Its frames come in the order of wire.md, and one of `complete` and `error` is the last. */
export function answerMessage(ports: ChatTurnPorts, message: ChatMessage): ChatTurn {
  const progress: Progress = {
    turnId: randomUUID(),
    conversationId: undefined,
    unfollow: undefined,
    generating: false,
    spoken: false,
    stopAsked: false,
    over: false,
  };
  const fail = (error: unknown): void => endWithFault(ports, progress, error);
  ports.send({ type: 'status', task: 'processing_message' });
  ports.engine.conversationOf(message.userId, message.characterId).then(({ id }) => {
    try {
      begin(ports, progress, message, id);
    } catch (error) {
      fail(error);
    }
  }, fail);
  return { stop: () => stop(ports, progress), leave: () => leave(ports, progress) };
}

/** Hears first and starts then, so that no event is missed. */
function begin(ports: ChatTurnPorts, progress: Progress, message: ChatMessage, conversationId: string): void {
  if (progress.over) return;
  const { engine } = ports;
  const { turnId } = progress;
  progress.unfollow = engine.follow(conversationId, (event) => {
    if (event.turnId === turnId && !progress.over) hear(ports, progress, message, event);
  });
  engine.startTurn({ turnId, conversationId, text: message.text, isNew: true });
  progress.conversationId = conversationId;
  if (progress.stopAsked) stop(ports, progress);
}

/** Thoughts and stages are not for this door. */
function hear(ports: ChatTurnPorts, progress: Progress, message: ChatMessage, event: TurnEvent): void {
  if (event.type === 'turn-accepted') generating(ports, progress);
  if (event.type === 'turn-ended') hearEnd(ports, progress, message, event);
  if (event.type !== 'text-delta') return;
  generating(ports, progress);
  progress.spoken = true;
  ports.send({ type: 'token', content: event.text });
}

function generating(ports: ChatTurnPorts, progress: Progress): void {
  if (progress.generating) return;
  progress.generating = true;
  ports.send({ type: 'status', task: 'generating_response' });
}

type TurnEnded = Extract<TurnEvent, { type: 'turn-ended' }>;

function hearEnd(ports: ChatTurnPorts, progress: Progress, message: ChatMessage, event: TurnEnded): void {
  const mute = event.status === 'complete' && !progress.spoken;
  // Both statuses come before every end, also that of a turn which was stopped while it waited.
  generating(ports, progress);
  if (event.status === 'failed' || mute) endWithFault(ports, progress, mute ? silence() : event.fault);
  else end(ports, progress, completeFrame(event, event.status, ports.engine.score(message.text)));
}

function completeFrame(event: TurnEnded, status: 'complete' | 'stopped', score: Mood): ChatFrame {
  const { compound, positive, negative, neutral } = score;
  return {
    type: 'complete',
    sentiment: { compound, positive, negative, neutral },
    turn_id: event.turnId,
    conversation_id: event.conversationId,
    status,
    ...reported(event.message?.report),
  };
}

function silence(): Fault {
  return new Fault('model-failed', 'The model ended its reply without a word; the message is kept; send it again or try another model.');
}

function reported(report: Report | undefined): Pick<Extract<ChatFrame, { type: 'complete' }>, 'usage' | 'tone' | 'warnings'> {
  if (!report) return { usage: null, tone: null, warnings: [] };
  const { usage, tone, warnings } = report;
  const evaluated = usage?.evaluatedTokens === undefined ? {} : { evaluated_tokens: usage.evaluatedTokens };
  return {
    usage: usage ? { prompt_tokens: usage.promptTokens, ...evaluated, reply_tokens: usage.replyTokens } : null,
    tone: { direction: tone.direction, temperature: tone.temperature, top_p: tone.topP, reason: tone.reason },
    warnings,
  };
}

/** Takes what was thrown as well as what a turn ended with; only the closed list's codes and sentences go out. */
function endWithFault(ports: ChatTurnPorts, progress: Progress, cause: unknown): void {
  if (progress.over) return;
  const known = isWireFault(cause) || cause instanceof Fault;
  if (!known) ports.log.error('chat-failed', { cause });
  const { code, message, retryable } = isWireFault(cause) ? cause : asFault(cause).toWire();
  generating(ports, progress);
  end(ports, progress, { type: 'error', code, message, retryable });
}

function isWireFault(cause: unknown): cause is WireFault {
  return typeof cause === 'object' && cause !== null && !(cause instanceof Error) && 'retryable' in cause;
}

function end(ports: ChatTurnPorts, progress: Progress, frame: ChatFrame): void {
  progress.over = true;
  progress.unfollow?.();
  ports.send(frame);
  ports.onEnd();
}

function stop({ engine, log }: ChatTurnPorts, progress: Progress): void {
  progress.stopAsked = true;
  if (progress.over || progress.conversationId === undefined) return;
  stopTurn(engine, log, progress.turnId);
}

function leave({ engine, log }: ChatTurnPorts, progress: Progress): void {
  if (progress.over) return;
  progress.over = true;
  progress.unfollow?.();
  if (progress.conversationId === undefined || engine.listeners(progress.conversationId) > 0) return;
  stopTurn(engine, log, progress.turnId);
}

/** A turn that has just ended by itself is as good as stopped. */
function stopTurn(engine: Engine, log: Log, turnId: string): void {
  try {
    engine.stopTurn(turnId);
  } catch (error) {
    log.debug('chat-stop-late', { cause: error });
  }
}
