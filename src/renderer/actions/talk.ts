/** @file Saying something and having it answered: send, stop, retry, choose a version, read further up. */
import { unanswered } from '../client.ts';
import { newId } from '../ids.ts';
import { withFault } from '../state/reduce.ts';
import { companionOf, type Outgoing } from '../state/window-state.ts';
import { complain, type Ground } from './ground.ts';

export type Talk = {
  send(text: string): void;
  /** Says other words in the place of a message of the person; the old ones are kept as a version. */
  reword(messageId: string, text: string): void;
  /** Sends a message again that could not be taken, as the same turn. */
  sendAgain(turnId: string): void;
  /** Takes a message back that could not be taken; returns its text. */
  takeBack(turnId: string): string;
  stop(): void;
  retry(userMessageId: string): void;
  choose(messageId: string): void;
  loadOlder(): void;
  /** Sends everything again that is not known to be on disk; a known turn starts nothing. */
  resend(): void;
};

export function createTalk(ground: Ground): Talk {
  const { store, client, now } = ground;
  const state = () => store.api.getState();
  let creating: Promise<string | undefined> | undefined;
  let loading = false;

  /** Makes the conversation that unsent messages are meant for, once. */
  const create = async (): Promise<string | undefined> => {
    const characterId = companionOf(state())?.id ?? 'default';
    const { opening } = state();
    const begun = opening?.characterId === characterId ? { conversationId: opening.conversationId, greeting: opening.shown } : {};
    const answer = await client.ask({ type: 'create-conversation', characterId, ...begun });
    if (answer.type !== 'conversation-changed') {
      const fault = answer.type === 'command-failed' ? answer.fault : unanswered;
      if (fault !== unanswered) failWhere((message) => message.conversationId === null, fault);
      return undefined;
    }
    const { id } = answer.conversation;
    store.update((before) => ({
      ...before,
      opening: null,
      openId: before.openId ?? id,
      outgoing: before.outgoing.map((message) => (message.conversationId === null ? { ...message, conversationId: id } : message)),
    }));
    return id;
  };
  const failWhere = (which: (message: Outgoing) => boolean, fault: NonNullable<Outgoing['fault']>) => {
    store.update((before) => ({
      ...before,
      outgoing: before.outgoing.filter(which).reduce((all, { turnId }) => withFault(all, turnId, fault), before.outgoing),
    }));
  };
  const deliver = async (message: Outgoing) => {
    const { turnId, text, edits } = message;
    creating ??= message.conversationId === null ? create().finally(() => (creating = undefined)) : undefined;
    const conversationId = message.conversationId ?? (await creating);
    if (!conversationId) return;
    const answer = await client.ask(
      edits === undefined
        ? { type: 'start-turn', turnId, conversationId, text }
        : { type: 'edit-message', turnId, conversationId, messageId: edits, text },
    );
    if (answer.type === 'command-failed' && answer.fault !== unanswered) failWhere((other) => other.turnId === turnId, answer.fault);
  };
  const report = async (wish: Parameters<typeof client.ask>[0]) => {
    const answer = await client.ask(wish);
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
  };

  const say = (words: Pick<Outgoing, 'text' | 'edits'>) => {
    const message: Outgoing = { turnId: newId(), conversationId: state().openId, sentAt: now(), ...words };
    store.update((before) => ({ ...before, outgoing: [...before.outgoing, message] }));
    void deliver(message);
  };

  return {
    send: (text) => say({ text }),
    reword: (messageId, text) => say({ text, edits: messageId }),
    sendAgain(turnId) {
      const { fault, ...message } = state().outgoing.find((other) => other.turnId === turnId) ?? {};
      if (!fault) return;
      store.update((before) => ({
        ...before,
        trouble: null,
        outgoing: before.outgoing.map((other) => (other.turnId === turnId ? (message as Outgoing) : other)),
      }));
      void deliver(message as Outgoing);
    },
    takeBack(turnId) {
      const text = state().outgoing.find((message) => message.turnId === turnId)?.text ?? '';
      store.update((before) => ({ ...before, outgoing: before.outgoing.filter((message) => message.turnId !== turnId) }));
      return text;
    },
    stop() {
      const live = state().thread?.live;
      // A reply that ended in this moment needs no stopping; that answer is no trouble.
      if (live) void client.ask({ type: 'stop-turn', turnId: live.turnId });
    },
    retry(userMessageId) {
      const { thread } = state();
      if (thread && !thread.live) {
        void report({ type: 'retry-turn', turnId: newId(), conversationId: thread.conversation.id, userMessageId });
      }
    },
    choose(messageId) {
      const conversationId = state().thread?.conversation.id;
      if (conversationId) void report({ type: 'choose-message', conversationId, messageId });
    },
    loadOlder() {
      const { thread } = state();
      if (!thread?.before || loading || thread.stale) return;
      loading = true;
      void report({ type: 'load-messages', conversationId: thread.conversation.id, before: thread.before }).finally(
        () => (loading = false),
      );
    },
    resend() {
      for (const message of state().outgoing) if (!message.fault) void deliver(message);
    },
  };
}
