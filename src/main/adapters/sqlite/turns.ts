/** @file Turns: accepted, written bit by bit, ended; each step is one transaction. */
import type { Message } from '../../../shared/conversation.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Store, TurnEnd, TurnStart } from '../../engine/ports.ts';
import type { Access } from './access.ts';
import { createFinder } from './conversations.ts';
import { createMessageFinder } from './messages.ts';
import type { OutboxWriter } from './outbox.ts';
import type { PromptTextWriter } from './prompt-texts.ts';
import { type ConversationRow, stored, type TurnRow } from './rows.ts';
import { deriveTitle, foldTitle } from './title.ts';

export type TurnPart = Pick<Store, 'acceptTurn' | 'hasTurn' | 'setContext' | 'appendReply' | 'rewriteReply' | 'finishTurn' | 'settled'>;

type Parts = {
  statements: ReturnType<typeof prepare>;
  visible: ReturnType<typeof createFinder>;
  find: (id: string) => Message | undefined;
};

type Writers = { prompts: PromptTextWriter; outbox: OutboxWriter | undefined };

export function createTurnPart(access: Access, writers: Writers): TurnPart {
  const parts: Parts = { statements: prepare(access), visible: createFinder(access), find: createMessageFinder(access) };
  /** No reply waits for the disk to have its words; where it fails them, the next write that somebody waits for says so. */
  const behind = (action: () => void) => void access.writeAhead(action).settled.catch(() => undefined);
  return {
    acceptTurn(start) {
      const { result, settled } = access.writeAhead(() => accept(parts, start));
      return { ...result, settled };
    },
    hasTurn: (turnId) => access.read(() => parts.statements.turn.get(turnId) !== undefined),
    setContext: (userMessageId, context) =>
      access.writeSoon(() => {
        parts.statements.context.run(stored(context), userMessageId);
      }),
    appendReply: (turnId, text, thinking) =>
      behind(() => {
        const { changes } = parts.statements.append.run(stored(text), stored(thinking), turnId);
        if (changes === 0) throw noTurn();
      }),
    rewriteReply: (turnId, text, thinking) =>
      behind(() => {
        const { changes } = parts.statements.rewrite.run(stored(text), stored(thinking), turnId);
        if (changes === 0) throw noTurn();
      }),
    finishTurn: (end) => access.writeSoon(() => finish(parts, writers, end)),
    settled: () => access.settled(),
  };
}

/** Replies that a dead process left half-written keep their text and say what they are. Runs when the store is opened. */
export function markInterrupted(access: Access, at: number): number {
  return access.write(() => {
    const { changes } = access.database.prepare(`UPDATE messages SET status = 'interrupted' WHERE status = 'writing'`).run();
    access.database.prepare('UPDATE turns SET ended_at = ? WHERE ended_at IS NULL').run(at);
    return Number(changes);
  });
}

function prepare({ database }: Access) {
  return {
    turn: database.prepare('SELECT id, conversation_id, user_message_id, reply_id, ended_at FROM turns WHERE id = ?'),
    insertTurn: database.prepare('INSERT INTO turns (id, conversation_id, user_message_id, reply_id, started_at) VALUES (?, ?, ?, ?, ?)'),
    insertUser: database.prepare(`INSERT INTO messages (id, conversation_id, parent_id, turn_id, role, text, status, mood, created_at)
      VALUES (?, ?, ?, ?, 'user', ?, 'complete', ?, ?)`),
    beside: database.prepare('SELECT id FROM messages WHERE parent_id IS ? AND conversation_id = ? ORDER BY number'),
    insertReply: database.prepare(`INSERT INTO messages
      (id, conversation_id, parent_id, turn_id, role, text, thinking, origin, status, created_at)
      VALUES (?, ?, ?, ?, 'assistant', ?, ?, ?, 'writing', ?)`),
    head: database.prepare('UPDATE conversations SET head_id = ?, updated_at = ? WHERE id = ?'),
    title: database.prepare('UPDATE conversations SET title = ?, folded_title = ? WHERE id = ?'),
    touch: database.prepare('UPDATE conversations SET updated_at = ? WHERE id = ?'),
    context: database.prepare('UPDATE messages SET context = ? WHERE id = ?'),
    append: database.prepare(`UPDATE messages SET text = text || ?, thinking = thinking || ?
      WHERE id = (SELECT reply_id FROM turns WHERE id = ?) AND status = 'writing'`),
    rewrite: database.prepare(`UPDATE messages SET text = ?, thinking = ?
      WHERE id = (SELECT reply_id FROM turns WHERE id = ?) AND status = 'writing'`),
    finishReply: database.prepare('UPDATE messages SET text = ?, thinking = ?, status = ?, report = ?, fault = ? WHERE id = ?'),
    endTurn: database.prepare('UPDATE turns SET ended_at = ? WHERE id = ?'),
  };
}

type Written = Omit<ReturnType<Store['acceptTurn']>, 'settled'>;

function accept(parts: Parts, start: TurnStart): Written {
  const conversation = parts.visible.require(start.conversationId);
  const known = parts.statements.turn.get(start.turnId) as TurnRow | undefined;
  if (known) return knownTurn(parts, start, known);
  const userMessage = 'existingId' in start.user ? undefined : insertUserMessage(parts, conversation, start, start.user);
  const userId = 'existingId' in start.user ? existingMessage(parts, start, start.user.existingId) : start.user.id;
  insertReply(parts, start, userId);
  parts.statements.insertTurn.run(start.turnId, start.conversationId, userId, start.replyId, start.startedAt);
  parts.statements.head.run(start.replyId, start.startedAt, start.conversationId);
  return {
    known: false,
    ...(userMessage ? { userMessage, reply: firstReply(start, userId) } : bothMessages(parts, userId, start.replyId)),
  };
}

/** The only one below a new message; nobody reads back what was written a moment ago. */
function firstReply({ replyId, conversationId, turnId, startedAt, reply }: TurnStart, userId: string): Message {
  return {
    id: replyId,
    conversationId,
    parentId: userId,
    turnId,
    role: 'assistant',
    text: stored(reply?.text ?? ''),
    thinking: stored(reply?.thinking ?? ''),
    status: 'writing',
    createdAt: startedAt,
    sibling: { position: 1, count: 1, previousId: null, nextId: null },
    ...(reply && { origin: reply.origin }),
  };
}

function insertReply(parts: Parts, { replyId, conversationId, turnId, startedAt, reply }: TurnStart, userId: string): void {
  const [text, thinking] = [stored(reply?.text ?? ''), stored(reply?.thinking ?? '')];
  parts.statements.insertReply.run(replyId, conversationId, userId, turnId, text, thinking, reply?.origin ?? null, startedAt);
}

function knownTurn(parts: Parts, start: TurnStart, known: TurnRow): Written {
  if (known.conversation_id === start.conversationId) return { known: true, ...bothMessages(parts, known.user_message_id, known.reply_id) };
  throw new Fault('bad-request', 'This turn belongs to another conversation; nothing was changed; send the message again.');
}

function existingMessage(parts: Parts, start: TurnStart, id: string): string {
  const message = parts.find(id);
  if (message?.role === 'user' && message.conversationId === start.conversationId) return id;
  throw new Fault(
    'bad-request',
    'The message to answer again is not in this conversation; nothing was changed; open the conversation again.',
  );
}

function insertUserMessage(
  parts: Parts,
  conversation: ConversationRow,
  start: TurnStart,
  { id, text: words, mood, parentId = conversation.head_id }: Exclude<TurnStart['user'], { existingId: string }>,
): Message {
  const { conversationId, turnId, startedAt } = start;
  const text = stored(words);
  const beside = parts.statements.beside.all(parentId, conversationId) as { id: string }[];
  parts.statements.insertUser.run(id, conversationId, parentId, turnId, text, JSON.stringify(mood), startedAt);
  if (conversation.titled === 0 && conversation.title === '') {
    const title = deriveTitle(text);
    parts.statements.title.run(title, foldTitle(title), conversationId);
  }
  const place = beside.length + 1;
  const sibling = { position: place, count: place, previousId: beside.at(-1)?.id ?? null, nextId: null };
  return {
    id,
    conversationId,
    parentId,
    turnId,
    role: 'user',
    text,
    thinking: '',
    status: 'complete',
    createdAt: startedAt,
    sibling,
    mood,
  };
}

function bothMessages(parts: Parts, userId: string, replyId: string): { userMessage: Message; reply: Message } {
  const userMessage = parts.find(userId);
  const reply = parts.find(replyId);
  if (userMessage && reply) return { userMessage, reply };
  throw new Fault('internal', 'A turn lost its messages inside the store; what else was written is kept; send the message again.');
}

function finish(parts: Parts, { prompts, outbox }: Writers, end: TurnEnd): Message {
  const turn = parts.statements.turn.get(end.turnId) as TurnRow | undefined;
  if (!turn) throw noTurn();
  if (turn.ended_at === null) {
    const report = end.report ? JSON.stringify(end.report) : null;
    const fault = end.fault ? JSON.stringify(end.fault) : null;
    parts.statements.finishReply.run(stored(end.text), stored(end.thinking), end.status, report, fault, turn.reply_id);
    prompts.keep(turn.conversation_id, end.promptTexts ?? []);
    parts.statements.endTurn.run(end.endedAt, end.turnId);
    parts.statements.touch.run(end.endedAt, turn.conversation_id);
    if (end.status === 'complete' || (end.status === 'stopped' && end.text !== '')) outbox?.add(turn, end.endedAt);
  }
  return bothMessages(parts, turn.user_message_id, turn.reply_id).reply;
}

function noTurn(): Fault {
  return new Fault('turn-not-found', 'This turn is not being written any more; what was saved of it is kept; send the message again.');
}
