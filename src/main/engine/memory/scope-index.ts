/** @file What one companion knows of one person: items in order, who said them, when, and where each word stands. */
import type { CalendarDay } from './dates.ts';
import { daysIn } from './dates.ts';
import type { Dictionary } from './dictionary.ts';
import { type IntList, intList, push, withRoom } from './growing.ts';
import { CODE_WORDS, flag } from './marks.ts';
import { createScratch } from './scratch.ts';
import { signsOf, sumVectors } from './sums.ts';

export type ItemKind = 'message' | 'note' | 'summary';
export const kinds: readonly ItemKind[] = ['message', 'note', 'summary'];

/** `speaker` is a name or a role in small letters; items of one `thread` follow each other as they were said. */
export type NewItem = {
  id: string;
  kind: ItemKind;
  thread: string;
  speaker: string;
  text: string;
  at: number;
  calendar: CalendarDay;
  /** Begins a new sitting although no time has passed; by the gap where undefined. */
  session?: string;
};

/** A pause this long begins a new sitting. */
const SESSION_GAP_MS = 3 * 60 * 60 * 1000;
/** With the vector of the last item's words, so that the next one need not add them up again. */
type Threads = Map<string, { last: number; session: string | undefined; vector: Float32Array | undefined }>;

export type ScopeIndex = ReturnType<typeof createScopeIndex>;

export function createScopeIndex(dictionary: Dictionary) {
  const ids: string[] = [];
  const places = new Map<string, number>();
  const speakers: string[] = [];
  const speakerNumbers = new Map<string, number>();
  const threads: Threads = new Map();
  const postings: (IntList | undefined)[] = [];
  let live = 0;
  let totalLength = 0;
  const data = {
    at: new Float64Array(16),
    day: new Int32Array(16),
    eventFrom: new Int32Array(16),
    eventTo: new Int32Array(16),
    previous: new Int32Array(16),
    next: new Int32Array(16),
    session: new Int32Array(16),
    /** Words of the item: a stretch of `pool`. */
    begin: new Int32Array(17),
    length: new Int32Array(16),
    speaker: new Uint8Array(16),
    kind: new Uint8Array(16),
    flags: new Uint8Array(16),
    gone: new Uint8Array(16),
    codes: new Int32Array(16 * CODE_WORDS),
    /** Lengths of the vectors: of its own words, and with those before at half weight. */
    sizes: new Float32Array(32),
  };
  let pool = new Int32Array(256);
  let sessions = 0;
  /** Of one item at a time. */
  const summed = new Float32Array(CODE_WORDS * 32);

  function makeRoom(count: number): void {
    if (count <= data.at.length) return;
    const room = Math.max(count, data.at.length * 2);
    for (const name of [
      'at',
      'day',
      'eventFrom',
      'eventTo',
      'previous',
      'next',
      'session',
      'length',
      'speaker',
      'kind',
      'flags',
      'gone',
    ] as const) {
      data[name] = withRoom(data[name] as never, room) as never;
    }
    data.begin = withRoom(data.begin, room + 1);
    data.codes = withRoom(data.codes, room * CODE_WORDS);
    data.sizes = withRoom(data.sizes, room * 2);
  }

  function speakerOf(name: string): number {
    const known = speakerNumbers.get(name);
    if (known !== undefined) return known;
    const made = Math.min(speakers.length, 255);
    speakers.push(name);
    speakerNumbers.set(name, made);
    return made;
  }

  function addWords(doc: number, words: readonly number[]): void {
    const begin = data.begin[doc] ?? 0;
    pool = withRoom(pool, begin + words.length);
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? -1;
      pool[begin + at] = word;
      const term = dictionary.term(word);
      let list = postings[term];
      if (!list) {
        list = intList();
        postings[term] = list;
      }
      push(list, doc);
    }
    data.length[doc] = words.length;
    data.begin[doc + 1] = begin + words.length;
    totalLength += words.length;
  }

  /** The code and the lengths of its vector, which becomes that of its thread. */
  function addMeaning(doc: number, thread: string, before: Float32Array | undefined): void {
    const vector = before ?? new Float32Array(summed.length);
    const begin = data.begin[doc] ?? 0;
    sumVectors(dictionary, pool, begin, begin + (data.length[doc] ?? 0), summed);
    const { own, both } = signsOf(summed, vector, data.codes, doc * CODE_WORDS);
    data.sizes[doc * 2] = Math.sqrt(own);
    data.sizes[doc * 2 + 1] = Math.sqrt(both);
    vector.set(summed);
    const end = threads.get(thread);
    if (end) end.vector = vector;
  }

  function linkTo(doc: number, item: NewItem): void {
    const thread = threads.get(item.thread);
    const before = thread?.last ?? -1;
    data.previous[doc] = before;
    data.next[doc] = -1;
    const begins =
      before < 0 || (item.session !== undefined ? item.session !== thread?.session : item.at - (data.at[before] ?? 0) > SESSION_GAP_MS);
    if (before >= 0) data.next[before] = doc;
    if (begins) sessions += 1;
    data.session[doc] = begins ? sessions : (data.session[before] ?? 0);
    if (begins) data.flags[doc] = (data.flags[doc] ?? 0) | flag.first;
    threads.set(item.thread, { last: doc, session: item.session, vector: undefined });
  }

  return {
    dictionary,
    data,
    scratch: createScratch(),
    ids,
    speakers,
    postings,
    words: () => pool,
    count: () => ids.length,
    live: () => live,
    averageLength: () => (ids.length === 0 ? 1 : Math.max(1, totalLength / ids.length)),
    sessions: () => sessions + 1,
    has: (id: string) => places.has(id),
    place: (id: string) => places.get(id),
    /** The last item of a thread that is still there. */
    lastOf: (thread: string) => ids[threads.get(thread)?.last ?? -1],
    /** Items of a thread that come after one of them, the last first; all of them where it names none. */
    after(thread: string, id: string | undefined): string[] {
      const later: string[] = [];
      for (let doc = threads.get(thread)?.last ?? -1; doc >= 0 && ids[doc] !== id; doc = data.previous[doc] ?? -1)
        later.push(ids[doc] ?? '');
      return later;
    },
    add(item: NewItem): void {
      const doc = ids.length;
      makeRoom(doc + 1);
      ids.push(item.id);
      places.set(item.id, doc);
      const { words, flags, mayTellDays } = dictionary.glance(item.text);
      const days = mayTellDays ? daysIn(item.text, item.calendar) : undefined;
      data.at[doc] = item.at;
      data.day[doc] = item.calendar.day;
      data.eventFrom[doc] = days?.range.from ?? 1;
      data.eventTo[doc] = days?.range.to ?? 0;
      data.kind[doc] = kinds.indexOf(item.kind);
      data.flags[doc] = days ? flags | flag.time : flags;
      data.speaker[doc] = speakerOf(item.speaker);
      data.gone[doc] = 0;
      addWords(doc, words);
      const before = threads.get(item.thread)?.vector;
      linkTo(doc, item);
      addMeaning(doc, item.thread, before);
      live += 1;
    },
    /** It is found no more, and what stood around it stands together. */
    remove(id: string): void {
      const doc = places.get(id);
      if (doc === undefined) return;
      places.delete(id);
      ids[doc] = '';
      data.gone[doc] = 1;
      live -= 1;
      pool.fill(-1, data.begin[doc] ?? 0, (data.begin[doc] ?? 0) + (data.length[doc] ?? 0));
      const before = data.previous[doc] ?? -1;
      const after = data.next[doc] ?? -1;
      if (before >= 0) data.next[before] = after;
      if (after >= 0) data.previous[after] = before;
      for (const [thread, end] of threads) if (end.last === doc) threads.set(thread, { ...end, last: before, vector: undefined });
    },
  };
}
