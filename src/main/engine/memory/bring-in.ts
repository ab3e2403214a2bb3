/** @file Memories of a file in their place among the known ones: a few at a time, so that replies go on between. */
import { Fault } from '../../../shared/faults.ts';
import type { CarriedMemory } from '../../../shared/memories.ts';
import { BROUGHT_AT_ONCE, NOTES_COMPARED } from '../../../shared/notes-limits.ts';
import type { Clock, Ids } from '../ports.ts';
import type { BroughtIn, NoteStore, Pair } from './note-store.ts';
import { aboutOf } from './note-subject.ts';
import { comparable, type KeptNote, sameAs, settleRivals } from './settle-notes.ts';

export type BringInPorts = {
  notes: Pick<NoteStore, 'wordings' | 'known' | 'changes' | 'find' | 'bringIn'>;
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
  const changes = notes.changes();
  const known = notes.wordings(pair, NOTES_COMPARED).map(({ kind, text }) => ({ kind, ...comparable(text) }));
  const byKind = Map.groupBy(known, ({ kind }) => kind);
  await rest();
  const before = new Map(notes.known(pair, NOTES_COMPARED).map((note) => [note.id, note]));
  let holding: readonly KeptNote[] = [...before.values()];
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
  const isAsBefore = notes.changes() === changes;
  const since = isAsBefore ? [] : notes.known(pair, NOTES_COMPARED).filter(({ id, text }) => before.get(id)?.text !== text);
  const settled = amongNewer(fresh, since, (id) => notes.find(id) !== undefined);
  notes.bringIn(pair, settled);
  for (const some of inPieces(settled.flatMap((each) => [...each.supersedes, each.id]))) {
    await rest();
    brought(pair.userId, some);
  }
  return { added: settled.length, known: memories.length - settled.length };
}

/** In their places among what was learnt, told or worded anew while they were compared; without those that say the same. */
function amongNewer(fresh: readonly BroughtIn[], since: readonly KeptNote[], isThere: (id: string) => boolean): BroughtIn[] {
  const newer = since.map((note) => ({ note, form: comparable(note.text) }));
  const sameIn = ({ kind, text }: BroughtIn): string | undefined => {
    const isSame = sameAs(text);
    return newer.find(({ note, form }) => note.kind === kind && (note.text === text || isSame(form)))?.note.id;
  };
  const told = new Map(fresh.flatMap((each) => [[each.id, sameIn(each)] as const]));
  const ids = new Set(fresh.map(({ id }) => id));
  /** What takes its place may be told by another by now, or have been forgotten. */
  const successor = (id: string | undefined): string | undefined => {
    const is = id === undefined ? undefined : (told.get(id) ?? id);
    return is !== undefined && (ids.has(is) || isThere(is)) ? is : undefined;
  };
  return fresh
    .filter(({ id }) => told.get(id) === undefined)
    .map((each) => {
      const memory = { ...each, supersededBy: successor(each.supersededBy) };
      const settled = holds(memory) ? settleRivals({ ...memory, source: { at: memory.saidAt } }, since) : undefined;
      if (settled?.to === 'add-superseded') return { ...memory, supersededBy: settled.by };
      return settled ? { ...memory, supersedes: [...memory.supersedes, ...settled.supersedes] } : memory;
    });
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
