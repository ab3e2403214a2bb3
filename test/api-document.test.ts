/** @file The table of docs/api.md: every rule it names is in SPEC.md, and in the title of a test in the file that it names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');

type Row = { says: string; proofs: { rule: string; file: string }[]; unproven: boolean };

/** The rows of the table under the heading, without the two that make its head. */
function rowsOf(document: string): Row[] {
  const section = document.split('## The seed')[1]?.split('\n## ')[0] ?? '';
  const lines = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return lines.map((line) => {
    const cells = line.split(' | ');
    const proof = cells.at(-1) ?? '';
    const proofs = [...proof.matchAll(/\b([A-Z]+\d+) `([^`]+)`/g)].map(([, rule = '', file = '']) => ({ rule, file }));
    return { says: cells[0] ?? '', proofs, unproven: proof.includes('**not proven**') };
  });
}

/** What is wrong with the proof of a row; nothing where it is there. */
function faultsOf({ says, proofs, unproven }: Row, spec: string): string[] {
  if (proofs.length === 0 && !unproven) return [`${says}: names no test and does not say so`];
  return proofs.flatMap(({ rule, file }) => {
    if (!new RegExp(`^- \\**${rule}\\b`, 'm').test(spec) && !inRange(rule, spec)) return [`${rule} is not in SPEC.md`];
    if (!existsSync(join(root, file))) return [`${file} is not there`];
    return text(file).includes(`[${rule}]`) ? [] : [`${file} has no test of ${rule}`];
  });
}

/** Some lines of SPEC.md name several rules: "T50-T54", "P4, P5". */
function inRange(rule: string, spec: string): boolean {
  const [, letters = '', digits = ''] = /^([A-Z]+)(\d+)$/.exec(rule) ?? [];
  const ranges = [...spec.matchAll(/^- \**([A-Z]+)(\d+)(?:-|, )\1(\d+)/gm)];
  return ranges.some(([, name, from, to]) => name === letters && Number(digits) >= Number(from) && Number(digits) <= Number(to));
}

describe('docs/api.md', () => {
  const spec = text('test/SPEC.md');
  const rows = rowsOf(text('docs/api.md'));

  it('[X7] has tests for every sentence, which are there, or says that it is not proven', () => {
    expect(rows.length).toBeGreaterThan(45);
    expect(rows.flatMap((row) => faultsOf(row, spec))).toEqual([]);
    console.log(
      `docs/api.md: ${rows.length} sentences, ${rows.filter(({ unproven }) => unproven).length} with something that is not proven`,
    );
  });

  it('[X7] the check sees a row without proof, a rule and a file that are not there, and a file without the rule', () => {
    const faults = (line: string) => faultsOf(rowsOf(`## The seed\n| a | b | c |\n|---|---|---|\n${line}`)[0] as Row, spec);
    expect(faults('| It sings. | La. | |')).toHaveLength(1);
    expect(faults('| It sings. | La. | X99 `test/api-document.test.ts` |')).toEqual(['X99 is not in SPEC.md']);
    expect(faults('| It sings. | La. | X7 `test/none.test.ts` |')).toEqual(['test/none.test.ts is not there']);
    expect(faults('| It sings. | La. | X6 `test/layers.test.ts` |')).toEqual(['test/layers.test.ts has no test of X6']);
    expect(faults('| It sings. | La. | **not proven** |')).toEqual([]);
  });
});
