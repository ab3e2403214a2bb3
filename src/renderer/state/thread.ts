/** @file The conversation on show: what a snapshot, a page above or a step of a turn makes of it. */
import type { Message } from '../../shared/conversation.ts';
import type { ClientEvent, TurnEvent } from '../../shared/events.ts';
import { growLive, liveFromAccepted, liveFromSnapshot, placeOf } from './live.ts';
import type { Thread } from './window-state.ts';

type Snapshot = Extract<ClientEvent, { type: 'conversation-attached' }>;
type Page = Extract<ClientEvent, { type: 'messages-loaded' }>;
type Accepted = Extract<TurnEvent, { type: 'turn-accepted' }>;
type Ended = Extract<TurnEvent, { type: 'turn-ended' }>;

const stale = (thread: Thread): Thread => ({ ...thread, stale: true });

/** What was loaded above a new snapshot, where the snapshot still hangs on it: a re-attached conversation keeps its place. */
function keptAbove(known: Thread | null, snapshot: Snapshot): Pick<Thread, 'messages' | 'before'> {
  const [first] = snapshot.messages;
  const at = known && first ? known.messages.findIndex((message) => message.id === first.id) : -1;
  if (!known || at <= 0) return { messages: snapshot.messages, before: snapshot.before };
  return { messages: [...known.messages.slice(0, at), ...snapshot.messages], before: known.before };
}

/** The thread of a snapshot; `known` is what was shown of the same conversation before. */
export function attachThread(known: Thread | null, snapshot: Snapshot, at: number): Thread {
  const same = known?.conversation.id === snapshot.conversation.id ? known : null;
  const { live } = snapshot;
  const above = keptAbove(same, snapshot);
  // The row of a reply that is being written is on disk already; it is shown from `live`.
  const row = above.messages.find((message) => message.id === live?.replyId);
  const messages = live ? withUser(above.messages, live.userMessage, live.replyId) : above.messages;
  return {
    conversation: snapshot.conversation,
    messages,
    before: above.before,
    live: live ? continued(same, liveFromSnapshot(live, row?.sibling.position ?? 1, at)) : null,
    waiting: snapshot.waiting,
    onward: snapshot.onward ?? null,
    stale: false,
    thinkingMs: same?.thinkingMs ?? {},
  };
}

/** The times of a reply that this window saw begin are better than those of a snapshot. */
function continued(known: Thread | null, live: NonNullable<Thread['live']>): NonNullable<Thread['live']> {
  if (known?.live?.turnId !== live.turnId) return live;
  const { acceptedAt, firstTextAt, thinkingFrom, thinkingMs, textDeltas, version } = known.live;
  return {
    ...live,
    acceptedAt,
    firstTextAt: firstTextAt ?? live.firstTextAt,
    thinkingFrom: thinkingFrom ?? live.thinkingFrom,
    thinkingMs,
    textDeltas,
    version: Math.max(version, live.version),
  };
}

/** The path up to the message that is being answered, without the empty row of its reply. */
function withUser(messages: readonly Message[], user: Message, replyId: string): readonly Message[] {
  const shown = messages.filter((message) => message.id !== replyId);
  return shown.some((message) => message.id === user.id) ? shown : [...shown, user];
}

/** Puts an older page above; one that does not continue what is shown is dropped. */
export function addPage(thread: Thread, page: Page): Thread {
  const last = page.messages.at(-1);
  const [first] = thread.messages;
  if (last && first && first.parentId !== last.id) return thread;
  return { ...thread, messages: [...page.messages, ...thread.messages], before: page.before };
}

/** Where a new message goes: below its parent; null where that is not shown. */
function placeBelow({ messages, before }: Thread, parentId: string | null): number | null {
  if (parentId === null) return before === null ? 0 : null;
  const parent = messages.findIndex((message) => message.id === parentId);
  return parent === -1 ? null : parent + 1;
}

function accept(thread: Thread, event: Accepted, now: number): Thread {
  const { userMessage, replyId } = event;
  if (thread.messages.some((message) => message.id === replyId)) return thread;
  const known = thread.messages.findIndex((message) => message.id === userMessage.id);
  const at = known === -1 ? placeBelow(thread, userMessage.parentId) : known;
  if (thread.live || at === null) return stale(thread);
  const replaced = known === -1 ? undefined : thread.messages[known + 1];
  const above = thread.messages.slice(0, at);
  return {
    ...thread,
    messages: [...above, userMessage],
    waiting: thread.waiting.filter((turn) => turn.turnId !== event.turnId),
    onward: null,
    live: liveFromAccepted(event, (replaced?.sibling.count ?? 0) + 1, now),
  };
}

/** The finished reply in the place of the live one. */
function finish(thread: Thread, event: Ended, at: number): Thread {
  const { message } = event;
  if (!message) return stale(thread);
  const { live } = thread;
  const spent = live ? (live.thinkingMs ?? (live.thinkingFrom === null ? null : at - live.thinkingFrom)) : null;
  const thinkingMs = spent === null || message.thinking === '' ? thread.thinkingMs : { ...thread.thinkingMs, [message.id]: spent };
  return { ...thread, messages: [...thread.messages, message], live: null, thinkingMs };
}

/** The thread after one step of a turn; `stale` where the step does not continue what is known. */
export function stepThread(thread: Thread, event: TurnEvent, at: number): Thread {
  if (event.conversationId !== thread.conversation.id || thread.stale) return thread;
  const { live } = thread;
  if (live?.turnId === event.turnId) {
    const place = placeOf(event, live.seq);
    if (place === 'known') return thread;
    if (place === 'gap' || event.type === 'turn-accepted') return stale(thread);
    return event.type === 'turn-ended' ? finish(thread, event, at) : { ...thread, live: growLive(live, event, at) };
  }
  if (event.type === 'turn-accepted') return accept(thread, event, at);
  if (event.type === 'turn-ended' && !event.message) return thread;
  const known = thread.messages.some((message) => message.role === 'assistant' && message.turnId === event.turnId);
  return known ? thread : stale(thread);
}
