/** @file `npm test`: installs what is missing, runs every check and every test, and ends in one line with the counts. */
import { checksOf, runCheck } from './lib/checks.mjs';
import { forwardSignals, stoppedCode } from './lib/children.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { machineLines } from './lib/machine.mjs';
import { demandEngineNode, demandNode } from './lib/node.mjs';
import { runVitest } from './lib/vitest.mjs';
import { complain, duration, say, textOf } from './lib/words.mjs';

/** The end-to-end tests come last and alone: they start whole programs and should not share the cores with others. */
const runs = [
  { title: 'unit', args: ['--project', 'node', '--project', 'dom'] },
  { title: 'e2e', args: ['--project', 'e2e'] },
];

/** A suite that is left out whole says why in its title. */
const TITLE_REASON = / ?\(skipped: ([^)]*)\)/;

async function main() {
  const begun = Date.now();
  const isLong = process.argv.includes('--long');
  const chosen = process.argv.slice(2).filter((arg) => arg !== '--long');
  await ensureInstalled(say);
  const node = demandEngineNode();
  say(['Found:', ...machineLines()].join('\n'));
  const environment = { ...process.env, NO_COLOR: '1', ...(isLong ? { TEST_LONG: '1' } : {}) };
  delete environment.FORCE_COLOR;

  const results = { rows: [], notes: [] };
  const checks = checksOf(node);
  // Named tests want only the build, which the end-to-end tests among them start from.
  for (const check of chosen.length > 0 ? checks.slice(-1) : checks) results.rows.push(await runCheck(check));
  for (const { title, args } of chosen.length > 0 ? [{ title: 'chosen', args: chosen }] : runs) {
    if (stoppedCode()) break;
    const { rows, notes } = await runVitest(node, title, args, environment);
    results.rows.push(...rows);
    results.notes.push(...notes);
  }
  return summary(results, Date.now() - begun);
}

/** Prints every skip's and failure's reason, then the counts; resolves with the exit code. */
function summary({ rows, notes }, ms) {
  const of = (state) => rows.filter((row) => row.state === state);
  const failed = of('failed');
  tellSkipped(of('skipped'), notes);
  for (const { name, reason } of failed) say(`FAILED   ${name}${reason ? `: ${reason}` : ''}`);
  say(`It took ${duration(ms)}.`);
  say(`tests: ${of('passed').length} passed, ${failed.length} failed, ${of('skipped').length} skipped`);
  return failed.length === 0 ? 0 : 1;
}

/** One line for each reason with the tests that it kept from running, then what tests said of themselves with other reasons. */
function tellSkipped(skipped, notes) {
  // Map.groupBy came after the oldest Node that may run this.
  const byReason = new Map();
  for (const row of skipped) byReason.set(reasonOf(row), [...(byReason.get(reasonOf(row)) ?? []), row]);
  for (const [reason, rows] of byReason) {
    say([`SKIPPED  ${rows.length}: ${reason}`, ...rows.map(({ name }) => `           ${name.replace(TITLE_REASON, '')}`)].join('\n'));
  }
  const others = [...new Set(notes)].filter((note) => ![...byReason.keys()].some((reason) => note.includes(reason)));
  for (const note of others) say(note);
}

function reasonOf({ name, reason }) {
  return reason || TITLE_REASON.exec(name)?.[1] || 'no reason was given';
}

demandNode();
forwardSignals();
try {
  process.exitCode = await main();
} catch (error) {
  if (!stoppedCode()) complain(textOf(error));
  process.exitCode = 1;
}
process.exit(stoppedCode());
