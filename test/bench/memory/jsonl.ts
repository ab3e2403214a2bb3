/** @file A corpus as files: turns.jsonl and queries.jsonl, one object a line (docs/memory.md). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Corpus } from './corpus.ts';

const moment = z.union([z.number(), z.string().transform((written) => Date.parse(written))]).refine(Number.isFinite, 'is no time');
const turn = z.object({ conversation: z.string(), id: z.string(), session: z.string(), at: moment, speaker: z.string(), text: z.string() });
const query = z.object({ conversation: z.string(), question: z.string(), category: z.coerce.string(), evidence: z.array(z.string()) });

/** Every line as its form has it; throws in one sentence that names the line: figures of half a corpus are worth nothing. */
function linesOf<Line>(folder: string, name: string, form: z.ZodType<Line>): Line[] {
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`There is no ${name} in ${folder}; docs/memory.md says what it holds.`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [read(line, form, `${name}, line ${at + 1}`)]));
}

function read<Line>(line: string, form: z.ZodType<Line>, place: string): Line {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    throw new Error(`${place} is no JSON.`);
  }
  const known = form.safeParse(given);
  if (known.success) return known.data;
  const [issue] = known.error.issues;
  throw new Error(`${place}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
}

export function readCorpus(folder: string): Corpus {
  const turns = linesOf(folder, 'turns.jsonl', turn);
  const homes = new Map<string, string>();
  for (const { id, conversation } of turns) {
    if (homes.has(id)) throw new Error(`turns.jsonl has two turns with the id ${id}.`);
    homes.set(id, conversation);
  }
  const queries = linesOf(folder, 'queries.jsonl', query);
  const lost = queries.flatMap(({ conversation, evidence }) => evidence.filter((id) => homes.get(id) !== conversation));
  if (lost.length > 0)
    process.stderr.write(
      `${lost.length} ids of evidence are no turn of their conversation and count as not found: ${lost.slice(0, 5).join(', ')}\n`,
    );
  return { turns, queries };
}
