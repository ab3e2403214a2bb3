/** @file A corpus as files: turns.jsonl and queries.jsonl, one object a line (docs/memory.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Corpus } from './corpus.ts';

const turn = z.object({
  conversation: z.string(),
  id: z.string(),
  session: z.string(),
  at: z.union([z.number(), z.string()]),
  speaker: z.string(),
  text: z.string(),
});
const query = z.object({ conversation: z.string(), question: z.string(), category: z.coerce.string(), evidence: z.array(z.string()) });

const linesOf = (folder: string, name: string): unknown[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);

export function readCorpus(folder: string): Corpus {
  const turns = linesOf(folder, 'turns.jsonl').map((line) => {
    const { at, ...rest } = turn.parse(line);
    return { ...rest, at: typeof at === 'number' ? at : Date.parse(at) };
  });
  return { turns, queries: linesOf(folder, 'queries.jsonl').map((line) => query.parse(line)) };
}
