/** @file What is remembered, in the person's hands: shown, written, changed, pinned, carried in and out. Forgetting has a file of its own. */
import { Fault } from '../../../shared/faults.ts';
import type { CarriedMemory, Memory, MemoryFilter, NoteKind } from '../../../shared/memories.ts';
import { CONFIDENCE, NOTE_CHARACTERS, PAGE_MEMORIES, SUMMARY_CHARACTERS } from '../../../shared/notes-limits.ts';
import type { HouseEvent } from '../contract.ts';
import type { MemoryIndex } from '../memory-port.ts';
import type { Clock, Ids, Log, Store } from '../ports.ts';
import { memoryItem } from './memory-item.ts';
import type { BroughtIn, NewNote, NoteStore, Pair, StoredMemory } from './note-store.ts';
import { contentStems } from './note-words.ts';
import { aboutWhat } from './rules.ts';
import { type KeptNote, sameAs, settleNote, settleRivals } from './settle-notes.ts';

export type MemoryPorts = {
  notes: NoteStore;
  store: Store;
  index: MemoryIndex;
  clock: Clock;
  ids: Ids;
  log: Log;
  send(event: HouseEvent): void;
};

export type Memories = {
  list(userId: string, filter: MemoryFilter, before?: string): ReturnType<NoteStore['list']>;
  /** Throws Fault('not-found') where it is not there, not the user's, or being forgotten; so do all that take an id. */
  show(userId: string, id: string): { memory: Memory; history: Memory[]; sources: ReturnType<NoteStore['sources']>; usedAt: number[] };
  /** `messageId`: what was said there is put right by it, and told no more in its own words. */
  add(pair: Pair, kind: NoteKind, text: string, messageId?: string): Memory;
  change(userId: string, id: string, patch: { text?: string; pinned?: boolean; shared?: boolean; kind?: NoteKind }): Memory;
  rememberConversation(conversationId: string, remembered: boolean): void;
  exportPage(pair: Pair, before?: string): ReturnType<NoteStore['carried']>;
  /** What is known already is left out. */
  importPage(pair: Pair, memories: readonly CarriedMemory[]): { added: number; known: number };
};

/** Known notes that a new one is compared with: far more than anybody has, and still quick. */
const COMPARED = 2_000;
/** Times of use that are shown. */
const USES = 20;

const missing = () => new Fault('not-found', 'This is not remembered any more; nothing was changed.');

/** Throws where another person's memory, or none, has this id. */
export function ownMemory(notes: NoteStore, userId: string, id: string): StoredMemory {
  const found = notes.find(id);
  if (found?.userId !== userId) throw missing();
  return found;
}

/** A message of this person's with this companion. */
function ownMessage(store: Store, { userId, characterId }: Pair, messageId: string): { messageId: string; conversationId: string } {
  const message = store.message(messageId);
  const conversation = message && store.conversation(message.conversationId);
  if (!conversation || conversation.userId !== userId || conversation.characterId !== characterId)
    throw new Fault('not-found', 'This message is not here any more; nothing was changed.');
  return { messageId, conversationId: conversation.id };
}

/** A memory as the doors show it: whose it is they know. */
export function withoutUser(stored: StoredMemory): Memory {
  const memory: Memory & { userId?: string } = { ...stored };
  delete memory.userId;
  return memory;
}

export function createMemories(ports: MemoryPorts): Memories {
  const { notes, store, index, clock, ids, send } = ports;

  const indexAnew = (userId: string, memory: Memory) => {
    const item = memoryItem(notes, { ...memory, userId });
    if (item) index.put([item]);
    else index.remove([memory.id]);
  };
  const changed = (userId: string, memory: Memory): Memory => {
    indexAnew(userId, memory);
    send({ type: 'memory-changed', memory });
    return memory;
  };

  return {
    list: (userId, filter, before) => notes.list(userId, filter, PAGE_MEMORIES, before),
    show(userId, id) {
      const memory = withoutUser(ownMemory(notes, userId, id));
      return { memory, history: notes.history(id), sources: notes.sources(id), usedAt: notes.usedAt(id, USES) };
    },
    add(pair, kind, text, messageId) {
      const at = clock.now();
      const corrects = messageId === undefined ? {} : { corrects: ownMessage(store, pair, messageId) };
      const note = { ...handWritten({ id: ids.next(), kind, text, at }), ...corrects };
      const settled = settleNote({ ...note, kind, source: { conversationId: '', messageId: '', at } }, notes.known(pair, COMPARED));
      if (settled.to === 'join') return changed(pair.userId, notes.change(settled.id, { text, at, ...corrects }));
      const supersedes = settled.to === 'add' ? settled.supersedes : [];
      const added = notes.add(pair, { ...note, supersedes });
      for (const id of supersedes) changed(pair.userId, withoutUser(ownMemory(notes, pair.userId, id)));
      return changed(pair.userId, added);
    },
    change(userId, id, patch) {
      const known = ownMemory(notes, userId, id);
      const room = known.kind === 'summary' ? SUMMARY_CHARACTERS : NOTE_CHARACTERS;
      if (patch.text !== undefined && patch.text.length > room) {
        throw new Fault('bad-request', `This is longer than ${room} characters; nothing was changed, so say it shorter.`);
      }
      return changed(userId, notes.change(id, { ...patch, at: clock.now() }));
    },
    rememberConversation(conversationId, remembered) {
      store.setRemembered(conversationId, remembered);
      // What was said in the meantime stays unlearnt.
      if (remembered) notes.skip(conversationId);
      index.refresh(conversationId);
      const conversation = store.conversation(conversationId);
      if (conversation) send({ type: 'conversation-changed', conversation });
    },
    exportPage: ({ userId, characterId }, before) => notes.carried(userId, characterId, PAGE_MEMORIES, before),
    importPage(pair, memories) {
      const known = notes.list(pair.userId, { characterId: pair.characterId, superseded: true }, COMPARED).memories;
      const fresh: BroughtIn[] = [];
      let holding: readonly KeptNote[] = notes.known(pair, COMPARED);
      for (const each of memories) {
        const isSame = sameAs(each.text);
        const isKnown = (other: CarriedMemory | Memory) => other.kind === each.kind && (other.text === each.text || isSame(other.text));
        if (known.some(isKnown) || fresh.some(isKnown)) continue;
        const brought = broughtIn({ ...inThePast(each, clock.now()), id: ids.next() }, holding);
        fresh.push(brought);
        holding = holding.filter(({ id }) => !brought.supersedes.includes(id));
        if (holds(brought)) holding = [...holding, brought];
      }
      notes.bringIn(pair, fresh);
      for (const id of fresh.flatMap((each) => [...each.supersedes, each.id])) {
        const memory = notes.find(id);
        if (memory) indexAnew(pair.userId, withoutUser(memory));
      }
      if (fresh.length > 0) send({ type: 'memories-changed' });
      return { added: fresh.length, known: memories.length - fresh.length };
    },
  };
}

/** Nothing was said later than now, whatever a file says: it would take the place of everything that is yet to be said. */
function inThePast(memory: CarriedMemory, now: number): CarriedMemory {
  const [learnedAt, saidAt] = [Math.min(memory.learnedAt, now), Math.min(memory.saidAt, now)];
  return {
    ...memory,
    learnedAt,
    saidAt,
    ...(memory.supersededAt === undefined ? {} : { supersededAt: Math.min(memory.supersededAt, now) }),
  };
}

const holds = ({ kind, supersededAt, supersededBy }: BroughtIn) =>
  kind !== 'summary' && supersededAt === undefined && supersededBy === undefined;

/** A memory of a file in its place among what holds; what it says of itself to be history stays that. */
function broughtIn(memory: CarriedMemory & { id: string }, holding: readonly KeptNote[]): BroughtIn {
  const note = { ...memory, ...about(memory.kind, memory.text), supersedes: [], supersededBy: undefined };
  if (!holds(note)) return note;
  const settled = settleRivals({ ...note, source: { at: note.saidAt } }, holding);
  return settled.to === 'add' ? { ...note, supersedes: settled.supersedes } : { ...note, supersededBy: settled.by };
}

const subjectOf = (kind: string, text: string) => `${kind}:${[...contentStems(text)].sort().join('-').slice(0, 80)}`;
const about = (kind: string, text: string) => aboutWhat(text) ?? { subject: subjectOf(kind, text), single: false };

function handWritten({ id, kind, text, at }: { id: string; kind: NoteKind; text: string; at: number }): NewNote {
  return {
    id,
    kind,
    text,
    ...about(kind, text),
    origin: 'person',
    confidence: CONFIDENCE.person,
    quote: '',
    source: undefined,
    at,
    saidAt: at,
    pinned: false,
    edited: true,
    supersedes: [],
    supersededBy: undefined,
  };
}
