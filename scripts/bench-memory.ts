/** @file npm run bench:memory: how much recall finds, beside plain FTS5. `--data DIR` takes turns.jsonl and queries.jsonl; `--fit` prints weights. */

import { likely } from '../src/main/engine/memory/choose.ts';
import { MEMORY_SNIPPETS } from '../src/shared/limits.ts';
import { RECALL_LIKELIHOOD } from '../src/shared/memory-limits.ts';
import { percentile } from '../test/bench/figures.ts';
import { type Corpus, makeCorpus } from '../test/bench/memory/corpus.ts';
import { fitWeights } from '../test/bench/memory/fit.ts';
import { measureForgetting } from '../test/bench/memory/forgetting.ts';
import { measureHands } from '../test/bench/memory/hands.ts';
import { readCorpus } from '../test/bench/memory/jsonl.ts';
import type { Loop } from '../test/bench/memory/loop.ts';
import { DEPTHS, measure } from '../test/bench/memory/quality.ts';
import { createOwnSearch, createPlainSearch, loadTable } from '../test/bench/memory/search.ts';
import { measureLoop, measureSpeed } from '../test/bench/memory/speed.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

/** Seeds of the conversations that weights are fitted on, and of those that they are measured on. */
const FITTED_ON = 11;
const MEASURED_ON = 23;
const RIDGE = 2e-3;

const folder = option('--data');
const table = await loadTable();

async function compare(corpus: Corpus, counted: (category: string) => boolean): Promise<void> {
  for (const pooled of [false, true]) {
    for (const [name, make] of [
      ['plain FTS5', createPlainSearch],
      ['own recall', (turns: Corpus['turns']) => createOwnSearch(turns, table)],
    ] as const) {
      for (const { category, questions, recall, ms } of await measure(corpus, make as never, pooled, (query) => counted(query.category))) {
        const found = recall.map((sum, at) => `@${DEPTHS[at]} ${((100 * sum) / questions).toFixed(1)}`).join('  ');
        const time = `p50 ${percentile(ms, 0.5).toFixed(2)} ms, p95 ${percentile(ms, 0.95).toFixed(2)} ms`;
        process.stdout.write(`${pooled ? 'pooled' : 'own'}  ${name}  ${category.padEnd(8)} n=${questions}  ${found}  ${time}\n`);
      }
    }
  }
}

/** Whether something is pushed in that nobody asked for. */
async function pushed(corpus: Corpus): Promise<void> {
  for (const limit of [0.2, 0.4, 0.5, RECALL_LIKELIHOOD, 0.6, 0.7]) {
    let none = 0;
    let pushedNone = 0;
    let asked = 0;
    let kept = 0;
    for (const conversation of new Set(corpus.turns.map((turn) => turn.conversation))) {
      const search = createOwnSearch(
        corpus.turns.filter((turn) => turn.conversation === conversation),
        table,
      );
      for (const query of corpus.queries.filter((each) => each.conversation === conversation)) {
        const ranked = await search.ranked(query);
        const told = likely(
          ranked.map((each) => ({ index: search.index, ranked: each })),
          undefined,
          limit,
        ).slice(0, MEMORY_SNIPPETS);
        if (query.evidence.length === 0) {
          none += 1;
          if (told.length > 0) pushedNone += 1;
        } else {
          asked += 1;
          if (told.some(({ ranked: { doc } }) => query.evidence.includes(search.index.ids[doc] ?? ''))) kept += 1;
        }
      }
    }
    process.stdout.write(
      `likelihood ≥ ${limit}: answered ${((100 * kept) / asked).toFixed(1)} %; questions with no answer that still get something ${((100 * pushedNone) / none).toFixed(1)} %\n`,
    );
  }
}

function corpusIn(folder: string): Corpus {
  try {
    return readCorpus(folder);
  } catch (error) {
    process.stderr.write(`Nothing was measured. ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

const loopWords = ({ heldMs, lateMs }: Loop): string => `held for ${heldMs.toFixed(1)} ms at most, late by ${lateMs.toFixed(1)} ms at most`;

if (process.argv.includes('--speed')) {
  const count = Number(option('--speed') ?? 100_000);
  const { readyMs, p50, p95, turnMs } = await measureSpeed(count);
  const { first, later } = await measureLoop(count);
  const form = (value: number) => `${value.toFixed(1)} ms`;
  process.stdout.write(
    `${count} messages: ready ${form(readyMs)} after the start; recall p50 ${form(p50)}, p95 ${form(p95)}; a turn indexed in ${turnMs.toFixed(2)} ms\n` +
      `the service’s loop, from ready to the third reply: ${loopWords(first)}; over sixty turns after that: ${loopWords(later)}\n`,
  );
  process.exit(0);
} else if (process.argv.includes('--forget')) {
  const count = Number(option('--forget') ?? 100_000);
  const { megabytes, backup, forget, purge, long } = await measureForgetting(count);
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  process.stdout.write(
    `${count} messages (${megabytes.toFixed(0)} MB, three backups):\n` +
      `a backup ${seconds(backup.tookMs)}; the loop ${loopWords(backup)}\n` +
      `a message forgotten ${seconds(forget.tookMs)} after the click, time to undo included; the loop ${loopWords(forget)}\n` +
      `a conversation removed ${seconds(purge.tookMs)}; the loop ${loopWords(purge)}\n` +
      `one of ${Math.round(count / 5)} messages removed ${seconds(long.tookMs)}; the loop ${loopWords(long)}\n`,
  );
} else if (process.argv.includes('--hands')) {
  const deeds = await measureHands(Number(option('--hands') ?? 100_000), Number(option('--notes') ?? 2_000));
  for (const { name, tookMs, loop } of deeds)
    process.stdout.write(`${name.padEnd(36)} ${(tookMs / 1_000).toFixed(2).padStart(6)} s  ${loopWords(loop)}\n`);
  process.exit(0);
} else if (process.argv.includes('--fit')) {
  const made = await fitWeights(makeCorpus(FITTED_ON, 24), table, RIDGE);
  process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
} else if (folder !== undefined) {
  const categories = option('--categories')?.split(',');
  await compare(corpusIn(folder), (category) => categories === undefined || categories.includes(category));
} else {
  const corpus = makeCorpus(MEASURED_ON, 12);
  process.stdout.write(`seed ${MEASURED_ON}: ${corpus.turns.length} turns, ${corpus.queries.length} questions\n`);
  await compare(corpus, () => true);
  await pushed(corpus);
}
