/** @file What is remembered, in the person's hands: shown, written, changed, pinned, carried in and out. Forgetting has a file of its own. */
import { Fault } from '../../../shared/faults.ts';
import type { Memory, MemoryFilter, NoteKind } from '../../../shared/memories.ts';
import { CONFIDENCE, NOTE_CHARACTERS, NOTES_COMPARED, PAGE_MEMORIES, SUMMARY_CHARACTERS } from '../../../shared/notes-limits.ts';
import type { HouseEvent } from '../contract.ts';
import type { MemoryIndex } from '../memory-port.ts';
import type { Clock, Ids, Log, Store } from '../ports.ts';
import { type BringIn, type BringInPorts, createBringIn } from './bring-in.ts';
import { memoryItem } from './memory-item.ts';
import type { NewNote, NoteStore, Pair, StoredMemory } from './note-store.ts';
import { aboutOf } from './note-subject.ts';
import { settleNote, soughtFor } from './settle-notes.ts';

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
  /** Throws Fault('not-found') where it is not there, not the user's, or being forgotten; so do all that take an id, this one by rejecting. */
  show(
    userId: string,
    id: string,
  ): Promise<{ memory: Memory; history: Memory[]; sources: ReturnType<NoteStore['sources']>; usedAt: number[] }>;
  /** `messageId`: what was said there is put right by it, and told no more in its own words. */
  add(pair: Pair, kind: NoteKind, text: string, messageId?: string): Memory;
  change(userId: string, id: string, patch: { text?: string; pinned?: boolean; shared?: boolean; kind?: NoteKind }): Memory;
  rememberConversation(conversationId: string, remembered: boolean): void;
  exportPage(pair: Pair, before?: string): ReturnType<NoteStore['carried']>;
  /** What is known already is left out. */
  importPage: BringIn;
};

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

export function createMemories(ports: MemoryPorts & Pick<BringInPorts, 'deletions'>): Memories {
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

  const brought = (userId: string, some: readonly string[]) => {
    for (const id of some) {
      const memory = notes.find(id);
      if (memory) indexAnew(userId, withoutUser(memory));
    }
  };
  const bringIn = createBringIn({ notes, clock, ids, deletions: ports.deletions, brought });

  return {
    list: (userId, filter, before) => notes.list(userId, filter, PAGE_MEMORIES, before),
    async show(userId, id) {
      ownMemory(notes, userId, id);
      const usedAt = await notes.usedAt(id, USES);
      return { memory: withoutUser(ownMemory(notes, userId, id)), history: notes.history(id), sources: notes.sources(id), usedAt };
    },
    add(pair, kind, text, messageId) {
      const at = clock.now();
      const corrects = messageId === undefined ? {} : { corrects: ownMessage(store, pair, messageId) };
      const note = { ...handWritten({ id: ids.next(), kind, text, at }), ...corrects };
      const draft = { ...note, kind, source: { conversationId: '', messageId: '', at } };
      const settled = settleNote(draft, notes.related(pair, soughtFor([draft]), NOTES_COMPARED));
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
    async importPage(pair, memories) {
      const answer = await bringIn(pair, memories);
      if (answer.added > 0) send({ type: 'memories-changed' });
      return answer;
    },
  };
}

function handWritten({ id, kind, text, at }: { id: string; kind: NoteKind; text: string; at: number }): NewNote {
  return {
    id,
    kind,
    text,
    ...aboutOf(kind, text),
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
