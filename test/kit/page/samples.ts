/** @file Conversations, messages and events for the page's unit tests, with as little as each needs said. */
import type { Conversation, Message } from '../../../src/shared/conversation.ts';
import type { ClientEvent, TurnEvent } from '../../../src/shared/events.ts';
import type { WireFault } from '../../../src/shared/faults.ts';

export const sampleConversation = (change: Partial<Conversation> = {}): Conversation => ({
  id: 'c1',
  userId: 'default',
  characterId: 'default',
  title: 'Rain',
  titled: true,
  createdAt: 1,
  updatedAt: 1,
  ...change,
});

export const sampleMessage = (change: Partial<Message> & Pick<Message, 'id' | 'role'>): Message => ({
  conversationId: 'c1',
  parentId: null,
  turnId: null,
  text: '',
  thinking: '',
  status: 'complete',
  createdAt: 1,
  sibling: { position: 1, count: 1, previousId: null, nextId: null },
  ...change,
});

/** A conversation's path: a greeting, then (user, reply) pairs u1 r1 u2 r2 … below each other. */
export function samplePath(turns: number): Message[] {
  const path = [sampleMessage({ id: 'g', role: 'assistant', text: 'Hello.' })];
  for (let turn = 1; turn <= turns; turn++) {
    const above = path.at(-1)?.id ?? null;
    path.push(sampleMessage({ id: `u${turn}`, role: 'user', parentId: above, turnId: `t${turn}`, text: `Question ${turn}` }));
    path.push(sampleMessage({ id: `r${turn}`, role: 'assistant', parentId: `u${turn}`, turnId: `t${turn}`, text: `Answer ${turn}` }));
  }
  return path;
}

type Attached = Extract<ClientEvent, { type: 'conversation-attached' }>;
export const attached = (change: Partial<Attached> = {}): Attached => ({
  type: 'conversation-attached',
  requestId: 'q',
  conversation: sampleConversation(),
  messages: samplePath(1),
  before: null,
  waiting: [],
  ...change,
});

/** The events of one turn, numbered in order from 0. */
export function sampleTurn(turnId: string, user: Message, texts: readonly string[]): TurnEvent[] {
  const at = { conversationId: 'c1', turnId };
  const replyId = `reply-of-${turnId}`;
  const message = sampleMessage({ id: replyId, role: 'assistant', parentId: user.id, turnId, text: texts.join('') });
  const deltas = texts.map((text, index): TurnEvent => ({ type: 'text-delta', ...at, seq: index + 1, text }));
  return [
    { type: 'turn-accepted', ...at, seq: 0, userMessage: user, replyId, startedAt: 1 },
    ...deltas,
    { type: 'turn-ended', ...at, seq: texts.length + 1, status: 'complete', message },
  ];
}

export const sampleFault = (change: Partial<WireFault> = {}): WireFault => ({
  code: 'store-full',
  message: 'The disk is full; your words are kept here, so make room and send them again.',
  retryable: true,
  ...change,
});
