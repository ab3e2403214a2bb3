/** @file An engine whose turns are played by hand, so that a test decides what a door hears and when. */

import { randomUUID } from 'node:crypto';
import { createIds } from '../../src/main/adapters/log/system-clock.ts';
import { createNoLibrary } from '../../src/main/engine/cards/no-library.ts';
import type { AnswerStep, Engine, HouseEvent, Question } from '../../src/main/engine/contract.ts';
import { scoreText } from '../../src/main/engine/mood/vader.ts';
import { createNoDoor } from '../../src/main/engine/no-door.ts';
import { createNoRuntime } from '../../src/main/engine/no-runtime.ts';
import type { Characters } from '../../src/main/engine/ports.ts';
import type { Conversation, Message, Report } from '../../src/shared/conversation.ts';
import type { TurnEvent } from '../../src/shared/events.ts';
import { Fault, type WireFault } from '../../src/shared/faults.ts';
import type { ModelStatus } from '../../src/shared/status.ts';

import { createFakeClock } from './fake-clock.ts';

import { createFakeMemories } from './fake-memories.ts';
import { createFakeModels } from './fake-models.ts';
import { createFixedSettings } from './fixed-settings.ts';

export type PlayedTurn = {
  turnId: string;
  conversationId: string;
  text: string;
  stopped: boolean;
  accept(): void;
  think(text: string): void;
  say(text: string): void;
  end(status?: 'complete' | 'stopped'): void;
  fail(fault: WireFault): void;
};

export type FakeEngine = Engine & {
  turns: PlayedTurn[];
  /** Resolves with the turn of this number, counted from 0, when it has been started. */
  turn(number: number): Promise<PlayedTurn>;
  /** Plays every later turn at once; a stopped one ends by itself. */
  play: ((turn: PlayedTurn) => void) | undefined;
  /** What was asked without a conversation, and what is answered: "Yes." unless a test says otherwise. */
  questions: Question[];
  answers: ((question: Question, signal: AbortSignal) => AsyncIterable<AnswerStep>) | undefined;
  /** Makes the method throw. */
  refuse: { conversationOf?: unknown; startTurn?: unknown };
  /** How often anything was asked that changes something or reads what is not public. */
  reached: { count: number };
  tellHouse(event: HouseEvent): void;
};

const noCharacters: Characters = { find: () => Promise.reject(new Error('Played by hand.')), list: () => [] };

const status: ModelStatus = { state: 'ready', engine: 'scripted', model: 'fake', label: 'Fake', reason: 'Played by hand.', starter: false };

export const sampleReport: Report = {
  model: 'fake',
  engine: 'scripted',
  mood: { compound: 0, positive: 0, negative: 0, neutral: 1 },
  tone: { direction: 'warm', temperature: 0.85, topP: 0.95, reason: 'The message sounds glad.' },
  contextTokens: 4096,
  replyReserve: 1024,
  sections: [],
  historyTrimmed: false,
  oldestSentId: 'first-message',
  usage: { promptTokens: 12, evaluatedTokens: 5, replyTokens: 3 },
  timings: { totalMs: 1 },
  finish: 'stop',
  warnings: ['The character manager did not answer.'],
};

function messageOf(turn: { turnId: string; conversationId: string }, role: Message['role'], text: string): Message {
  const { turnId, conversationId } = turn;
  const sibling = { position: 1, count: 1, previousId: null, nextId: null };
  return { id: randomUUID(), conversationId, parentId: null, turnId, role, text, thinking: '', status: 'complete', createdAt: 0, sibling };
}

async function* sayYes(): AsyncGenerator<AnswerStep> {
  yield { type: 'text', text: 'Yes.' };
  yield { type: 'done', finish: 'stop', usage: { promptTokens: 12, replyTokens: 3 } };
}

type Emit = (event: TurnEvent) => void;

/** Seals the order of a turn's events; `seq` counts them. */
function playTurn(turn: { turnId: string; conversationId: string; text: string }, emit: Emit, ended: () => void): PlayedTurn {
  let seq = 0;
  let said = '';
  const place = () => ({ turnId: turn.turnId, conversationId: turn.conversationId, seq: seq++ });
  const finish = (outcome: { status: 'complete' | 'stopped' | 'failed'; fault?: WireFault }) => {
    ended();
    emit({ type: 'turn-ended', ...place(), ...outcome, message: { ...messageOf(turn, 'assistant', said), report: sampleReport } });
  };
  return {
    ...turn,
    stopped: false,
    accept: () =>
      emit({ type: 'turn-accepted', ...place(), userMessage: messageOf(turn, 'user', turn.text), replyId: randomUUID(), startedAt: 0 }),
    think: (text) => emit({ type: 'thinking-delta', ...place(), text }),
    say: (text) => {
      said += text;
      emit({ type: 'text-delta', ...place(), text });
    },
    end: (outcome = 'complete') => finish({ status: outcome }),
    fail: (fault) => finish({ status: 'failed', fault }),
  };
}

export function createFakeEngine(): FakeEngine {
  const conversations = new Map<string, Conversation>();
  const hearers = new Map<string, Set<(event: TurnEvent) => void>>();
  const houseHearers = new Set<(event: HouseEvent) => void>();
  const turns: PlayedTurn[] = [];
  const running = new Set<string>();
  const waiters: { number: number; tell: (turn: PlayedTurn) => void }[] = [];
  const reached = { count: 0 };
  const reach = () => {
    reached.count += 1;
  };
  const missing = () => new Fault('conversation-not-found', 'This conversation is not here; nothing was changed.');

  const conversation = (id: string): Conversation => {
    reach();
    const found = conversations.get(id);
    if (!found) throw missing();
    return found;
  };
  const create = (userId: string, characterId: string): Conversation => {
    const made = { id: randomUUID(), userId, characterId, title: '', titled: false, createdAt: 0, updatedAt: 0 };
    conversations.set(made.id, made);
    return made;
  };
  const emitTo = (conversationId: string) => (event: TurnEvent) => {
    for (const hear of hearers.get(conversationId) ?? []) hear(event);
  };
  const throwIf = (refusal: unknown) => {
    if (refusal !== undefined) throw refusal;
  };

  const engine: FakeEngine = {
    turns,
    reached,
    questions: [],
    answers: undefined,
    refuse: {},
    play: undefined,
    turn: (number) => {
      const there = turns[number];
      return there ? Promise.resolve(there) : new Promise((tell) => waiters.push({ number, tell }));
    },
    tellHouse: (event) => {
      for (const hear of houseHearers) hear(event);
    },
    characters: () => [{ id: 'default', name: 'Sarah', accent: { hue: 352, chroma: 0.135 }, firstMessage: 'Hello.' }],
    modelStatus: () => status,
    retryModel: reach,
    runtime: createNoRuntime('Played by hand.'),
    models: createFakeModels(reach),
    chooseModel: (id, model) => {
      const { model: _, ...rest } = conversation(id);
      const chosen = model === undefined ? rest : { ...rest, model };
      conversations.set(id, chosen);
      return chosen;
    },
    library: createNoLibrary(noCharacters, { clock: createFakeClock(), ids: createIds() }),
    settings: createFixedSettings(),
    door: createNoDoor(),
    memories: createFakeMemories(reach),
    score: (text) => {
      reach();
      return scoreText(text);
    },
    greetings: async () => ['Hello.'],
    createConversation: async ({ userId, characterId }) => {
      reach();
      return create(userId, characterId);
    },
    conversationOf: async (userId, characterId) => {
      reach();
      throwIf(engine.refuse.conversationOf);
      return (
        [...conversations.values()].find((one) => one.userId === userId && one.characterId === characterId) ?? create(userId, characterId)
      );
    },
    conversation,
    listConversations: () => {
      reach();
      return { conversations: [...conversations.values()], before: undefined };
    },
    renameConversation: (id, title) => {
      const renamed = { ...conversation(id), title, titled: true };
      conversations.set(id, renamed);
      return renamed;
    },
    deleteConversation: (id) => {
      conversation(id);
      conversations.delete(id);
      return 0;
    },
    restoreConversation: conversation,
    explainReply: () => {
      reach();
      throw new Fault('not-found', 'Nothing is kept here about any reply.');
    },
    loadMessages: (id) => {
      conversation(id);
      return { messages: [], before: null };
    },
    chooseMessage: (id) => void conversation(id),
    attach: (id, listener) => {
      const snapshot = { conversation: conversation(id), messages: [], before: null, live: undefined, waiting: [], onward: undefined };
      const heard = hearers.get(id) ?? new Set();
      hearers.set(id, heard.add(listener));
      return { snapshot, detach: () => void heard.delete(listener) };
    },
    follow: (id, listener) => {
      conversation(id);
      const heard = hearers.get(id) ?? new Set();
      hearers.set(id, heard.add(listener));
      return () => void heard.delete(listener);
    },
    listeners: (id) => hearers.get(id)?.size ?? 0,
    onHouseEvent: (listener) => {
      houseHearers.add(listener);
      return () => houseHearers.delete(listener);
    },
    startTurn: (start) => {
      conversation(start.conversationId);
      throwIf(engine.refuse.startTurn);
      const turn = playTurn(start, emitTo(start.conversationId), () => running.delete(start.turnId));
      running.add(start.turnId);
      turns.push(turn);
      for (const waiter of waiters.filter(({ number }) => number < turns.length)) waiter.tell(turns[waiter.number] ?? turn);
      engine.play?.(turn);
    },
    retryTurn: ({ conversationId }) => void conversation(conversationId),
    steering: {
      continueReply: ({ conversationId }) => void conversation(conversationId),
      edit: ({ conversationId }) => void conversation(conversationId),
      branch: (conversationId) => void conversation(conversationId),
      setNote: conversation,
    },
    stopTurn: (turnId) => {
      reach();
      const turn = turns.find((one) => one.turnId === turnId);
      if (!turn || !running.has(turnId)) throw new Fault('turn-not-found', 'That reply is already finished; there was nothing to stop.');
      turn.stopped = true;
    },
    answer: (question, signal) => {
      reach();
      engine.questions.push(question);
      return engine.answers?.(question, signal) ?? sayYes();
    },
    close: async () => {},
  };
  return engine;
}
