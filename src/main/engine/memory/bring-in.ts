/** @file Memories of a file in their place among the known ones: a few at a time, so that replies go on between. */
import { Fault } from '../../../shared/faults.ts';
import type { CarriedMemory } from '../../../shared/memories.ts';
import { BROUGHT_AT_ONCE, NOTES_COMPARED } from '../../../shared/notes-limits.ts';
import type { Clock, Ids } from '../ports.ts';
import type { BroughtIn, NoteStore, Pair } from './note-store.ts';
import { aboutOf } from './note-subject.ts';
import { comparable, type KeptNote, sameAs, settleRivals } from './settle-notes.ts';

export type BringInPorts = {
  notes: Pick<NoteStore, 'wordings' | 'known' | 'newest' | 'addedSince' | 'find' | 'bringIn'>;
  clock: Clock;
  ids: Ids;
  /** How often this companion was deleted so far. */
  deletions(characterId: string): number;
  /** They are on disk; told a few at a time. */
  brought(userId: string, ids: readonly string[]): void;
};

export type BringIn = (pair: Pair, memories: readonly CarriedMemory[]) => Promise<{ added: number; known: number }>;

/**
 * One piece of a person's with a companion after the other: a later one sees the earlier one's memories among the known ones. Rejects
 * with Fault('not-found') where the companion is deleted meanwhile.
 */
export function createBringIn(ports: BringInPorts): BringIn {
  const last = new Map<string, Promise<unknown>>();
  return (pair, memories) => {
    const key = JSON.stringify([pair.userId, pair.characterId]);
    const deletions = ports.deletions(pair.characterId);
    const mayWrite = () => {
      if (ports.deletions(pair.characterId) === deletions) return;
      throw new Fault('not-found', 'This companion was deleted meanwhile; no more memories were brought in.');
    };
    const done = (last.get(key) ?? Promise.resolve()).then(() => bringIn(ports, pair, memories, mayWrite));
    const over = done
      .catch(() => undefined)
      .finally(() => {
        if (last.get(key) === over) last.delete(key);
      });
    last.set(key, over);
    return done;
  };
}

async function bringIn(
  { notes, clock, ids, brought }: BringInPorts,
  pair: Pair,
  memories: readonly CarriedMemory[],
  mayWrite: () => void,
): ReturnType<BringIn> {
  const rest = () => new Promise<void>((resolve) => clock.soon(resolve));
  const newest = notes.newest();
  const known = notes.wordings(pair, NOTES_COMPARED).map(({ kind, text }) => ({ kind, ...comparable(text) }));
  const byKind = Map.groupBy(known, ({ kind }) => kind);
  await rest();
  let holding: readonly KeptNote[] = notes.known(pair, NOTES_COMPARED);
  const fresh: BroughtIn[] = [];
  for (const some of inPieces(memories)) {
    await rest();
    for (const each of some) {
      const isSame = sameAs(each.text);
      const alike = byKind.get(each.kind) ?? [];
      if (alike.some((other) => other.text === each.text || isSame(other))) continue;
      byKind.set(each.kind, alike);
      alike.push({ kind: each.kind, ...comparable(each.text) });
      const settled = inItsPlace({ ...inThePast(each, clock.now()), id: ids.next() }, holding);
      fresh.push(settled);
      if (settled.supersedes.length > 0) holding = holding.filter(({ id }) => !settled.supersedes.includes(id));
      if (holds(settled)) holding = [...holding, settled];
    }
  }
  await rest();
  mayWrite();
  const isHere = (id: string) => fresh.some((each) => each.id === id) || notes.find(id) !== undefined;
  const since = notes.addedSince(pair, newest);
  const settled = fresh
    // What takes the place of one of them may have been forgotten meanwhile.
    .map((each) => (each.supersededBy === undefined || isHere(each.supersededBy) ? each : { ...each, supersededBy: undefined }))
    .flatMap((each) => amongNewer(each, since));
  notes.bringIn(pair, settled);
  for (const some of inPieces(settled.flatMap((each) => [...each.supersedes, each.id]))) {
    await rest();
    brought(pair.userId, some);
  }
  return { added: settled.length, known: memories.length - settled.length };
}

/** In its place among what was learnt or told while it was compared; nothing where that says the same. */
function amongNewer(memory: BroughtIn, since: readonly KeptNote[]): BroughtIn[] {
  const isSame = sameAs(memory.text);
  if (since.some(({ kind, text }) => kind === memory.kind && (text === memory.text || isSame(comparable(text))))) return [];
  if (!holds(memory)) return [memory];
  const settled = settleRivals({ ...memory, source: { at: memory.saidAt } }, since);
  if (settled.to === 'add-superseded') return [{ ...memory, supersededBy: settled.by }];
  return [{ ...memory, supersedes: [...memory.supersedes, ...settled.supersedes] }];
}

function inPieces<Item>(all: readonly Item[]): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(all.length / BROUGHT_AT_ONCE) }, (_, at) =>
    all.slice(at * BROUGHT_AT_ONCE, (at + 1) * BROUGHT_AT_ONCE),
  );
}

/** Nothing was said later than now, whatever a file says: it would take the place of everything that is yet to be said. */
function inThePast(memory: CarriedMemory, now: number): CarriedMemory {
  const [learnedAt, saidAt] = [Math.min(memory.learnedAt, now), Math.min(memory.saidAt, now)];
  return {
    ...memory,
    learnedAt,
    saidAt,
    ...(memory.supersededAt === undefined ? {} : { supersededAt: Math.min(memory.supersededAt, now) }),
  };
}

const holds = ({ kind, supersededAt, supersededBy }: BroughtIn) =>
  kind !== 'summary' && supersededAt === undefined && supersededBy === undefined;

/** A memory of a file in its place among what holds; what it says of itself to be history stays that. */
function inItsPlace(memory: CarriedMemory & { id: string }, holding: readonly KeptNote[]): BroughtIn {
  const note = { ...memory, ...aboutOf(memory.kind, memory.text), supersedes: [], supersededBy: undefined };
  if (!holds(note)) return note;
  const settled = settleRivals({ ...note, source: { at: note.saidAt } }, holding);
  return settled.to === 'add' ? { ...note, supersedes: settled.supersedes } : { ...note, supersededBy: settled.by };
}
