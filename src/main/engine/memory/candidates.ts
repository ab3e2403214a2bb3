/** @file The few items that are worth a closer look: by words, by meaning, by day. */
import { type Lexical, scoreWords } from './lexical.ts';
import { CODE_WORDS, codeOf } from './marks.ts';
import { largest, ones } from './nearest.ts';
import type { Question } from './question.ts';
import type { ScopeIndex } from './scope-index.ts';

/** Looked at closely: more found nothing more (measured up to 500). */
const BY_WORDS = 200;
const BY_MEANING = 100;
const BY_DAY = 100;
/** Items per step; each takes well under 10 ms. */
const STEP = 250_000;
/** Words said just before count for this much of a word of the question. */
const FAINT = 0.35;

export type Candidates = { docs: number[]; lexical: Lexical; inRange: (doc: number) => boolean; rangeIdf: number };

/** Lets others have a turn; called between steps, so that nothing is held up. */
export type Pause = () => Promise<void>;

/** Whether an item was said within the days, or speaks of them. */
function rangeTest(index: ScopeIndex, question: Question): (doc: number) => boolean {
  const { day, eventFrom, eventTo } = index.data;
  const range = question.days?.range;
  if (!range) return () => false;
  const { from, to } = range;
  return (doc) => {
    const said = day[doc] ?? 0;
    if (said >= from && said <= to) return true;
    const begin = eventFrom[doc] ?? 1;
    const end = eventTo[doc] ?? 0;
    return end >= begin && begin >= from && end <= to;
  };
}

async function nearestCodes(index: ScopeIndex, question: Question, allowed: (doc: number) => boolean, pause: Pause): Promise<number[]> {
  if (!question.hasVector) return [];
  const { codes, gone } = index.data;
  const asked = codeOf(question.vector);
  const [a = 0, b = 0, c = 0, d = 0] = asked;
  const count = index.count();
  if (count <= BY_MEANING) return Array.from({ length: count }, (_, doc) => doc).filter((doc) => gone[doc] === 0 && allowed(doc));
  // Counting how often each distance comes is one pass; the limit that lets enough through needs no sorting.
  const distances = new Uint8Array(count);
  const counts = new Int32Array(CODE_WORDS * 32 + 1);
  for (let from = 0; from < count; from += STEP) {
    if (from > 0) await pause();
    for (let doc = from; doc < Math.min(count, from + STEP); doc++) {
      const at = doc * CODE_WORDS;
      const distance =
        ones((codes[at] ?? 0) ^ a) + ones((codes[at + 1] ?? 0) ^ b) + ones((codes[at + 2] ?? 0) ^ c) + ones((codes[at + 3] ?? 0) ^ d);
      distances[doc] = distance;
      counts[distance] = (counts[distance] ?? 0) + 1;
    }
  }
  let limit = 0;
  for (let sum = counts[0] ?? 0; sum < BY_MEANING && limit < counts.length - 1; ) sum += counts[++limit] ?? 0;
  const near: number[] = [];
  for (let doc = 0; doc < count; doc++) if ((distances[doc] ?? 0) <= limit && gone[doc] === 0 && allowed(doc)) near.push(doc);
  return near.sort((x, y) => (distances[x] ?? 0) - (distances[y] ?? 0)).slice(0, BY_MEANING * 2);
}

function daysDocs(index: ScopeIndex, inRange: (doc: number) => boolean): Int32Array {
  const docs: number[] = [];
  for (let doc = 0; doc < index.count(); doc++) if (index.data.gone[doc] === 0 && inRange(doc)) docs.push(doc);
  return Int32Array.from(docs);
}

/** `allowed` leaves out what must not be recalled. */
export async function findCandidates(
  index: ScopeIndex,
  question: Question,
  allowed: (doc: number) => boolean,
  pause: Pause,
): Promise<Candidates> {
  const lexical = scoreWords(index, question.terms, (term) => (question.faint.has(term) ? FAINT : 1));
  const inRange = rangeTest(index, question);
  let rangeIdf = 0;
  const chosen = new Set<number>();
  if (question.days) {
    const docs = daysDocs(index, inRange);
    rangeIdf = Math.log(1 + index.count() / (docs.length + 1));
    const worth = (doc: number) => (lexical.scores[doc] ?? 0) + Math.min(20, index.data.length[doc] ?? 0) / 100;
    for (const doc of largest(docs, worth, BY_DAY)) if (allowed(doc)) chosen.add(doc);
  }
  await pause();
  for (const doc of largest(lexical.found, (each) => lexical.scores[each] ?? 0, BY_WORDS)) if (allowed(doc)) chosen.add(doc);
  for (const doc of await nearestCodes(index, question, allowed, pause)) chosen.add(doc);
  return { docs: [...chosen], lexical, inRange, rangeIdf };
}
