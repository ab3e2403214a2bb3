/** @file Everything the engine needs of the world outside it; each port has an embedded default. */
import type { Character, CharacterSummary, ThinkingChoice } from '../../shared/character.ts';
import type { Conversation, Message, Origin, Report } from '../../shared/conversation.ts';
import type { WireFault } from '../../shared/faults.ts';
import type { Mood, ToneCurve } from '../../shared/mood.ts';
import type { Dependency, ModelStatus } from '../../shared/status.ts';
import type { ModelDescription, ModelShelf, PullProgress } from './models/shelf.ts';
import type { Anchor, PromptText, StoredSummary } from './stored-prompt.ts';

/** Time in milliseconds since 1970, and timers that can be taken back. */
export type Clock = {
  now(): number;
  /** A moment as the person's own clock and calendar say it: "Monday, 23 November 2026, 18:20". */
  words(at: number): string;
  after(ms: number, action: () => void): () => void;
  /** Within a few milliseconds, when all that follows from what runs now without waiting is over. */
  soon(action: () => void): void;
};

/** `next`: new ids that match `idSchema`; later ones sort after earlier ones. `ofText`: the SHA-256 of a text's UTF-8, 64 hexadecimal digits. */
export type Ids = { next(): string; ofText(text: string): string };

/** Structured log lines; fields never hold message text, replies, thoughts or tokens of access. */
export type Log = {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
};

export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** A JSON schema, as plain data. */
export type JsonSchema = { [key: string]: unknown };

/** One request for a reply. The runner options are the same in every request, so that nothing is loaded anew. */
export type ModelRequest = {
  model: string;
  messages: ModelMessage[];
  temperature: number;
  topP: number;
  contextTokens: number;
  replyTokens: number;
  seed?: number;
  /** Asks for native thoughts, where the model has them; left out where it has none. */
  think?: boolean;
  /** The reply is JSON of this shape, and nothing else. */
  format?: JsonSchema;
};

export type ModelUsage = {
  promptTokens: number;
  /** Prompt tokens read anew, where the server tells. */
  evaluatedTokens?: number;
  replyTokens: number;
  loadMs?: number;
  promptMs?: number;
  replyMs?: number;
};

/** What a model says while it answers. `text` is never empty; `done` comes last and exactly once, unless a Fault is thrown. */
export type ModelChunk =
  /** waiting: the server is busy with another reply. */
  | { type: 'stage'; stage: 'waiting' | 'loading' | 'reading' }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  | { type: 'done'; finish: 'stop' | 'length'; usage: ModelUsage };

/** A model server, whatever it is. Every method that takes a signal ends at once when it fires. Throws only Faults. */
export type Model = {
  /** The state now, for the window and /health; cheap, never waits. */
  status(): ModelStatus;
  /** Hears every change of the state; returns the function that stops hearing. */
  onStatus(listener: (status: ModelStatus) => void): () => void;
  /** How long the server took when it was last looked at, where it is one that is looked at. */
  latencyMs?(): number | undefined;
  /** Name of the model that answers where a request names none. */
  defaultModel(): string;
  describe(model: string, signal: AbortSignal): Promise<ModelDescription>;
  /** Loads the model so that the first reply does not have to wait for it. */
  preload(model: string, contextTokens: number, signal: AbortSignal): Promise<void>;
  chat(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk>;
  pull(model: string, signal: AbortSignal): AsyncIterable<PullProgress>;
  list(signal: AbortSignal): Promise<ModelDescription[]>;
  remove(model: string, signal: AbortSignal): Promise<void>;
  /** Tries again after a failure that waits for a person. */
  retry(): void;
  /** From now on this one answers where a request names none, as long as it is there; undefined goes back to what was configured. Absent where there is one only. */
  prefer?(model: string | undefined): void;
  /** What it keeps; absent where there is nothing to look after. */
  shelf?: ModelShelf | undefined;
  close(): Promise<void>;
};

/** A turn as it is first committed. Committing the same turn id again changes nothing and answers what is there. */
export type TurnStart = {
  turnId: string;
  conversationId: string;
  replyId: string;
  startedAt: number;
  /** A new message of the person, below the end of the path where no parent is named, or the existing one that is answered once more. */
  user: { id: string; text: string; mood: Mood; parentId?: string | null } | { existingId: string };
  /** Where the reply is no plain answer: how it came to be, and what it begins with. */
  reply?: ReplyStart;
};

export type ReplyStart = { origin: Origin; text: string; thinking: string };

/** `settled` resolves when the disk has the turn; rejects with a Fault where it failed, and then nothing counts as taken. */
export type AcceptedTurn = { known: boolean; userMessage: Message; reply: Message; settled: Promise<void> };

export type TurnEnd = {
  turnId: string;
  status: 'complete' | 'stopped' | 'failed';
  text: string;
  thinking: string;
  report: Report | undefined;
  /** What the report's `sent` names by hash; kept once a conversation. */
  promptTexts?: readonly PromptText[];
  fault: WireFault | undefined;
  endedAt: number;
};

/** One message of the path as the prompt needs it: with the context block it was sent with. */
export type HistoryMessage = { id: string; role: 'user' | 'assistant'; text: string; context: string };

/** What lies above a message. */
export type Surroundings = {
  /** How the person's messages sound, newest first. */
  moods: Mood[];
  /** Where the prompt began that the reply just above answered. */
  anchor: Anchor | undefined;
};

/** What is handed to subscribers outside, written in the turn's own transaction. */
export type OutboxRow = { id: number; conversationId: string; turnId: string; payload: string };

/**
 * Conversations on disk. Synchronous on purpose: a commit costs 0.2 ms, and a snapshot together with the live turn is
 * then one step that nothing can come between. What returns is on disk (WAL, synchronous FULL), but for an accepted turn, which
 * says when it is, and for what can be made anew: the context block, what was learnt, values that are set `soon`. Throws only Faults.
 */
export type Store = {
  createConversation(conversation: Conversation, greeting: { id: string; text: string } | undefined): void;
  conversation(id: string): Conversation | undefined;
  /** The latest conversation of the pair, if there is one. */
  latestConversation(userId: string, characterId: string): Conversation | undefined;
  /** Newest first; `before` is the cursor of an earlier answer. */
  listConversations(options: { query?: string; before?: string }): { conversations: Conversation[]; before: string | undefined };
  /** How often and when last each character was talked with. */
  talks(userId: string): { characterId: string; conversations: number; lastTalkedAt: number }[];
  /** With this character, whoever talked with it; hidden ones are left out. */
  conversationsWith(characterId: string): string[];
  renameConversation(id: string, title: string, titled: boolean, at: number): Conversation;
  /** Undefined leaves it to the companion's or the default. */
  setConversationModel(id: string, model: string | undefined): Conversation;
  /** Hides it; it can be restored until its removal begins. */
  deleteConversation(id: string, at: number): void;
  restoreConversation(id: string): Conversation;
  /** Whether anything is learnt from it, and its words are recalled outside of it; it is, until somebody says otherwise. */
  isRemembered(id: string): boolean;
  setRemembered(id: string, remembered: boolean): void;
  /** Removes conversations that were deleted up to the given time, bit by bit; returns how many. The signal ends it: the rest is for the next call. */
  purgeDeleted(before: number, signal?: AbortSignal): Promise<number>;

  /** The newest `limit` messages of the active path that lie above `before`, oldest first. */
  page(conversationId: string, limit: number, before?: string): { messages: Message[]; before: string | null };
  message(id: string): Message | undefined;
  /** The path from the root down to and with the message, newest last, until `enough` says so (it sees the newest first). */
  history(messageId: string, enough: (message: HistoryMessage) => boolean): HistoryMessage[];
  /** What lies above a message that stands below this one, null at the very start; read in one step. */
  surroundings(parentId: string | null, moods: number): Surroundings;
  /** The message at the end of the active path; null where nothing has been said. */
  pathEnd(conversationId: string): string | null;
  /** Makes the branch that holds this message the active one; its newest descendant becomes the end of the path. */
  chooseMessage(conversationId: string, messageId: string): void;

  /** The path ends here from now on, at the very start where null; what lies below is kept. */
  endPathAt(conversationId: string, messageId: string | null): void;
  /** The newest message below the end of the path, where something is there. */
  onward(conversationId: string): string | undefined;
  /** A version of a message with the person's own words, beside it and without anything below; it becomes the end of the path. */
  addVersion(version: { id: string; conversationId: string; besideId: string; text: string; at: number }): Message;
  setNote(conversationId: string, note: string, at: number): Conversation;

  /** Writes the person's message and the empty reply, and makes them the end of the active path; on disk once `settled`. */
  acceptTurn(start: TurnStart): AcceptedTurn;
  /** Whether a turn of that id was taken before. */
  hasTurn(turnId: string): boolean;
  /** Of this conversation, newest first. */
  summaries(conversationId: string): StoredSummary[];
  addSummary(conversationId: string, summary: StoredSummary, at: number): void;
  /** How many replies the path down to this message has, and the text it begins with; walks all of it. */
  pathFacts(messageId: string): { replies: number; firstText: string };
  /** The block that was put above the person's words, kept so that it is sent again as it was. */
  setContext(userMessageId: string, context: string): void;
  /** Adds what has come since the last time. */
  appendReply(turnId: string, text: string, thinking: string): void;
  /** Puts this in place of everything that was added. */
  rewriteReply(turnId: string, text: string, thinking: string): void;
  /** Writes the whole reply, its report, the texts that it names and the outbox row in one transaction. */
  finishTurn(end: TurnEnd): Message;
  /** Resolves when the disk has all that was written before; rejects with a Fault where it failed. */
  settled(): Promise<void>;
  /** A text that a report of this conversation names; undefined where it is gone. */
  promptText(conversationId: string, hash: string): string | undefined;

  outbox(limit: number): OutboxRow[];
  removeFromOutbox(ids: number[]): void;
  /** Small values of the program's own; `soon` for what can be made anew, such as token calibration. */
  value(key: string): string | undefined;
  setValue(key: string, value: string, when?: 'now' | 'soon'): void;
  close(): void;
};

export type FoundCharacter = { character: Character; warnings: string[] };

/** Throws Fault('character-not-found') where there is none. */
export type Characters = {
  find(id: string, signal: AbortSignal): Promise<FoundCharacter>;
  list(): CharacterSummary[];
};

/** Hands a finished turn to subscribers outside; rejects with Fault('publish-failed') where it was not taken. */
export type Publisher = {
  publish(payload: string): Promise<void>;
  /** Hears each time that publishing may succeed again. */
  onReady(listener: () => void): () => void;
  status(): Dependency;
  close(): Promise<void>;
};

/** What the person configured for replies. */
export type Generation = {
  temperature: number;
  topP: number;
  maxTokens: number;
  /** NUM_CTX, where it is set. */
  contextTokens: number | undefined;
  /** Whether mood moves the sampling numbers. */
  tone: boolean;
  /** Where mood moves them, and how far; the defaults where absent. */
  curve?: ToneCurve;
  /** How companions think where they choose nothing themselves; absent leaves it to the model. */
  thinking?: ThinkingChoice;
  /** A longer thought is ended; the program's own number where absent. */
  thoughtTokens?: number;
};
