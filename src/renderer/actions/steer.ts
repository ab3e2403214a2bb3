/** @file Steering a conversation: go on, another way of answering, other words, going back, a note for all of it. */
import type { AnswerWish, Message } from '../../shared/conversation.ts';
import { newId } from '../ids.ts';
import { complain, type Ground } from './ground.ts';

export type Steer = {
  /** The reply goes on where it ends. */
  goOn(reply: Message): void;
  /** Answers the message above a reply once more, as wished, this once. */
  answerAgain(reply: Message, wish: AnswerWish): void;
  /** Keeps the person's own wording of a reply as a version. */
  reword(reply: Message, text: string): void;
  /** The path ends here, and what was below can be had back. */
  goBack(message: Message): void;
  /** Resolves with whether it was kept. */
  note(text: string): Promise<boolean>;
};

/** How long the way back is offered in a notice; the row at the end of the log offers it for good. */
const BACK_MS = 8_000;

export function createSteer(ground: Ground): Steer {
  const { store, client, notices } = ground;
  const ask = async (wish: Parameters<typeof client.ask>[0]): Promise<boolean> => {
    const answer = await client.ask(wish);
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
    return answer.type !== 'command-failed';
  };
  const writing = () => store.api.getState().thread?.live != null;

  const goBack = async ({ conversationId, id }: Message) => {
    const last = store.api.getState().thread?.messages.at(-1);
    if (!(await ask({ type: 'branch-conversation', conversationId, messageId: id })) || !last || last.id === id) return;
    const back = () => void ask({ type: 'choose-message', conversationId, messageId: last.id });
    notices.show({ text: 'You go on from here. What came after is kept.', kind: 'done', deed: { label: 'Back', run: back } }, BACK_MS);
  };

  return {
    goOn({ conversationId, id }) {
      if (!writing()) void ask({ type: 'continue-turn', turnId: newId(), conversationId, replyId: id });
    },
    answerAgain({ conversationId, parentId }, wish) {
      if (parentId === null || writing()) return;
      void ask({ type: 'retry-turn', turnId: newId(), conversationId, userMessageId: parentId, wish });
    },
    reword({ conversationId, id, text: before }, text) {
      if (text !== before) void ask({ type: 'edit-message', turnId: newId(), conversationId, messageId: id, text });
    },
    goBack: (message) => void goBack(message),
    async note(text) {
      const conversationId = store.api.getState().thread?.conversation.id;
      return conversationId !== undefined && ask({ type: 'note-conversation', conversationId, note: text.trim() });
    },
  };
}
