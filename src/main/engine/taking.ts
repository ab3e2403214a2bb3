/** @file How a turn's words come into the store: while its request is on its way, or before it where the path branches. */
import type { Message } from '../../shared/conversation.ts';
import type { LiveTurn } from '../../shared/events.ts';
import type { AcceptedTurn, Clock, Ids, Store, TurnStart } from './ports.ts';
import { type QueuedTurn, startOf } from './queued-turn.ts';

export type Taken = {
  live: LiveTurn;
  /** Rejects where the store refuses the turn; `settled` of it tells when the disk has it. */
  accepted: Promise<AcceptedTurn>;
  /** Waits no longer with it. */
  hurry(): void;
};

/** `turn-accepted` is number 0 and nothing that a snapshot would lack. */
function liveOf({ turnId, reply }: QueuedTurn, userMessage: Message, replyId: string, startedAt: number): LiveTurn {
  const { text, thinking } = reply ?? { text: '', thinking: '' };
  return { turnId, throughSeq: 0, userMessage, replyId, startedAt, stage: 'waiting', text, thinking };
}

/** The message as it will lie in the store; its place among its siblings is not known yet. */
function messageOf({ conversationId, turnId, startedAt, user }: TurnStart, parentId: string | null): Message {
  const { id, text, mood } = 'existingId' in user ? { id: user.existingId, text: '', mood: undefined } : user;
  return {
    ...{ id, conversationId, parentId, turnId, role: 'user', thinking: '', status: 'complete', createdAt: startedAt },
    text: text.toWellFormed(),
    sibling: { position: 1, count: 1, previousId: null, nextId: null },
    ...(mood ? { mood } : {}),
  };
}

export function createTaking({ store, clock, ids }: { store: Store; clock: Clock; ids: Ids }) {
  return {
    /** Throws where the store refuses it. */
    now(turn: QueuedTurn): Taken & { first: AcceptedTurn } {
      const startedAt = clock.now();
      const first = store.acceptTurn(startOf(turn, startedAt, ids.next()));
      const live = liveOf(turn, first.userMessage, first.reply.id, startedAt);
      return { first, live, accepted: Promise.resolve(first), hurry: () => undefined };
    },
    /** In a few milliseconds: by then a request that waits for nobody has left. The message stands below `parentId`. */
    soon(turn: QueuedTurn, parentId: string | null): Taken {
      const start = startOf(turn, clock.now(), ids.next());
      const live = liveOf(turn, messageOf(start, parentId), start.replyId, start.startedAt);
      const { promise: accepted, resolve, reject } = Promise.withResolvers<AcceptedTurn>();
      let asked = false;
      const hurry = () => {
        if (asked) return;
        asked = true;
        try {
          const taken = store.acceptTurn(start);
          live.userMessage = taken.userMessage;
          resolve(taken);
        } catch (error) {
          reject(error);
        }
      };
      clock.soon(hurry);
      return { live, accepted, hurry };
    },
  };
}
