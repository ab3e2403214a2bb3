/** @file The session's handler for the inspector: what a reply was made of. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { Engine } from '../engine/contract.ts';

type InspectionHandlers = { 'explain-reply': (command: Extract<Command, { type: 'explain-reply' }>) => void };

export function inspectionHandlers(engine: Engine, send: (event: ClientEvent) => void): InspectionHandlers {
  return {
    'explain-reply': ({ requestId, messageId }) =>
      send({ type: 'reply-explained', requestId, explanation: engine.explainReply(messageId) }),
  };
}
