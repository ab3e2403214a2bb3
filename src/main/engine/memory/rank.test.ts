/** @file How likely something is said to be, in memories of every size. */
import { expect, it } from 'vitest';
import { makeCorpus } from '../../../../test/bench/memory/corpus.ts';
import { createOwnSearch, loadTable } from '../../../../test/bench/memory/search.ts';

const SEED = 11;
const CONVERSATIONS = process.env['TEST_LONG'] ? 16 : 4;
const table = await loadTable();
const { turns, queries } = makeCorpus(SEED, CONVERSATIONS);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

type Search = ReturnType<typeof createOwnSearch>;
type Ranked = Awaited<ReturnType<Search['ranked']>>;

const tellingOf = (search: Search, ranked: Ranked, id: string | undefined) =>
  ranked.find(({ doc }) => search.index.ids[doc] === id)?.telling ?? 0;

it('[RC19] a message is as likely to be meant among two messages as among hundreds, whether it answers or not', async () => {
  const drift = { answers: [] as number[], others: [] as number[] };
  for (const [conversation, whole] of Map.groupBy(turns, (turn) => turn.conversation)) {
    const many = createOwnSearch(whole, table);
    for (const query of queries.filter((each) => each.conversation === conversation)) {
      const ranked = await many.ranked(query);
      // Where there is no answer: what comes nearest to one.
      const id = query.evidence[0] ?? many.index.ids[ranked.toSorted((one, other) => other.telling - one.telling)[0]?.doc ?? -1];
      const among = tellingOf(many, ranked, id);
      const at = whole.findIndex((turn) => turn.id === id);
      if (among === 0 || at < 0) continue;
      // With what was said to it, and nothing else.
      const few = createOwnSearch(whole.slice(at, at + 2), table);
      drift[query.evidence.length > 0 ? 'answers' : 'others'].push(tellingOf(few, await few.ranked(query), id) - among);
    }
  }
  const { answers, others } = drift;
  console.log(
    `likelihood: seed ${SEED}, ${answers.length} answers ${mean(answers).toFixed(3)} likelier among two than among all, ${others.length} others ${mean(others).toFixed(3)}`,
  );
  expect(answers.length).toBeGreaterThan(20 * CONVERSATIONS);
  expect(others.length).toBeGreaterThan(5 * CONVERSATIONS);
  expect(Math.abs(mean(answers))).toBeLessThan(0.05);
  expect(mean(others)).toBeLessThan(0.1);
});
