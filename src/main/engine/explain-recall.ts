/** @file What was recalled for a reply, and what is there of it now: the note as it reads today, the message it came from. */
import type { Message, Recalled } from '../../shared/conversation.ts';
import type { ExplainedRecall } from '../../shared/inspection.ts';
import { FORGOTTEN } from './memory/forgotten-text.ts';
import { withoutUser } from './memory/memories.ts';
import type { NoteStore } from './memory/note-store.ts';
import type { Store } from './ports.ts';

type Ports = { store: Pick<Store, 'message' | 'conversation'>; notes: Pick<NoteStore, 'find' | 'hidden'> };

/** A reply that is asked for again goes with the block of the first one: that one's report tells what stood in it. */
function recalledFor(store: Ports['store'], reply: Message): readonly Recalled[] {
  for (let each: Message | undefined = reply; each; each = store.message(each.sibling.previousId ?? '')) {
    if (each.report?.recalled) return each.report.recalled;
  }
  return [];
}

/** Not one that is being forgotten: it is out of sight already. */
function messageOf({ store, notes }: Ports, id: string | undefined): ExplainedRecall['message'] {
  if (id !== undefined && notes.hidden().some(({ messageIds }) => messageIds.includes(id))) return undefined;
  const message = id === undefined ? undefined : store.message(id);
  const conversation = message && store.conversation(message.conversationId);
  if (!message || !conversation || message.text === FORGOTTEN) return undefined;
  return { id: message.id, conversationId: conversation.id, title: conversation.title };
}

function explained(ports: Ports, recalled: Recalled): ExplainedRecall {
  const { source } = recalled;
  if (!source) return recalled;
  const found = source.kind === 'message' ? undefined : ports.notes.find(source.id);
  const message = messageOf(ports, source.messageId);
  const isGone = recalled.text === FORGOTTEN || (source.kind === 'message' ? !message : !found);
  return {
    ...recalled,
    ...(isGone ? { text: FORGOTTEN, reason: FORGOTTEN, forgotten: true } : {}),
    ...(found ? { memory: withoutUser(found) } : {}),
    ...(message ? { message } : {}),
  };
}

/** In the order in which it was told; empty where nothing was, or where it was not kept yet. */
export const explainRecall = (ports: Ports, reply: Message): ExplainedRecall[] =>
  recalledFor(ports.store, reply).map((each) => explained(ports, each));
