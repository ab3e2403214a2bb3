/** @file Recall itself: one index for each person and companion, asked with a message, answering with what is worth knowing. */
import { MEMORY_SNIPPETS } from '../../../shared/limits.ts';
import { MEMORY_SEARCH_RESULTS, RECALLED_CHARACTERS } from '../../../shared/memory-limits.ts';
import type { MemoryItem, MemoryQuery, MemorySearch, MemorySource, Snippet } from '../memory-port.ts';
import { cutAtSentence } from '../persona.ts';
import { createTokenCounter } from '../tokens.ts';
import type { Pause } from './candidates.ts';
import { likely, type Told } from './choose.ts';
import { besides, createCorrections } from './corrections.ts';
import { type CalendarDay, calendarDay } from './dates.ts';
import { createDictionary } from './dictionary.ts';
import { askOf, type Question } from './question.ts';
import { byLikelihood, ranked, weigh } from './rank.ts';
import { reasonFor } from './reason.ts';
import { createScopeIndex, kinds, type NewItem, type ScopeIndex } from './scope-index.ts';
import type { VectorTable } from './vectors.ts';

export type Stored = { text: string; source: MemorySource };
export type RecallerOptions = {
  table: VectorTable | undefined;
  /** A moment as the person's own calendar has it. */
  calendar(at: number): CalendarDay;
  /** The text of an item as it is now, and where it comes from; undefined where it is gone. */
  read(id: string): Stored | undefined;
  pause: Pause;
};
/** Whose memory: nothing crosses from one to another. */
export type Scope = { userId: string; characterId: string };

/** Said of what another companion was told. */
const SHARED_WORDS = 'You told it to another companion, and share it with all.';

const roles = ['person', 'companion'];
const DIMENSIONS = 128;
/** So few are looked through in a millisecond or two, for which nobody need make way. */
const QUICK_ITEMS = 10_000;
const noPause = () => Promise.resolve();

const keyOf = ({ userId, characterId }: Scope): string => `${userId}\n${characterId}`;

export type Recaller = ReturnType<typeof createRecaller>;

export function createRecaller({ table, calendar, read, pause }: RecallerOptions) {
  const dictionary = createDictionary(() => table);
  const scopes = new Map<string, ScopeIndex>();
  const counter = createTokenCounter(undefined);
  /** Taken out by name: what is still being read from disk must not bring them back. */
  const gone = new Set<string>();
  /** By whom it is kept: what every companion of that person may know where sharing is switched on, and nothing besides. */
  const open = new Map<string, Set<string>>();
  const corrections = createCorrections();

  function scope(of: Scope): ScopeIndex {
    const key = keyOf(of);
    const known = scopes.get(key);
    if (known) return known;
    const made = createScopeIndex(dictionary);
    scopes.set(key, made);
    return made;
  }

  /** Of the same person's other companions, those of whom something is shared. */
  function others(of: Scope): { index: ScopeIndex; ids: ReadonlySet<string> }[] {
    const own = keyOf(of);
    return [...open].flatMap(([key, ids]) => {
      const index = key !== own && key.startsWith(`${of.userId}\n`) && ids.size > 0 ? scopes.get(key) : undefined;
      return index ? [{ index, ids }] : [];
    });
  }

  /** Whatever hangs on an item beside its words. */
  function letGo(id: string): void {
    for (const ids of open.values()) ids.delete(id);
    corrections.remove(id);
  }

  /** Of a message of which something was put right since, the notes that hold now; and itself, where it says more than that. */
  function putRight(told: Told): Told[] {
    const { index, ranked } = told;
    const id = index.ids[ranked.doc] ?? '';
    const corrected = corrections.of(id);
    if (!corrected) return [told];
    const found = [...corrected].flatMap(([noteId, quotes]) => {
      const doc = index.place(noteId);
      return doc === undefined ? [] : [{ doc, quotes }];
    });
    if (found.length === 0) return [told];
    const says = besides(
      read(id)?.text ?? '',
      found.flatMap(({ quotes }) => quotes),
    );
    const notes = found.map(({ doc }) => ({ index, ranked: { ...ranked, doc }, instead: ranked.doc }));
    return says === '' ? notes : [...notes, { ...told, says }];
  }

  const ask = (message: string, before: readonly { text: string }[], now: number): Question =>
    askOf(
      dictionary,
      { message, before: before.map(({ text }) => text), today: calendar(now), speakers: roles },
      table?.dimensions ?? DIMENSIONS,
    );

  async function weighIn(index: ScopeIndex, question: Question, allowed: (doc: number) => boolean): Promise<Told[]> {
    if (index.live() === 0) return [];
    const able = index.count() < QUICK_ITEMS ? noPause : pause;
    return weigh({ index, question, allowed, pause: able, take: (doc, features) => ({ index, ranked: ranked(doc, features) }) });
  }

  function snippetOf(told: Told, question: Question, own: ScopeIndex): Snippet | undefined {
    const { index, ranked } = told;
    const stored = read(index.ids[ranked.doc] ?? '');
    const says = told.says ?? stored?.text ?? '';
    if (!stored || says.trim() === '') return undefined;
    const { text } = cutAtSentence(says, (part) => part.length <= RECALLED_CHARACTERS);
    const why = reasonFor(told, question, dictionary);
    const reason = index === own ? why : `${why} ${SHARED_WORDS}`;
    return {
      text: text === '' ? says.slice(0, RECALLED_CHARACTERS) : text,
      reason,
      score: ranked.telling,
      source: stored.source,
    };
  }

  return {
    scope,
    async recall(query: MemoryQuery, shared: boolean): Promise<Snippet[]> {
      const own = scope(query);
      const held = new Set(query.exclude.flatMap((id) => own.place(id) ?? []));
      // All there is stands in the prompt, as in a first conversation.
      if (!shared && held.size >= own.live()) return [];
      const question = ask(query.message, query.before, query.now);
      const known = await weighIn(own, question, (doc) => !held.has(doc));
      const told = corrections.any() ? known.flatMap(putRight) : known;
      for (const { index, ids } of shared ? others(query) : []) {
        told.push(...(await weighIn(index, question, (doc) => ids.has(index.ids[doc] ?? ''))));
      }
      const snippets: Snippet[] = [];
      const seen = new Set(query.exclude);
      let room = query.tokens;
      for (const each of likely(told, question.own)) {
        const snippet = snippetOf(each, question, own);
        const cost = snippet ? counter.count(snippet.text) : 0;
        // A note says nothing new while the words that it was drawn from still stand in the prompt.
        if (!snippet || cost > room || seen.has(snippet.source?.messageId ?? '')) continue;
        room -= cost;
        snippets.push(snippet);
        if (snippets.length === MEMORY_SNIPPETS) break;
      }
      return snippets;
    },
    async search(search: MemorySearch, now: number): Promise<Snippet[]> {
      const index = scope(search);
      const question = ask(search.text, [], now);
      const wanted = new Set(search.kinds.map((kind) => kinds.indexOf(kind)));
      const found = await weighIn(index, question, (doc) => wanted.has(index.data.kind[doc] ?? 0));
      const fitting = found.filter(({ ranked }) => ranked.ownShare > 0 || ranked.likelihood > 0.1);
      const ordered = fitting.sort((one, other) => byLikelihood(one.ranked, other.ranked));
      return ordered.flatMap((told) => snippetOf(told, question, index) ?? []).slice(0, Math.min(search.limit, MEMORY_SEARCH_RESULTS));
    },
    /** One more message, of a scope that is known already. */
    add(index: ScopeIndex, item: NewItem): void {
      if (!gone.has(item.id)) index.add(item);
    },
    put(of: Scope, item: NewItem, { shared, corrects = [] }: Pick<MemoryItem, 'shared' | 'corrects'> = {}): void {
      if (gone.has(item.id)) return;
      scope(of).add(item);
      corrections.put(item.id, corrects);
      if (shared) open.set(keyOf(of), (open.get(keyOf(of)) ?? new Set()).add(item.id));
    },
    /** Takes an item out wherever it is; it does not come back. */
    forget(id: string): void {
      gone.add(id);
      letGo(id);
      for (const index of scopes.values()) index.remove(id);
    },
    /** Takes an item out so that a newer one can take its place. */
    remove(id: string): void {
      gone.delete(id);
      letGo(id);
      for (const index of scopes.values()) index.remove(id);
    },
    count: () => [...scopes.values()].reduce((sum, index) => sum + index.live(), 0),
  };
}

/** The calendar of a person who lives at an offset from Greenwich, in minutes. */
export function calendarAt(offsetMinutes: (at: number) => number): (at: number) => CalendarDay {
  let last = calendarDay(0);
  return (at) => {
    const day = Math.floor((at + offsetMinutes(at) * 60_000) / 86_400_000);
    // What was said follows what was said on the same day.
    if (day !== last.day) last = calendarDay(day);
    return last;
  };
}
