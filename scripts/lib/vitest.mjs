/** @file Runs Vitest and reads what became of each test. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { at, CACHE, readJson } from './project.mjs';
import { run } from './run.mjs';

/** Lines with which a test says on its own what it leaves out. */
const SKIPPED = /^.*?SKIPPED: .*$/gm;

/** Resolves with rows of {name, state, reason?}; a run that found nothing or ended oddly is a failed row. */
export async function runVitest(node, title, args, environment) {
  const file = join(CACHE, 'test', `${title}.json`);
  mkdirSync(join(CACHE, 'test'), { recursive: true });
  rmSync(file, { force: true });
  const program = at('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${at('scripts', 'lib', 'test-reporter.mjs')}`];
  const said = { notes: [] };
  const { code } = await run(node, [program, 'run', ...reporters, ...args], {
    environment: { ...environment, TEST_REPORT_FILE: file },
    onOutput(text) {
      process.stdout.write(text);
      said.notes.push(...(text.match(SKIPPED) ?? []));
    },
  });
  const rows = existsSync(file) ? readJson(file) : [];
  return { rows: [...rows, ...oddEnd(title, code, rows)], notes: said.notes };
}

function oddEnd(title, code, rows) {
  if (rows.length === 0) return [{ name: `vitest: ${title}`, state: 'failed', reason: 'no test was found' }];
  if (code !== 0 && !rows.some((row) => row.state === 'failed')) {
    return [{ name: `vitest: ${title}`, state: 'failed', reason: `Vitest ended with code ${code} although no test failed` }];
  }
  return [];
}
