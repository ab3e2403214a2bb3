/** @file Conversations and companions are deleted: out of sight at once, back while that is possible, then gone. */
import { UNDO_CHARACTER_MS } from '../../shared/card-limits.ts';
import type { CharacterSummary } from '../../shared/character.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { UNDO_DELETE_MS } from '../../shared/limits.ts';
import type { Library } from './cards/library-port.ts';
import type { Engine, HouseEvent } from './contract.ts';
import type { DoorPort } from './door.ts';
import type { HouseMemory } from './memory/house-memory.ts';
import type { Clock, Log, Store } from './ports.ts';
import { createPurging } from './purging.ts';
import type { Turns } from './turns.ts';

type DeletingPorts = {
  store: Store;
  library: Library;
  memory: HouseMemory;
  turns: Pick<Turns, 'stopAll'>;
  door: Pick<DoorPort, 'forgetWords'>;
  clock: Clock;
  log: Log;
  /** Words are gone from the disk. */
  forgot(): void;
  send(event: HouseEvent): void;
  changed(conversationId: string): void;
};

export type CompanionDeleting = {
  /** `everything`: with its conversations and all that it remembers of anybody. Answers until when it can be brought back, in ms since 1970. */
  remove(characterId: string, everything: boolean): number;
  /** With all that went with it. */
  restore(characterId: string): CharacterSummary;
};

export type Deleting = Pick<Engine, 'deleteConversation' | 'restoreConversation'> & {
  companions: CompanionDeleting;
  close(): Promise<void>;
};

/** Conversations that went with a companion come back as late as it does: they are dated so much ahead. */
const AHEAD_MS = UNDO_CHARACTER_MS - UNDO_DELETE_MS;

export function createDeleting(ports: DeletingPorts): Deleting {
  const { store, library, memory, turns, door, clock, log, send, changed } = ports;
  /** The conversations that went with a companion, until it is gone for good. */
  const went = new Map<string, readonly string[]>();
  const purging = createPurging({ store, clock, log, forgot: ports.forgot });
  const hide = (id: string, undoMs: number): number => {
    const now = clock.now();
    turns.stopAll(id);
    store.deleteConversation(id, now + undoMs - UNDO_DELETE_MS);
    door.forgetWords();
    const undoUntil = now + undoMs;
    send({ type: 'conversation-deleted', conversationId: id, undoUntil });
    return undoUntil;
  };
  const restore = (id: string): Conversation => {
    const restored = store.restoreConversation(id);
    memory.restored(id);
    changed(id);
    return restored;
  };
  // What was deleted shortly before the program ended is gone for good too.
  purging.startIn(UNDO_CHARACTER_MS + 1);

  return {
    deleteConversation(id, memories = 'keep') {
      memory.deleted(id, memories);
      const undoUntil = hide(id, UNDO_DELETE_MS);
      purging.startIn(UNDO_DELETE_MS + 1);
      return undoUntil;
    },
    restoreConversation: restore,
    companions: {
      remove(characterId, everything) {
        const undoUntil = library.remove(characterId);
        // Sarah is there still: what was changed in her is undone, and nothing else.
        if (!everything || library.list().some(({ id }) => id === characterId)) return undoUntil;
        const conversations = store.conversationsWith(characterId);
        memory.companionDeleted(characterId);
        for (const id of conversations) hide(id, UNDO_DELETE_MS + AHEAD_MS);
        went.set(characterId, conversations);
        purging.startIn(UNDO_CHARACTER_MS + 1);
        return undoUntil;
      },
      restore(characterId) {
        const back = library.restore(characterId);
        memory.companionRestored(characterId);
        for (const id of went.get(characterId) ?? []) restore(id);
        went.delete(characterId);
        return back;
      },
    },
    close: purging.close,
  };
}
