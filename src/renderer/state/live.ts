/** @file A reply while it is written: which event continues it, and what it is after that event. */
import type { LiveTurn, TurnEvent } from '../../shared/events.ts';
import type { LiveReply } from './window-state.ts';

/** Where an event stands to what is known: it continues it, is known already, or something before it is missing. */
export function placeOf(event: { seq: number; fromSeq?: number | undefined }, through: number): 'next' | 'known' | 'gap' {
  if (event.seq <= through) return 'known';
  return (event.fromSeq ?? event.seq) === through + 1 ? 'next' : 'gap';
}

/** The live reply of a snapshot; its own times before now are not known. */
export function liveFromSnapshot(live: LiveTurn, version: number, at: number): LiveReply {
  return {
    turnId: live.turnId,
    seq: live.throughSeq,
    userMessageId: live.userMessage.id,
    replyId: live.replyId,
    stage: live.stage,
    text: live.text,
    thinking: live.thinking,
    version,
    acceptedAt: live.startedAt,
    firstTextAt: live.text === '' ? null : at,
    thinkingFrom: live.stage === 'thinking' ? live.startedAt : null,
    thinkingMs: null,
    textDeltas: 0,
  };
}

export function liveFromAccepted(event: Extract<TurnEvent, { type: 'turn-accepted' }>, version: number, at: number): LiveReply {
  return {
    turnId: event.turnId,
    seq: event.seq,
    userMessageId: event.userMessage.id,
    replyId: event.replyId,
    stage: 'waiting',
    text: event.from?.text ?? '',
    thinking: event.from?.thinking ?? '',
    version,
    acceptedAt: at,
    firstTextAt: null,
    thinkingFrom: null,
    thinkingMs: null,
    textDeltas: 0,
  };
}

type Step = Extract<TurnEvent, { type: 'turn-stage' | 'thinking-delta' | 'text-delta' }>;

/** The reply after one more event that continues it. */
export function growLive(live: LiveReply, event: Step, at: number): LiveReply {
  const next = { ...live, seq: event.seq };
  switch (event.type) {
    case 'turn-stage':
      return { ...next, stage: event.stage };
    case 'thinking-delta':
      return { ...next, stage: 'thinking', thinking: live.thinking + event.text, thinkingFrom: live.thinkingFrom ?? at };
    case 'text-delta': {
      const thinkingMs = live.thinkingMs ?? (live.thinkingFrom === null ? null : at - live.thinkingFrom);
      const deltas = event.seq - (event.fromSeq ?? event.seq) + 1;
      return {
        ...next,
        stage: 'writing',
        text: live.text + event.text,
        thinkingMs,
        firstTextAt: live.firstTextAt ?? at,
        textDeltas: live.textDeltas + deltas,
      };
    }
  }
}
