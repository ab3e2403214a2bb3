/** @file Conversations for pictures and measurements: the same words and times in every run. */
import { readMood } from '../../../src/main/engine/mood/mood.ts';
import type { Store } from '../../../src/main/engine/ports.ts';
import type { Report } from '../../../src/shared/conversation.ts';
import type { WireFault } from '../../../src/shared/faults.ts';

export type SeedTurn = {
  user: string;
  reply: string;
  thinking?: string;
  at: number;
  status?: 'complete' | 'stopped' | 'failed';
  fault?: WireFault;
  thinkingMs?: number;
  finish?: 'stop' | 'length';
  trimmedTo?: string;
  usedTokens?: number;
};

const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

function reportFor(turn: SeedTurn, oldest: string): Report {
  const mood = readMood(turn.user);
  const direction = mood.compound > 0.5 ? 'warm' : mood.compound < -0.3 ? 'low' : 'steady';
  const temperature = { low: 0.57, steady: 0.7, warm: 0.75 }[direction];
  const reasons = { low: 'Quieter than usual.', steady: 'As configured.', warm: 'A little livelier than usual.' };
  const replyTokens = Math.ceil(turn.reply.length / 4);
  return {
    model: 'deepseek-r1-distill-llama:8b',
    engine: 'ollama',
    mood,
    tone: { direction, temperature, topP: 0.9, reason: reasons[direction] },
    contextTokens: 8_192,
    replyReserve: 2_048,
    sections: [],
    historyTrimmed: turn.trimmedTo !== undefined,
    oldestSentId: turn.trimmedTo ?? oldest,
    usage: { promptTokens: (turn.usedTokens ?? 5_020) - replyTokens, evaluatedTokens: 44, replyTokens },
    timings: { totalMs: 9_000, firstTokenMs: 1_100 + (turn.thinkingMs ?? 0), promptMs: 1_100, replyMs: (replyTokens / 24.6) * 1_000 },
    finish: turn.finish ?? 'stop',
    warnings: [],
  };
}

/** Writes turns below each other; returns the ids of the person's messages. */
export function seedTurns(store: Store, conversationId: string, turns: readonly SeedTurn[]): string[] {
  return turns.map((turn, index) => {
    const turnId = `${conversationId}-turn-${index}`;
    const userId = `${conversationId}-user-${index}`;
    const { at, status = 'complete', thinking = '', fault } = turn;
    store.acceptTurn({
      turnId,
      conversationId,
      replyId: `${conversationId}-reply-${index}`,
      startedAt: at,
      user: { id: userId, text: turn.user, mood: readMood(turn.user) },
    });
    const report = reportFor(turn, `${conversationId}-user-0`);
    store.finishTurn({ turnId, status, text: turn.reply, thinking, report, fault, endedAt: at + 9_000 });
    return userId;
  });
}

/** Answers a message once more: one further version. */
export function seedVersion(store: Store, conversationId: string, existingId: string, turn: SeedTurn & { name: string }): void {
  const turnId = `${conversationId}-${turn.name}`;
  const { at, thinking = '', fault } = turn;
  store.acceptTurn({ turnId, conversationId, replyId: `${turnId}-reply`, startedAt: at, user: { existingId } });
  const report = reportFor(turn, existingId);
  store.finishTurn({ turnId, status: turn.status ?? 'complete', text: turn.reply, thinking, report, fault, endedAt: at + 9_000 });
}

export function seedConversation(store: Store, id: string, title: string, at: number, greeting?: string): void {
  const conversation = { id, userId: 'default', characterId: 'default', title, titled: true, createdAt: at, updatedAt: at };
  store.createConversation(conversation, greeting ? { id: `${id}-greeting`, text: greeting } : undefined);
}

const older: readonly [string, number][] = [
  ['What to cook on Sunday', 12 * 60 * MINUTE],
  ['A letter I keep not sending', DAY],
  ['Balcony in November', 1.4 * DAY],
  ['Reading Sebald slowly', 3 * DAY],
  ['The job question', 4 * DAY],
  ['Names for the boat', 5 * DAY],
  ['Rain, and nothing else', 6 * DAY],
  ['First evening, with a title that is rather longer than the list is wide', 27 * DAY],
];

/** The list of the pictures: a few weeks of talking. `now` is when the pictures are made, at night. */
export function seedShelf(store: Store, now: number): void {
  for (const [index, [title, ago]] of older.entries()) {
    const id = `shelf-${index}`;
    seedConversation(store, id, title, now - ago);
    seedTurns(store, id, [{ user: 'Are you there?', reply: 'I am.', at: now - ago }]);
  }
}
