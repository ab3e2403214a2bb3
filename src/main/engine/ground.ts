/** @file What a turn stands on and its own message does not change; asked for while that message is still on its way to the disk. */
import type { Conversation } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import { type AnsweringModel, answeringModel } from './answering-model.ts';
import { standing } from './look-ahead.ts';
import { memoryQuery, memoryTokens } from './memory/query.ts';
import type { PathAbove, Paths } from './path-above.ts';
import type { FoundCharacter, Generation, Surroundings } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';
import { generationOf } from './settings.ts';

export type Ground = {
  conversation: Conversation;
  generation: Generation;
  above: Surroundings;
  path: PathAbove;
  /** The block that the message was sent with before; empty where it was not. */
  context: string;
  found: FoundCharacter;
  /** Comes last, from its own thread. */
  recalled: ReturnType<TurnPorts['memory']['recall']>;
  answering: AnsweringModel;
};

export type GroundAsked = {
  conversationId: string;
  text: string;
  /** What the message stands below; null at the very start. */
  parentId: string | null;
  /** Of a message that was there already. */
  messageId?: string;
};

/** Recall is asked first: it works in its own thread while everything else is looked up here. */
export async function layGround(ports: TurnPorts & { paths: Paths }, asked: GroundAsked, signal: AbortSignal): Promise<Ground> {
  const { store, characters, memory, clock } = ports;
  const { conversationId, text: message, parentId, messageId } = asked;
  const conversation = store.conversation(conversationId);
  if (!conversation) throw new Fault('conversation-not-found', 'This conversation is no longer here.');
  const { userId, characterId } = conversation;
  const generation = generationOf(ports.settings.now());
  const { above, path } = standing(ports, conversationId, parentId);
  const sought = { userId, characterId, conversationId, message, now: clock.now(), tokens: memoryTokens(generation) };
  const recalled = memory.recall(memoryQuery(path, { ...sought, anchorId: above.anchor?.id, messageId }), signal);
  // Heard of where the prompt is made; a turn that fails before that leaves it behind.
  recalled.catch(() => undefined);
  const [found, answering] = await Promise.all([characters.find(characterId, signal), answeringModel(ports, conversation, signal)]);
  const context = messageId === undefined ? '' : (store.history(messageId, () => true)[0]?.context ?? '');
  return { conversation, generation, above, path, context, found, recalled, answering };
}
