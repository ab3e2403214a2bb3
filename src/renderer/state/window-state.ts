/** @file What the window knows: one value, changed only by the pure functions beside this file. */
import type { CharacterSummary } from '../../shared/character.ts';
import type { LibraryEntry } from '../../shared/characters.ts';
import type { Conversation, Message } from '../../shared/conversation.ts';
import type { DoorStatus } from '../../shared/door.ts';
import type { LiveTurn } from '../../shared/events.ts';
import type { WireFault } from '../../shared/faults.ts';
import type { ModelsState, Pull } from '../../shared/models.ts';
import type { Licence, RuntimeStatus } from '../../shared/runtime.ts';
import type { Locked, Settings } from '../../shared/settings.ts';
import type { ModelStatus } from '../../shared/status.ts';
import type { ConnectionState } from '../client.ts';
import { firstShelf, type MemoryShelf } from './memory-shelf.ts';

/** A reply while it is written. Times are ms since 1970 by the window's own clock. */
export type LiveReply = {
  turnId: string;
  /** The last number taken in; the next event continues it. */
  seq: number;
  userMessageId: string;
  replyId: string;
  stage: LiveTurn['stage'];
  text: string;
  thinking: string;
  /** Which version of the reply this will be; 1 where it is the first. */
  version: number;
  acceptedAt: number;
  firstTextAt: number | null;
  thinkingFrom: number | null;
  thinkingMs: number | null;
  /** Deltas since the first text: about one a token. */
  textDeltas: number;
};

/** One conversation as it is shown. */
export type Thread = {
  conversation: Conversation;
  /** The active path, oldest first, from the newest page up to what was loaded. */
  messages: readonly Message[];
  /** Cursor of the page above; null where nothing is above. */
  before: string | null;
  live: LiveReply | null;
  /** Turns that wait behind the live one, said in whichever window. */
  waiting: readonly { turnId: string; text: string }[];
  /** The newest message below the end of the path, which is another branch; null where nothing is. */
  onward: string | null;
  /** A step was missed: nothing more is taken in until the conversation was attached again. */
  stale: boolean;
  /** How long replies of this sitting thought, by message id, in ms. */
  thinkingMs: Readonly<Record<string, number>>;
};

/** A message of the person that is not known to be on disk yet. */
export type Outgoing = {
  turnId: string;
  /** Null while its conversation is being made. */
  conversationId: string | null;
  text: string;
  sentAt: number;
  /** The message that these are other words for. */
  edits?: string;
  fault?: WireFault;
};

/** A conversation that is not made yet: its first words can still be chosen. */
export type Opening = {
  characterId: string;
  /** The id that it will have. */
  conversationId: string;
  /** The ways in which it may begin; null until they were told. */
  greetings: readonly string[] | null;
  /** Which of them is on show. */
  shown: number;
};

export type Listing = { requestId: string; kind: 'newest' | 'more' | 'search'; query: string };

export type ConversationList = {
  /** Newest first; null until the first answer. */
  items: readonly Conversation[] | null;
  before: string | undefined;
  query: string;
  found: readonly Conversation[] | null;
  foundBefore: string | undefined;
  /** The list that was asked for last; answers to older questions are dropped. */
  asked: Listing | null;
};

export type WindowState = {
  connection: ConnectionState;
  /** Whether a session was ever open, so that "back" and "lost" mean something. */
  wasOpen: boolean;
  service: string;
  version: string;
  characters: readonly CharacterSummary[];
  /** The library, with what its page says of each; null until it was asked for. */
  companions: readonly LibraryEntry[] | null;
  /** Whom a new conversation is with; null is the first of the library. */
  companionId: string | null;
  model: ModelStatus | null;
  /** What there is of models; null until it was asked for. */
  models: ModelsState | null;
  /** Models on their way here. */
  pulls: readonly Pull[];
  /** What can be set, with its defaults and what the environment has fixed; null until it was asked for. */
  told: { settings: Settings; defaults: Settings; locked: Locked } | null;
  /** Ollama itself: what is installed, what comes, what runs; null until it was asked for. */
  runtime: RuntimeStatus | null;
  /** Of what would be installed. */
  licences: readonly Licence[];
  list: ConversationList;
  /** The conversation on show; null is the empty page where a new one begins. */
  openId: string | null;
  thread: Thread | null;
  /** What the empty page begins; null before it was looked at. */
  opening: Opening | null;
  outgoing: readonly Outgoing[];
  /** A fault of the disk, on show until it is put away. */
  trouble: WireFault | null;
  /** The door for other programs, once it was asked for. */
  door: DoorStatus | null;
  memory: MemoryShelf;
};

export const firstState: WindowState = {
  connection: 'connecting',
  wasOpen: false,
  service: '',
  version: '',
  characters: [],
  companions: null,
  companionId: null,
  model: null,
  models: null,
  pulls: [],
  told: null,
  runtime: null,
  licences: [],
  list: { items: null, before: undefined, query: '', found: null, foundBefore: undefined, asked: null },
  openId: null,
  thread: null,
  opening: null,
  outgoing: [],
  trouble: null,
  door: null,
  memory: firstShelf,
};

/** Where a conversation's companion is in no library any more, or was never in this one. */
const stranger = (id: string): CharacterSummary => ({ id, name: id, accent: { hue: 352, chroma: 0.02 }, firstMessage: '' });
const strangers = new Map<string, CharacterSummary>();

/** The same object for the same id, so that nothing is drawn anew for it. */
function strangerOf(id: string): CharacterSummary {
  const known = strangers.get(id) ?? stranger(id);
  strangers.set(id, known);
  return known;
}

/** The companion of the open conversation, else the one that a new one would be with. */
export function companionOf(
  state: Pick<WindowState, 'characters' | 'thread' | 'companionId' | 'openId' | 'list'>,
): CharacterSummary | undefined {
  const opening = state.openId === null ? undefined : state.list.items?.find(({ id }) => id === state.openId)?.characterId;
  const spoken = state.thread?.conversation.characterId ?? opening;
  const id = spoken ?? state.companionId;
  const found = state.characters.find((character) => character.id === id);
  if (found || state.characters.length === 0) return found;
  return spoken === undefined ? state.characters[0] : strangerOf(spoken);
}
