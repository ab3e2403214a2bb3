/** @file Known notes as new ones are compared with them: there may be thousands, and each reply waits for it. */
import type { MemoryKind } from '../../../shared/memories.ts';
import type { NoteStore } from '../../engine/memory/note-store.ts';
import type { KeptNote } from '../../engine/memory/settle-notes.ts';
import type { Access } from './access.ts';
import { inCells } from './cells.ts';

export type ComparePart = Pick<NoteStore, 'known' | 'changes' | 'related' | 'wordings'>;

type KeptCells = [id: string, kind: string, subject: string, single: 0 | 1, text: string, saidAt: number, edited: 0 | 1];
type WordingCells = [kind: MemoryKind, text: string];

const newest = 'ORDER BY said_at DESC, number DESC LIMIT ?3';
const ofPair = 'FROM notes WHERE user_id = ?1 AND character_id = ?2 AND forgetting_id IS NULL';
const holding = `${ofPair} AND kind <> 'summary' AND superseded_by IS NULL AND superseded_at IS NULL ${newest}`;
const kept = 'id, kind, subject, single, text, said_at, edited';

function toKept([id, kind, subject, single, text, saidAt, edited]: KeptCells): KeptNote {
  return { id, kind, subject, single: single === 1, text, saidAt, edited: edited === 1 };
}

export function createComparePart({ database, read }: Access): ComparePart {
  const known = inCells(database.prepare(`SELECT ${kept} ${holding}`));
  const changes = database.prepare('SELECT total_changes() AS changes');
  const wordings = inCells(database.prepare(`SELECT kind, text ${ofPair} ORDER BY pinned DESC, said_at DESC, number DESC LIMIT ?3`));
  /** Values 1 to 5 are the pair, how many, the subjects and the ids. */
  const related = (marks: number | undefined) => {
    const holds = marks === undefined ? ['true'] : Array.from({ length: marks }, (_, at) => `instr(folded_text, ?${at + 6}) > 0`);
    const wanted = ['single = 1 AND subject IN (SELECT value FROM json_each(?4))', 'id IN (SELECT value FROM json_each(?5))', ...holds];
    return inCells(database.prepare(`SELECT ${kept} FROM (SELECT * ${holding}) WHERE ${wanted.join(' OR ')} ${newest}`));
  };
  return {
    known: ({ userId, characterId }, limit) => read(() => (known.all(userId, characterId, limit) as unknown as KeptCells[]).map(toKept)),
    changes: () => read(() => Number(changes.get()?.['changes'])),
    related: ({ userId, characterId }, { subjects, ids, marks }, limit) =>
      read(() => {
        const values = [userId, characterId, limit, JSON.stringify(subjects), JSON.stringify(ids), ...(marks ?? [])];
        return (related(marks?.length).all(...values) as unknown as KeptCells[]).map(toKept);
      }),
    wordings: ({ userId, characterId }, limit) =>
      read(() => (wordings.all(userId, characterId, limit) as unknown as WordingCells[]).map(([kind, text]) => ({ kind, text }))),
  };
}
