/** @file What can be read over HTTP: the characters, the conversations, and one conversation's messages. */
import { z } from 'zod';
import { characterSummarySchema } from '../../shared/character.ts';
import { conversationSchema, idSchema, messageSchema } from '../../shared/conversation.ts';
import type { Engine } from '../engine/contract.ts';
import { faultAnswer } from './fault-answer.ts';
import { type Answer, errorAnswer, jsonAnswer } from './respond.ts';
import type { RoutePorts, Visit } from './routes.ts';

export const charactersSchema = z.strictObject({ characters: z.array(characterSummarySchema) });
export const conversationsSchema = z.strictObject({
  conversations: z.array(conversationSchema),
  before: z.string().nullable().describe('Pass it back as `before` for the next page; null on the last.'),
});
export const conversationPageSchema = z.strictObject({
  conversation: conversationSchema,
  messages: z.array(messageSchema).describe('Of the active path, oldest first.'),
  before: idSchema.nullable().describe('Pass it back as `before` for the page above; null on the first.'),
});

export const listQuerySchema = z.object({
  query: z.string().max(200).optional().describe('A part of the title, whatever its case.'),
  before: z.string().max(200).optional().describe('The `before` of the page ahead of this one.'),
});
export const pageQuerySchema = z.object({ before: idSchema.optional().describe('The `before` of the page below this one.') });

const badQuery = errorAnswer({
  status: 400,
  code: 'bad-request',
  message: 'A part of the address after the question mark is not what it has to be; nothing was done.',
});

/** What stands behind the question mark; of one that is given twice, the first. */
function queryOf({ request }: Visit): Record<string, string> {
  const pairs = [...new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'))];
  return Object.fromEntries(pairs.reverse());
}

export function charactersAnswer({ engine }: RoutePorts): Answer {
  return jsonAnswer(200, { characters: engine.characters() });
}

export function conversationsAnswer({ engine }: RoutePorts, visit: Visit): Answer {
  const asked = listQuerySchema.safeParse(queryOf(visit));
  if (!asked.success) return badQuery;
  const { query, before } = asked.data;
  return orFault(() => {
    const page = engine.listConversations({ ...(query ? { query } : {}), ...(before ? { before } : {}) });
    return { conversations: page.conversations, before: page.before ?? null };
  });
}

export function conversationAnswer({ engine }: RoutePorts, visit: Visit, id: string): Answer {
  const asked = pageQuerySchema.safeParse(queryOf(visit));
  if (!asked.success) return badQuery;
  const { before } = asked.data;
  return orFault(() =>
    before === undefined ? newestPage(engine, id) : { conversation: engine.conversation(id), ...engine.loadMessages(id, before) },
  );
}

/** A reply that is being written is shown as far as it has come. */
function newestPage(engine: Engine, id: string): z.infer<typeof conversationPageSchema> {
  const { snapshot, detach } = engine.attach(id, () => undefined);
  detach();
  const { conversation, messages, before, live } = snapshot;
  const shown = messages.map((message) =>
    message.id === live?.replyId ? { ...message, text: live.text, thinking: live.thinking } : message,
  );
  return { conversation, messages: shown, before };
}

function orFault(read: () => unknown): Answer {
  try {
    return jsonAnswer(200, read());
  } catch (error) {
    return faultAnswer(error);
  }
}
