/** @file The list of what is remembered: narrowed, in pages, with counts and with who else remembers something. */
import type { DatabaseSync } from 'node:sqlite';
import { Fault } from '../../../shared/faults.ts';
import type { MemoryCounts, MemoryFilter, MemoryHolder } from '../../../shared/memories.ts';
import type { NoteStore } from '../../engine/memory/note-store.ts';
import type { Access } from './access.ts';
import { type NoteRow, noteSelect, toMemory } from './note-rows.ts';
import { stored } from './rows.ts';
import { foldTitle } from './title.ts';

function prepare(database: DatabaseSync) {
  return {
    counts: database.prepare(`SELECT count(*) FILTER (WHERE kind <> 'summary' AND superseded_at IS NULL) AS notes,
        count(*) FILTER (WHERE kind = 'summary') AS summaries, count(*) FILTER (WHERE superseded_at IS NOT NULL) AS superseded,
        count(*) FILTER (WHERE pinned = 1 AND superseded_at IS NULL) AS pinned
      FROM notes WHERE user_id = ? AND (:character IS NULL OR character_id = :character) AND forgetting_id IS NULL`),
    holders: database.prepare(`SELECT character_id AS characterId, count(*) AS memories FROM notes
      WHERE user_id = ? AND superseded_at IS NULL AND forgetting_id IS NULL GROUP BY character_id ORDER BY memories DESC, character_id LIMIT 500`),
  };
}

/** What narrows a list, as conditions over a note `n`. */
function narrowed(userId: string, filter: MemoryFilter): { where: string; values: Record<string, string | number> } {
  const values: Record<string, string | number> = { userId };
  const conditions = ['n.user_id = :userId', 'n.forgetting_id IS NULL'];
  const also = (condition: string, named: Record<string, string | number> = {}) => {
    conditions.push(condition);
    Object.assign(values, named);
  };
  const query = foldTitle(stored(filter.query ?? '')).trim();
  if (query !== '') also('instr(n.folded_text, :query) > 0', { query });
  if (filter.characterId !== undefined) also('n.character_id = :characterId', { characterId: filter.characterId });
  if (filter.kinds !== undefined) also('n.kind IN (SELECT value FROM json_each(:kinds))', { kinds: JSON.stringify(filter.kinds) });
  if (filter.pinned) also('n.pinned = 1');
  if (filter.shared) also("(n.shared = 1 OR n.pinned = 1) AND n.kind <> 'summary'");
  if (filter.since !== undefined) also('n.said_at >= :since', { since: filter.since });
  if (!filter.superseded) also('n.superseded_at IS NULL');
  if (filter.conversationId !== undefined) {
    also('(n.conversation_id = :from OR n.id IN (SELECT note_id FROM note_sources WHERE conversation_id = :from))', {
      from: filter.conversationId,
    });
  }
  return { where: conditions.join(' AND '), values };
}

/** Pinned first, then by when it was last said, newest first. */
export function createNoteList({ database }: Access): NoteStore['list'] {
  const statements = prepare(database);
  return (userId, filter, limit, before) => {
    const { where, values } = narrowed(userId, filter);
    const skipped = before === undefined ? 0 : Number(before);
    if (!Number.isSafeInteger(skipped) || skipped < 0) {
      throw new Fault('bad-request', 'The place in the list of memories could not be read; nothing was changed; list them from the start.');
    }
    const { found } = database.prepare(`SELECT count(*) AS found FROM notes n WHERE ${where}`).get(values) as { found: number };
    const rows = database
      .prepare(`${noteSelect} WHERE ${where} ORDER BY n.pinned DESC, n.said_at DESC, n.number DESC LIMIT ${limit} OFFSET ${skipped}`)
      .all(values) as NoteRow[];
    const counts = statements.counts.get({ character: filter.characterId ?? null }, userId) as MemoryCounts;
    const holders = (statements.holders.all(userId) as MemoryHolder[]).map((holder) => ({ ...holder }));
    const more = skipped + rows.length < found;
    return {
      memories: rows.map(toMemory),
      found,
      counts: { ...counts },
      holders,
      ...(more ? { before: String(skipped + rows.length) } : {}),
    };
  };
}
