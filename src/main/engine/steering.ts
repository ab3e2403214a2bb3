/** @file Steering a conversation: go on, edit, go back, a note for all of it. Each makes something new beside what is there. */
import type { Conversation, Message } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import type { Clock, Ids, Store } from './ports.ts';
import type { Turns } from './turns.ts';

export type Steering = {
  /** The reply goes on in a version of its own that begins with all of it. A known turn id is the same turn and starts nothing. */
  continueReply(turn: { turnId: string; conversationId: string; replyId: string }): void;
  /** A version with other words: the person's own is answered, by a turn of this id; one of a reply simply stands there. */
  edit(version: { turnId: string; conversationId: string; messageId: string; text: string }): void;
  /** The path ends at this reply, or above this message of the person. */
  branch(conversationId: string, messageId: string): void;
  setNote(conversationId: string, note: string): Conversation;
};

type SteeringParts = {
  store: Store;
  ids: Ids;
  clock: Clock;
  turns: Turns;
  changed(conversationId: string): void;
  rerouted(conversationId: string): void;
};

const notHere = () =>
  new Fault('bad-request', 'That message is not part of this conversation; nothing was changed, so open the conversation again.');
const nothingThere = () => new Fault('bad-request', 'There are no words of a reply to go on from; nothing was changed, so answer again.');

/** Refused while a reply is written: its row would hang where nobody looks any more. */
export function refuseWhileWriting(turns: Turns, conversationId: string): void {
  if (!turns.live(conversationId)) return;
  throw new Fault('too-many-requests', 'A reply is being written here; nothing was changed, so stop it or wait until it is done.');
}

export function createSteering({ store, ids, clock, turns, changed, rerouted }: SteeringParts): Steering {
  const messageOf = (conversationId: string, id: string): Message => {
    const message = store.message(id);
    if (message?.conversationId === conversationId) return message;
    throw notHere();
  };
  return {
    continueReply({ turnId, conversationId, replyId }) {
      if (turns.has(turnId)) return;
      refuseWhileWriting(turns, conversationId);
      const { role, parentId, text, thinking } = messageOf(conversationId, replyId);
      if (role !== 'assistant' || parentId === null || text.trim() === '') throw nothingThere();
      turns.start({ turnId, conversationId, text, user: { existingId: parentId }, reply: { origin: 'continued', text, thinking } });
    },
    edit({ turnId, conversationId, messageId, text }) {
      if (turns.has(turnId)) return;
      refuseWhileWriting(turns, conversationId);
      const { role, parentId } = messageOf(conversationId, messageId);
      if (role === 'user') {
        return turns.start({ turnId, conversationId, text, user: { id: ids.next(), parentId } });
      }
      store.addVersion({ id: ids.next(), conversationId, besideId: messageId, text, at: clock.now() });
      rerouted(conversationId);
      changed(conversationId);
    },
    branch(conversationId, messageId) {
      refuseWhileWriting(turns, conversationId);
      const { id, role, parentId } = messageOf(conversationId, messageId);
      store.endPathAt(conversationId, role === 'user' ? parentId : id);
      rerouted(conversationId);
    },
    setNote(conversationId, note) {
      const noted = store.setNote(conversationId, note, clock.now());
      changed(conversationId);
      return noted;
    },
  };
}
