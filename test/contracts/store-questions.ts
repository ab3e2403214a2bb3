/** @file Short ways to put rows into a store, with every id made from one number. */
import type { AcceptedTurn, Store, TurnEnd } from '../../src/main/engine/ports.ts';
import type { Conversation, Message, Report } from '../../src/shared/conversation.ts';
import { Fault, type FaultCode } from '../../src/shared/faults.ts';

export type Under = () => Store;

export const mood = { compound: 0.4561, positive: 0.427, negative: 0, neutral: 0.573 };

export const report: Report = {
  model: 'starter',
  engine: 'scripted',
  mood,
  tone: { direction: 'steady', temperature: 0.7, topP: 0.9, reason: 'nothing moved it' },
  contextTokens: 8_192,
  replyReserve: 512,
  sections: [{ name: 'mandate', tokens: 40 }],
  historyTrimmed: false,
  oldestSentId: 'user-1',
  usage: { promptTokens: 50, replyTokens: 5 },
  timings: { firstTokenMs: 50, totalMs: 90 },
  finish: 'stop',
  warnings: [],
};

export function conversation(id: string, changes: Partial<Conversation> = {}): Conversation {
  return { id, userId: 'user', characterId: 'sarah', title: '', titled: false, createdAt: 0, updatedAt: 0, ...changes };
}

/** The person says something: turn-N, user-N and reply-N, at the time N. */
export function say(store: Store, conversationId: string, at: number, text: string): AcceptedTurn {
  return store.acceptTurn({
    turnId: `turn-${at}`,
    conversationId,
    replyId: `reply-${at}`,
    startedAt: at,
    user: { id: `user-${at}`, text, mood },
  });
}

/** The reply of turn-N ends, complete where nothing else is said. */
export function speak(store: Store, at: number, end: Partial<TurnEnd>): Message {
  return store.finishTurn({
    turnId: `turn-${at}`,
    status: 'complete',
    text: '',
    thinking: '',
    report,
    fault: undefined,
    endedAt: 1_000 + at,
    ...end,
  });
}

/** The code of the fault that an action throws. */
export function codeOf(action: () => unknown): FaultCode | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}
