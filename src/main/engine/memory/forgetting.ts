/** @file Forgetting in the person's hands: out of sight at once, back while that is possible, then gone from every file. */
import { UNDO_CHARACTER_MS } from '../../../shared/card-limits.ts';
import { Fault } from '../../../shared/faults.ts';
import { UNDO_DELETE_MS } from '../../../shared/limits.ts';
import type { Memory } from '../../../shared/memories.ts';
import { UNDO_FORGET_MS } from '../../../shared/notes-limits.ts';
import { PURGE_AGAIN_MS } from '../../../shared/removal-limits.ts';
import { type MemoryPorts, ownMemory, withoutUser } from './memories.ts';
import { memoryItem } from './memory-item.ts';
import type { Forgetting } from './note-store.ts';

export type Forgotten = { forgettingId: string; memoryIds: string[]; messageIds: string[]; undoUntil: number };

export type ForgettingPart = {
  /** The memory with what it took the place of; `withMessages`: the messages they came from too. */
  forget(userId: string, id: string, withMessages: boolean): Forgotten;
  /** One message, with every note that rests on it alone. */
  forgetMessage(userId: string, messageId: string): Forgotten;
  /** What was learnt from a conversation that is being deleted; goes and comes back with it. */
  forgetWith(conversationId: string): void;
  keepWith(conversationId: string): void;
  /** Everything that a companion remembers, which is being deleted; goes and comes back with it. */
  forgetHolder(characterId: string): void;
  keepHolder(characterId: string): void;
  /** How often a companion was deleted since the start, brought back or not. */
  deletions(characterId: string): number;
  /** Whether something is on its way out: it may still stand in what a model is told. One whose removal fails waits for another, and no more for this. */
  isForgetting(): boolean;
  /** Takes a forgetting back; throws Fault('not-found') where it is too late. */
  keep(userId: string, forgettingId: string): Memory[];
  /** Removes what was being forgotten when the program ended. */
  begin(): void;
  /** Removes at once what waits: the time to undo ends with the program. */
  close(): Promise<void>;
};

/** A turn that is being written holds the old prompt in its hands; what it writes at its end is cleaned once more then. */
const LOOK_AGAIN_MS = 1_000;
const LONGEST_TURN_MS = 10 * 60_000;

/** No id of a conversation or of another forgetting has a colon in it. */
const ofHolder = (characterId: string) => `companion:${characterId}`;

const tooLate = () => new Fault('not-found', 'This is forgotten already and cannot be brought back.');

export type ForgettingPorts = MemoryPorts & {
  /** Whether a turn is being written anywhere. */
  busy(): boolean;
  /** Words are gone from the disk. */
  forgot(): void;
  /** Something is out of sight now, gone, or back: whatever the model is told in the background begins anew after the next silence. */
  makeWay(): void;
};

export function createForgetting(ports: ForgettingPorts): ForgettingPart {
  const { notes, store, index, clock, ids, log, send } = ports;
  const timers = new Map<string, () => void>();
  /** Whose removal has not begun: only these can be brought back. */
  const whole = new Set<string>();
  const removing = new Set<Promise<void>>();
  /** On their way out, until they are gone, brought back, or a first removal has failed. */
  const leaving = new Set<string>();
  const deletions = new Map<string, number>();
  let closing = false;

  const remove = async (id: string, again = 0): Promise<void> => {
    timers.delete(id);
    whole.delete(id);
    // Words that a running turn would write back wait for its end; a first removal is made now all the same.
    const busy = !closing && ports.busy() && again * LOOK_AGAIN_MS < LONGEST_TURN_MS;
    if (busy && again > 0) {
      timers.set(
        id,
        clock.after(LOOK_AGAIN_MS, () => start(id, again + 1)),
      );
      return;
    }
    const gone = await notes.remove(id, { finally: !busy });
    ports.forgot();
    if (again === 0) send({ type: 'memory-gone', memoryIds: gone.noteIds, conversationIds: gone.conversationIds });
    for (const conversationId of gone.conversationIds) {
      index.reread(conversationId, []);
      send({ type: 'conversation-rerouted', conversationId });
    }
    if (busy)
      timers.set(
        id,
        clock.after(LOOK_AGAIN_MS, () => start(id, 1)),
      );
  };
  const start = (id: string, again = 0) => {
    const done = remove(id, again)
      .catch((cause: unknown) => {
        if (closing) return log.error('forgetting-failed', { cause });
        log.error('forgetting-failed', { cause, againInMs: PURGE_AGAIN_MS });
        timers.set(
          id,
          clock.after(PURGE_AGAIN_MS, () => start(id, again)),
        );
      })
      .finally(() => {
        removing.delete(done);
        if (!leaving.delete(id)) return;
        ports.makeWay();
      });
    removing.add(done);
  };
  const hide = (forgetting: Forgetting, undoMs: number): Forgotten => {
    const { id, noteIds, messageIds } = forgetting;
    const untold = notes.hide(forgetting);
    leaving.add(id);
    ports.makeWay();
    index.remove([...noteIds, ...messageIds, ...untold]);
    whole.add(id);
    timers.set(
      id,
      clock.after(undoMs, () => start(id)),
    );
    return { forgettingId: id, memoryIds: noteIds, messageIds, undoUntil: forgetting.at + undoMs };
  };
  const hideAndTell = (forgetting: Forgetting): Forgotten => {
    const told = hide(forgetting, UNDO_FORGET_MS);
    send({ type: 'memory-forgotten', ...told });
    return told;
  };
  const unhide = (id: string) => {
    if (!whole.delete(id)) return undefined;
    leaving.delete(id);
    ports.makeWay();
    timers.get(id)?.();
    timers.delete(id);
    const back = notes.unhide(id);
    if (!back) return undefined;
    index.put(back.memories.flatMap((memory) => memoryItem(notes, memory) ?? []));
    const said = [...back.forgetting.messageIds, ...back.untold].flatMap((messageId) => store.message(messageId) ?? []);
    for (const [conversationId, messages] of Map.groupBy(said, (message) => message.conversationId)) {
      const ids = messages.map((message) => message.id);
      index.reread(conversationId, ids);
    }
    return back.memories.map(withoutUser);
  };

  return {
    forget(userId, id, withMessages) {
      ownMemory(notes, userId, id);
      const chain = [id, ...notes.history(id).map((memory) => memory.id)];
      const messageIds = withMessages ? [...new Set(chain.flatMap((each) => notes.sources(each).map(({ messageId }) => messageId)))] : [];
      const noteIds = [...new Set([...chain, ...notes.restingOn(messageIds)])];
      return hideAndTell({ id: ids.next(), userId, noteIds, messageIds, at: clock.now() });
    },
    forgetMessage(userId, messageId) {
      const message = store.message(messageId);
      const conversation = message && store.conversation(message.conversationId);
      if (conversation?.userId !== userId) throw new Fault('not-found', 'This message is not here any more; nothing was changed.');
      if (message?.status === 'writing')
        throw new Fault('bad-request', 'This reply is still being written; nothing was changed, so stop it first.');
      return hideAndTell({ id: ids.next(), userId, noteIds: notes.restingOn([messageId]), messageIds: [messageId], at: clock.now() });
    },
    forgetWith(conversationId) {
      const conversation = store.conversation(conversationId);
      const noteIds = notes.learntIn(conversationId);
      if (!conversation || noteIds.length === 0) return;
      hide({ id: conversationId, userId: conversation.userId, noteIds, messageIds: [], at: clock.now() }, UNDO_DELETE_MS);
      send({ type: 'memories-changed' });
    },
    keepWith(conversationId) {
      if (unhide(conversationId)) send({ type: 'memories-changed' });
    },
    deletions: (characterId) => deletions.get(characterId) ?? 0,
    isForgetting: () => leaving.size > 0,
    forgetHolder(characterId) {
      deletions.set(characterId, (deletions.get(characterId) ?? 0) + 1);
      const noteIds = notes.heldBy(characterId);
      if (noteIds.length === 0) return;
      hide({ id: ofHolder(characterId), userId: '', noteIds, messageIds: [], at: clock.now() }, UNDO_CHARACTER_MS);
      send({ type: 'memories-changed' });
    },
    keepHolder(characterId) {
      if (unhide(ofHolder(characterId))) send({ type: 'memories-changed' });
    },
    keep(userId, forgettingId) {
      if (notes.hidden().find(({ id }) => id === forgettingId)?.userId !== userId) throw tooLate();
      const memories = unhide(forgettingId);
      if (!memories) throw tooLate();
      send({ type: 'memory-kept', memories });
      return memories;
    },
    begin() {
      for (const { id, noteIds, messageIds } of notes.hidden()) {
        index.remove([...noteIds, ...messageIds]);
        leaving.add(id);
        start(id);
      }
    },
    async close() {
      closing = true;
      for (const [id, cancel] of [...timers]) {
        cancel();
        start(id);
      }
      await Promise.all(removing);
    },
  };
}
