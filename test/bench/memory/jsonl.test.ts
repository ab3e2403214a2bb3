/** @file Files of a corpus: read as documented, and refused in words. */
import { writeFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../kit/service.ts';
import { readCorpus } from './jsonl.ts';

const turn = { conversation: 'c', id: 't1', session: 's', at: '2026-05-04T10:00:00Z', speaker: 'Tom', text: 'I painted the door.' };
const query = { conversation: 'c', question: 'What did I paint?', category: 1, evidence: ['t1'] };
const folder = temporaryFolder('corpus');
const read = (turns: unknown[], queries: unknown[] = [query]) => {
  const lines = (rows: unknown[]) => rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  writeFileSync(`${folder.path}/turns.jsonl`, lines(turns));
  writeFileSync(`${folder.path}/queries.jsonl`, lines(queries));
  return readCorpus(folder.path);
};

afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

it('[RC23] a corpus is read as documented, and one that is none is refused with its line', () => {
  expect(() => readCorpus(`${folder.path}/nowhere`)).toThrow('There is no turns.jsonl');
  expect(read([turn, '', { ...turn, id: 't2', at: 1_777_888_800_000 }])).toEqual({
    turns: [
      { ...turn, at: Date.UTC(2026, 4, 4, 10) },
      { ...turn, id: 't2', at: 1_777_888_800_000 },
    ],
    queries: [{ ...query, category: '1' }],
  });
  expect(() => read([turn, { ...turn, id: 't2', at: 'yesterday' }])).toThrow('turns.jsonl, line 2: at is no time.');
  expect(() => read([turn, '{"id":'])).toThrow('turns.jsonl, line 2 is no JSON.');
  expect(() => read([turn, turn])).toThrow('two turns with the id t1');
  expect(() => read([turn], [{ ...query, evidence: 'none' }])).toThrow('queries.jsonl, line 1: evidence ');
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  read(
    [turn],
    [
      { ...query, evidence: ['t1', 't9'] },
      { ...query, conversation: 'other' },
    ],
  );
  expect(said.mock.calls).toEqual([['2 ids of evidence are no turn of their conversation and count as not found: t9, t1\n']]);
});
