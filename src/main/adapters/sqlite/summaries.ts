/** @file Summaries of conversations: added, and read newest first. */
import type { Store } from '../../engine/ports.ts';
import type { StoredSummary } from '../../engine/stored-prompt.ts';
import type { Access } from './access.ts';
import { stored } from './rows.ts';

/** More than these of one conversation are never looked at: the newest that fits the path is taken. */
const READ_AT_MOST = 20;

export function createSummaryPart(access: Access): Pick<Store, 'summaries' | 'addSummary'> {
  const { database } = access;
  const list = database.prepare(
    `SELECT id, through_id AS throughId, text FROM summaries WHERE conversation_id = ? ORDER BY number DESC LIMIT ${READ_AT_MOST}`,
  );
  const insert = database.prepare('INSERT INTO summaries (id, conversation_id, through_id, text, created_at) VALUES (?, ?, ?, ?, ?)');
  return {
    summaries: (conversationId) => access.readKept(`summaries ${conversationId}`, () => list.all(conversationId) as StoredSummary[]),
    addSummary: (conversationId, { id, throughId, text }, at) =>
      access.write(() => {
        insert.run(id, conversationId, throughId, stored(text), at);
      }),
  };
}
