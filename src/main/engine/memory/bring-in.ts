/** @file Memories of a file in their place among the known ones: a few at a time, so that replies go on between. */
import type { CarriedMemory } from '../../../shared/memories.ts';
import { BROUGHT_AT_ONCE, NOTES_COMPARED } from '../../../shared/notes-limits.ts';
import type { Clock, Ids } from '../ports.ts';
import type { BroughtIn, NoteStore, Pair } from './note-store.ts';
import { aboutOf } from './note-subject.ts';
import { comparable, type KeptNote, sameAs, settleRivals } from './settle-notes.ts';

export type BringInPorts = {
  notes: Pick<NoteStore, 'wordings' | 'known' | 'find' | 'bringIn'>;
  clock: Clock;
  ids: Ids;
  /** They are on disk; told a few at a time. */
  brought(userId: string, ids: readonly string[]): void;
};

export type BringIn = (pair: Pair, memories: readonly CarriedMemory[]) => Promise<{ added: number; known: number }>;

/** One piece after the other, whoever sends them: a later one sees the earlier one's memories among the known ones. */
export function createBringIn(ports: BringInPorts): BringIn {
  let last: Promise<unknown> = Promise.resolve();
  return (pair, memories) => {
    const done = last.then(() => bringIn(ports, pair, memories));
    last = done.catch(() => undefined);
    return done;
  };
}

async function bringIn({ notes, clock, ids, brought }: BringInPorts, pair: Pair, memories: readonly CarriedMemory[]) {
  const rest = () => new Promise<void>((resolve) => clock.soon(resolve));
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
  const isHere = (id: string) => fresh.some((each) => each.id === id) || notes.find(id) !== undefined;
  // What takes the place of one of them may have been forgotten meanwhile.
  notes.bringIn(
    pair,
    fresh.map((each) => (each.supersededBy === undefined || isHere(each.supersededBy) ? each : { ...each, supersededBy: undefined })),
  );
  for (const some of inPieces(fresh.flatMap((each) => [...each.supersedes, each.id]))) {
    await rest();
    brought(pair.userId, some);
  }
  return { added: fresh.length, known: memories.length - fresh.length };
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
