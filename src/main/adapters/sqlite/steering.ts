/** @file Going back, versions in the person's own words, and the note of a conversation. */
import { Fault } from '../../../shared/faults.ts';
import type { Store } from '../../engine/ports.ts';
import type { Access } from './access.ts';
import { createFinder } from './conversations.ts';
import { createMessageFinder, requirePlace } from './messages.ts';
import { stored, toConversation } from './rows.ts';

export type SteeringPart = Pick<Store, 'endPathAt' | 'onward' | 'addVersion' | 'setNote'>;

function prepare({ database }: Access) {
  return {
    place: database.prepare('SELECT conversation_id, parent_id, role FROM messages WHERE id = ?'),
    end: database.prepare('UPDATE conversations SET head_id = ? WHERE id = ?'),
    below: database.prepare('SELECT id FROM messages WHERE parent_id IS ? AND conversation_id = ? ORDER BY number DESC LIMIT 1'),
    add: database.prepare(`INSERT INTO messages (id, conversation_id, parent_id, role, text, status, origin, created_at)
      VALUES (?, ?, ?, ?, ?, 'complete', 'edited', ?)`),
    touch: database.prepare('UPDATE conversations SET head_id = ?, updated_at = ? WHERE id = ?'),
    note: database.prepare('UPDATE conversations SET author_note = ?, updated_at = ? WHERE id = ?'),
  };
}

export function createSteeringPart(access: Access): SteeringPart {
  const statements = prepare(access);
  const visible = createFinder(access);
  const find = createMessageFinder(access);
  return {
    endPathAt: (conversationId, messageId) =>
      access.write(() => {
        visible.require(conversationId);
        if (messageId !== null) requirePlace(statements.place.get(messageId), conversationId);
        statements.end.run(messageId, conversationId);
      }),
    onward: (conversationId) =>
      access.read(() => {
        const { head_id } = visible.require(conversationId);
        return (statements.below.get(head_id, conversationId) as { id: string } | undefined)?.id;
      }),
    addVersion: ({ id, conversationId, besideId, text, at }) =>
      access.write(() => {
        visible.require(conversationId);
        const { parent_id, role } = requirePlace(statements.place.get(besideId), conversationId);
        statements.add.run(id, conversationId, parent_id, role, stored(text), at);
        statements.touch.run(id, at, conversationId);
        const added = find(id);
        if (added) return added;
        throw new Fault('internal', 'A version of a message was lost inside the store; what was there before is kept; try again.');
      }),
    setNote: (conversationId, note, at) =>
      access.write(() => {
        visible.require(conversationId);
        statements.note.run(stored(note), at, conversationId);
        return toConversation(visible.require(conversationId));
      }),
  };
}
