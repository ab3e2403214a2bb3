/** @file Known notes that a new one can have to do with: those alone are read, and it finds its place as among all. */
import { expect, it } from 'vitest';
import { memoryStore } from '../../../../test/kit/memory-store.ts';
import { createRandom } from '../../../../test/kit/random.ts';
import type { NoteDraft } from '../../engine/memory/draft.ts';
import type { BroughtIn } from '../../engine/memory/note-store.ts';
import { settleAll, soughtFor } from '../../engine/memory/settle-notes.ts';

const SEED = 20_261_127;
const ROUNDS = 60;
const KNOWN = 120;
const DRAFTS = 3;
const PAIR = { userId: 'default', characterId: 'default' };
const WORDS =
  'You like plum plums Cake the a not never Nora’s Nora ZÜRICH Zürich Ångström running runs 7 12 party parties ΣΟΦΟΣ boat'.split(' ');
const SUBJECTS = ['home', 'work', 'taste:plum', 'boat'];

it('[ME56] a new note finds its place among those it can have to do with as among all', () => {
  const random = createRandom(SEED);
  const words = () => Array.from({ length: random.whole(1, 7) }, () => random.pick(WORDS)).join(' ');
  const changed = (text: string) => random.pick([text, text.normalize('NFD'), text.toUpperCase(), `${text} ${random.pick(WORDS)}`]);
  let [joined, replaced, old, read] = [0, 0, 0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const store = memoryStore();
    const saidAt = () => random.whole(1, 50);
    const about = () => ({ subject: random.pick(SUBJECTS), single: random.chance(0.2) });
    const kept = Array.from({ length: KNOWN }, (_, n): BroughtIn => {
      const rest = {
        kind: 'you',
        confidence: 1,
        pinned: false,
        edited: false,
        learnedAt: 1,
        supersedes: [],
        supersededBy: undefined,
      } as const;
      return { ...rest, ...about(), id: `n${n}`, text: words(), saidAt: saidAt() };
    });
    store.notes.bringIn(PAIR, kept);
    const drafts = Array.from({ length: DRAFTS }, (_, n): NoteDraft => {
      const text = random.chance(0.5) ? words() : changed(random.pick(kept).text);
      const source = { conversationId: 'c', messageId: `m${n}`, at: saidAt() };
      const replaces = random.chance(0.2) ? { replaces: `n${random.whole(0, KNOWN - 1)}` } : {};
      return { kind: 'you', text, ...about(), origin: 'words', confidence: 1, quote: '', source, ...replaces };
    });
    const related = store.notes.related(PAIR, soughtFor(drafts), KNOWN);
    const ids = () => {
      let made = 0;
      return () => `new${++made}`;
    };
    const settled = settleAll(drafts, related, ids(), 100);
    expect(settled).toEqual(settleAll(drafts, store.notes.known(PAIR, KNOWN), ids(), 100));
    joined += settled.joins.length;
    replaced += settled.notes.flatMap(({ supersedes }) => supersedes).length;
    old += settled.notes.filter(({ supersededBy }) => supersededBy !== undefined).length;
    read += related.length;
    store.close();
  }
  console.log(
    `related notes: seed ${SEED}, ${ROUNDS} rounds of ${DRAFTS} among ${KNOWN}: ${joined} joined, ${replaced} replaced, ${old} out of date, ${read} read`,
  );
  expect(Math.min(joined, replaced, old)).toBeGreaterThan(10);
  expect(read).toBeLessThan(ROUNDS * KNOWN * 0.8);
});
