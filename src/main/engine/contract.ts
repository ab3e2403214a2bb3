/** @file What the doors may ask of the engine. */
import type { CharacterSummary } from '../../shared/character.ts';
import type { AnswerWish, Conversation, Message } from '../../shared/conversation.ts';
import type { ClientEvent, LiveTurn, TurnEvent } from '../../shared/events.ts';
import type { Explanation } from '../../shared/inspection.ts';
import type { Mood } from '../../shared/mood.ts';
import type { ModelStatus } from '../../shared/status.ts';
import type { Library } from './cards/library-port.ts';
import type { CompanionDeleting } from './deleting.ts';
import type { DoorPort } from './door.ts';
import type { EngineMemories } from './memory/house-memory.ts';
import type { Models } from './models/models.ts';
import type { Runtime } from './runtime.ts';
import type { SettingsPort } from './settings.ts';
import type { Steering } from './steering.ts';

export type Snapshot = {
  conversation: Conversation;
  messages: Message[];
  before: string | null;
  live: LiveTurn | undefined;
  waiting: { turnId: string; text: string }[];
  onward: string | undefined;
};

/** What concerns every client, whichever conversation it looks at. */
export type HouseEvent = Extract<
  ClientEvent,
  {
    type:
      | 'model-changed'
      | 'runtime-changed'
      | 'models-changed'
      | 'pulls-changed'
      | 'settings-changed'
      | 'door-changed'
      | 'characters-changed'
      | 'conversation-changed'
      | 'conversation-deleted'
      | 'conversation-rerouted'
      | 'memory-changed'
      | 'memory-forgotten'
      | 'memory-kept'
      | 'memory-gone'
      | 'memories-changed';
  }
>;

/** The snapshot and everything that comes after it, without a gap; `detach` stops hearing and nothing else. */
export type Attachment = { snapshot: Snapshot; detach(): void };

/** A question to a character that leaves no trace: its history is the asker's own, and nothing of it is kept. */
export type Question = {
  characterId: string;
  /** Whose memories may be read; undefined reads none. */
  userId: string | undefined;
  /** The asker's words about the character: data below the mandate, like a card's. */
  system: string;
  /** Oldest first; the last one is the person's. */
  messages: { role: 'user' | 'assistant'; text: string }[];
  /** Undefined takes what a turn would take. */
  temperature: number | undefined;
  topP: number | undefined;
  /** The longest reply; never longer than MAX_TOKENS. */
  maxTokens: number | undefined;
  /** The reply ends before the first of these. */
  stop: readonly string[];
};

/** Never a thought. `withdrawn`: the text so far turned out to be one. `done` comes last and once. */
export type AnswerStep =
  | { type: 'text'; text: string }
  | { type: 'withdrawn' }
  | { type: 'done'; finish: 'stop' | 'length'; usage: { promptTokens: number; replyTokens: number } };

/** Every method throws or rejects with Faults only. */
export type Engine = {
  characters(): CharacterSummary[];
  modelStatus(): ModelStatus;
  /** Tries the model again after a failure that waits for a person. */
  retryModel(): void;
  /** The person's companions. */
  library: Omit<Library, 'find' | 'list' | 'onChange' | 'close' | 'remove' | 'restore'> & CompanionDeleting;
  /** Ollama itself on this machine. */
  runtime: Omit<Runtime, 'onStatus' | 'close'>;
  /** What the person has set. */
  settings: Omit<SettingsPort, 'onChange'>;
  /** The door for other programs. */
  door: Omit<DoorPort, 'onStatus' | 'forgetWords'>;
  /** The models of this machine. */
  models: Omit<Models, 'onState' | 'onPulls' | 'modelFor' | 'contextOf' | 'noteUse' | 'installedName' | 'close'>;
  /** Undefined goes back to the companion's or the default; rejects a model that is not here. */
  chooseModel(conversationId: string, model: string | undefined): Conversation;
  /** What is remembered; everything that changes is heard as a house event. */
  memories: EngineMemories;
  /** The reference VADER score of a text as it stands. */
  score(text: string): Mood;

  /**
   * Begins with the greeting of this number, the first where there is none of it; undefined is without one. With an id that the
   * pair's conversation has already, it is that one, and nothing is made.
   */
  createConversation(options: { userId: string; characterId: string; greeting?: number; conversationId?: string }): Promise<Conversation>;
  /** How a conversation of this id may begin, word for word as it will be stored. */
  greetings(characterId: string, conversationId: string): Promise<string[]>;
  /** The latest conversation of the pair; made, without a greeting, where there is none. */
  conversationOf(userId: string, characterId: string): Promise<Conversation>;
  conversation(id: string): Conversation;
  listConversations(options: { query?: string; before?: string }): { conversations: Conversation[]; before: string | undefined };
  renameConversation(id: string, title: string): Conversation;
  /** Hides it and stops its turns; it can be restored until the time that is answered (ms since 1970). What was learnt in it alone is kept, or goes and comes back with it. */
  deleteConversation(id: string, memories?: 'keep' | 'forget'): number;
  restoreConversation(id: string): Conversation;
  /** What a reply was made of; throws Fault('not-found') where the message has no report. */
  explainReply(messageId: string): Explanation;
  loadMessages(conversationId: string, before: string): { messages: Message[]; before: string | null };
  chooseMessage(conversationId: string, messageId: string): void;

  attach(conversationId: string, listener: (event: TurnEvent) => void): Attachment;
  /** What comes from now on, without a snapshot; returns the function that stops hearing. */
  follow(conversationId: string, listener: (event: TurnEvent) => void): () => void;
  /** How many listeners a conversation has now. */
  listeners(conversationId: string): number;
  onHouseEvent(listener: (event: HouseEvent) => void): () => void;

  /**
   * Queues a turn; listeners hear `turn-accepted` when it is on disk. A known turn id is the same turn and starts nothing.
   * `isNew`: the id was made just now, and nobody can have sent it before.
   */
  startTurn(turn: { turnId: string; conversationId: string; text: string; isNew?: boolean }): void;
  /** Answers a message once more; the new reply is a sibling of the old ones. */
  retryTurn(turn: { turnId: string; conversationId: string; userMessageId: string; wish?: AnswerWish }): void;
  steering: Steering;
  /** Stops a running or waiting turn; what was written is kept. */
  stopTurn(turnId: string): void;
  /** Answers without a conversation: nothing is stored, published or learnt. Ends with a fault when the signal fires. */
  answer(question: Question, signal: AbortSignal): AsyncIterable<AnswerStep>;
  /** Stops every turn, waits until each is on disk, takes nothing new. */
  close(): Promise<void>;
};
