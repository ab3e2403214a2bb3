/** @file The session's handlers for steering a conversation. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { Engine } from '../engine/contract.ts';

type SteeringCommandType = 'continue-turn' | 'edit-message' | 'branch-conversation' | 'note-conversation';

type SteeringHandlers = { [Type in SteeringCommandType]: (command: Extract<Command, { type: Type }>) => void };

export function steeringHandlers({ steering }: Engine, send: (event: ClientEvent) => void): SteeringHandlers {
  const done = (requestId: string) => send({ type: 'command-done', requestId });
  return {
    'continue-turn': ({ requestId, turnId, conversationId, replyId }) => {
      steering.continueReply({ turnId, conversationId, replyId });
      done(requestId);
    },
    'edit-message': ({ requestId, turnId, conversationId, messageId, text }) => {
      steering.edit({ turnId, conversationId, messageId, text });
      done(requestId);
    },
    'branch-conversation': ({ requestId, conversationId, messageId }) => {
      steering.branch(conversationId, messageId);
      done(requestId);
    },
    'note-conversation': ({ requestId, conversationId, note }) => {
      send({ type: 'conversation-changed', requestId, conversation: steering.setNote(conversationId, note) });
    },
  };
}
