/** @file One client of the engine: parse, do, answer; what it attached to, it hears. */
import { type Command, type CommandType, commandSchema } from '../../shared/commands.ts';
import { idSchema } from '../../shared/conversation.ts';
import { type ClientEvent, CONTRACT } from '../../shared/events.ts';
import { asFault, Fault } from '../../shared/faults.ts';
import type { Engine } from '../engine/contract.ts';
import type { Clock, Log } from '../engine/ports.ts';
import { characterHandlers } from './character-commands.ts';
import { doorHandlers } from './door-commands.ts';
import { inspectionHandlers } from './inspection-commands.ts';
import { memoryHandlers } from './memory-commands.ts';
import { modelHandlers } from './model-commands.ts';
import { createOutgoing } from './outgoing.ts';
import { runtimeHandlers } from './runtime-commands.ts';
import { settingsHandlers } from './settings-commands.ts';
import { steeringHandlers } from './steering-commands.ts';
import type { OpenSession } from './wire.ts';

export type SessionPorts = {
  engine: Engine;
  clock: Clock;
  log: Log;
  service: string;
  version: string;
  /** Whom a window's new conversations belong to. */
  userId: string;
};

type Handlers = { [Type in CommandType]: (command: Extract<Command, { type: Type }>) => void | Promise<void> };

/** Where in a command the first thing is wrong, without quoting it. */
function whatIsWrong(error: { issues: readonly { path: PropertyKey[]; code: string }[] }): string {
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? `its field ${String(issue.path[0]).slice(0, 40)}` : 'its form';
  return `This command was not understood because of ${where}; nothing was changed.`;
}

/** The id to answer to, where even a malformed command carries one. */
function requestIdOf(frame: unknown): string | undefined {
  const id = typeof frame === 'object' && frame !== null && 'requestId' in frame ? frame.requestId : undefined;
  return idSchema.safeParse(id).data;
}

/** Makes sessions over one engine; see `Session` for what one promises. */
export function createSessions(ports: SessionPorts): OpenSession {
  const { engine, log } = ports;
  return (wire) => {
    const outgoing = createOutgoing(wire, ports.clock);
    const isOwner = wire.isOwner === true;
    const attached = new Map<string, () => void>();
    const send = (event: ClientEvent) => outgoing.send(event);
    const done = (requestId: string) => send({ type: 'command-done', requestId });

    const detach = (conversationId: string) => {
      attached.get(conversationId)?.();
      attached.delete(conversationId);
    };
    const handlers: Handlers = {
      'list-conversations': ({ requestId, query, before }) => {
        const listed = engine.listConversations({ ...(query ? { query } : {}), ...(before ? { before } : {}) });
        const more = listed.before === undefined ? {} : { before: listed.before };
        send({ type: 'conversations-listed', requestId, conversations: listed.conversations, ...more });
      },
      'create-conversation': async ({ requestId, characterId, conversationId, greeting = 0 }) => {
        const chosen = conversationId === undefined ? { greeting } : { greeting, conversationId };
        const conversation = await engine.createConversation({ userId: ports.userId, characterId, ...chosen });
        send({ type: 'conversation-changed', requestId, conversation });
      },
      'rename-conversation': ({ requestId, conversationId, title }) => {
        send({ type: 'conversation-changed', requestId, conversation: engine.renameConversation(conversationId, title) });
      },
      'delete-conversation': ({ requestId, conversationId, memories }) => {
        const undoUntil = engine.deleteConversation(conversationId, memories);
        send({ type: 'conversation-deleted', requestId, conversationId, undoUntil });
      },
      'restore-conversation': ({ requestId, conversationId }) => {
        send({ type: 'conversation-changed', requestId, conversation: engine.restoreConversation(conversationId) });
      },
      'attach-conversation': ({ requestId, conversationId }) => {
        detach(conversationId);
        const { snapshot, detach: stop } = engine.attach(conversationId, send);
        attached.set(conversationId, stop);
        const { live, onward, ...rest } = snapshot;
        const now = { ...(live ? { live } : {}), ...(onward ? { onward } : {}) };
        send({ type: 'conversation-attached', requestId, ...rest, ...now });
      },
      'detach-conversation': ({ requestId, conversationId }) => {
        detach(conversationId);
        done(requestId);
      },
      'load-messages': ({ requestId, conversationId, before }) => {
        send({ type: 'messages-loaded', requestId, conversationId, ...engine.loadMessages(conversationId, before) });
      },
      'choose-message': ({ requestId, conversationId, messageId }) => {
        engine.chooseMessage(conversationId, messageId);
        done(requestId);
      },
      'start-turn': ({ requestId, turnId, conversationId, text }) => {
        engine.startTurn({ turnId, conversationId, text });
        done(requestId);
      },
      'retry-turn': ({ requestId, turnId, conversationId, userMessageId, wish }) => {
        engine.retryTurn({ turnId, conversationId, userMessageId, ...(wish ? { wish } : {}) });
        done(requestId);
      },
      'stop-turn': ({ requestId, turnId }) => {
        engine.stopTurn(turnId);
        done(requestId);
      },
      'retry-engine': ({ requestId }) => {
        engine.retryModel();
        done(requestId);
      },
      ...inspectionHandlers(engine, send),
      ...memoryHandlers(engine, ports.userId, send),
      ...runtimeHandlers(engine, send),
      ...modelHandlers({ engine, send, isOwner, chooseModelFile: wire.chooseModelFile }),
      ...settingsHandlers({ engine, send, isOwner }),
      ...doorHandlers({ engine, send, isOwner }),
      ...steeringHandlers(engine, send),
      ...characterHandlers(engine, send),
    };

    const fail = (requestId: string | undefined, error: unknown) => {
      const fault = asFault(error);
      if (fault.code === 'internal') log.error('command-broken', { cause: error });
      send({ type: 'command-failed', fault: fault.toWire(), ...(requestId === undefined ? {} : { requestId }) });
    };
    const perform = async (command: Command) => {
      const handle = handlers[command.type] as (command: Command) => void | Promise<void>;
      try {
        const pending = handle(command);
        if (pending) await pending;
      } catch (error) {
        fail(command.requestId, error);
      }
    };

    const offHouse = engine.onHouseEvent((event) => {
      if (event.type !== 'door-changed' || isOwner) send(event);
    });
    const { service, version } = ports;
    send({ type: 'session-opened', contract: CONTRACT, service, version, characters: engine.characters(), model: engine.modelStatus() });

    return {
      receive(frame) {
        const parsed = commandSchema.safeParse(frame);
        if (parsed.success) void perform(parsed.data);
        else fail(requestIdOf(frame), new Fault('bad-request', whatIsWrong(parsed.error)));
      },
      close() {
        offHouse();
        for (const conversationId of [...attached.keys()]) detach(conversationId);
        outgoing.close();
      },
    };
  };
}
