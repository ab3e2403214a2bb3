/** @file What the log shows, row by row, from the messages of a conversation. */
import type { Message } from '../../shared/conversation.ts';
import type { Direction } from '../../shared/mood.ts';
import type { LiveReply, Outgoing, Thread } from '../state/window-state.ts';
import { soundOf, type Thresholds } from './mood.ts';

/** Colours of the mood thread along a row. */
type Tint = { from: Direction; to: Direction };
export type UserRow = Tint & { kind: 'user'; key: string; message: Message; beyond: boolean };
export type ReplyRow = Tint & { kind: 'reply'; key: string; message: Message; live: null; beyond: boolean; thinkingMs: number | null };
export type LiveRow = Tint & { kind: 'reply'; key: string; message: null; live: LiveReply; beyond: false; thinkingMs: number | null };
export type WaitingRow = Tint & { kind: 'waiting'; key: string; turnId: string; text: string; outgoing: Outgoing | null };
export type BoundaryRow = Tint & { kind: 'boundary'; key: string };
/** What came after the end of the path is kept on another branch. */
export type OnwardRow = Tint & { kind: 'onward'; key: string; messageId: string };
export type Row = UserRow | ReplyRow | LiveRow | WaitingRow | BoundaryRow | OnwardRow;

/** The oldest message the companion could see at the last reply; null where she saw everything. */
function oldestSeen(messages: readonly Message[]): string | null {
  const report = messages.findLast((message) => message.report)?.report;
  return report?.historyTrimmed ? report.oldestSentId : null;
}

/** All versions of a reply, and the one being written, are one row: it keeps its place and the keyboard when another is shown. */
const replyKey = (parentId: string) => `reply-${parentId}`;

/** Versions of the person's words are one row too; before there are any it has its key from the moment they are typed: the turn's id. */
const userKey = ({ id, turnId, parentId, sibling }: Message) => (sibling.count > 1 ? `said-${parentId}` : `turn-${turnId ?? id}`);

/** Rows of what is finished. */
export function finishedRows(messages: readonly Message[], thinkingMs: Thread['thinkingMs'], thresholds: Thresholds): Row[] {
  const boundary = oldestSeen(messages);
  const boundaryAt = messages.findIndex((message) => message.id === boundary);
  const rows: Row[] = [];
  let from: Direction = 'steady';
  for (const [index, message] of messages.entries()) {
    const beyond = index < boundaryAt;
    if (index === boundaryAt && index > 0) rows.push({ kind: 'boundary', key: 'boundary', from, to: from });
    if (message.role === 'user') {
      from = soundOf(message, messages[index + 1], thresholds);
      rows.push({ kind: 'user', key: userKey(message), message, from, to: from, beyond });
      continue;
    }
    const next = messages[index + 1];
    const to = next?.role === 'user' ? soundOf(next, messages[index + 2], thresholds) : from;
    rows.push({
      kind: 'reply',
      key: replyKey(message.parentId ?? message.id),
      message,
      live: null,
      from,
      to,
      beyond,
      thinkingMs: thinkingMs[message.id] ?? null,
    });
  }
  return rows;
}

/** The rows below: the reply that is written and what waits behind it. */
export function openRows(thread: Thread | null, outgoing: readonly Outgoing[], last: Row | undefined): Row[] {
  const from = last?.to ?? 'steady';
  const rows: Row[] = [];
  const live = thread?.live;
  if (live)
    rows.push({
      kind: 'reply',
      key: replyKey(live.userMessageId),
      message: null,
      live,
      from,
      to: from,
      beyond: false,
      thinkingMs: live.thinkingMs,
    });
  if (thread?.onward && !live) rows.push({ kind: 'onward', key: 'onward', messageId: thread.onward, from, to: from });
  for (const { turnId, text } of thread?.waiting ?? []) {
    rows.push({ kind: 'waiting', key: `turn-${turnId}`, turnId, text, outgoing: null, from, to: from });
  }
  // Other words for a message take its place as soon as they are on disk; until then only trouble is shown.
  for (const message of outgoing.filter(({ edits, fault }) => edits === undefined || fault !== undefined)) {
    const { turnId, text } = message;
    rows.push({ kind: 'waiting', key: `turn-${turnId}`, turnId, text, outgoing: message, from, to: from });
  }
  return rows;
}

/** Whether nothing was said yet: at most the greeting is there. */
export function isUnspoken(thread: Thread | null, outgoing: readonly Outgoing[]): boolean {
  if (outgoing.some(({ edits }) => edits === undefined) || thread?.live || (thread?.waiting.length ?? 0) > 0) return false;
  if (thread?.onward) return false;
  return (thread?.messages ?? []).every(
    (message) => message.role === 'assistant' && message.turnId === null && message.sibling.count === 1,
  );
}
