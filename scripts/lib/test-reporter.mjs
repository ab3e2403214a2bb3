/** @file A reporter for Vitest that writes what became of each test, with the reasons of skips, which its JSON reporter leaves out. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './project.mjs';

/** Vitest calls this with `new` and wants it as the default export. */
export default function createTestReporter() {
  return { onTestRunEnd: (modules, unhandled) => writeFileSync(process.env.TEST_REPORT_FILE, JSON.stringify(report(modules, unhandled))) };
}

/** Rows of {name, state: passed|failed|skipped, reason?}; an error outside every test is a failed row of its own. */
export function report(modules, unhandled) {
  const rows = modules.flatMap((module) => rowsOf(module));
  return [...rows, ...unhandled.map((error) => ({ name: 'an error outside every test', state: 'failed', reason: firstLine(error) }))];
}

function rowsOf(module) {
  const file = relative(ROOT, module.moduleId);
  const tests = [...module.children.allTests()];
  const outside = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
  // A file without tests counts too: somebody meant to test something there.
  const empty = tests.length === 0 && outside.length === 0 ? [{ message: 'The file holds no test.' }] : [];
  return [
    ...tests.map((test) => rowOf(file, test)),
    ...[...outside, ...empty].map((error) => ({ name: `${file} > outside its tests`, state: 'failed', reason: firstLine(error) })),
  ];
}

function rowOf(file, test) {
  const { state, note, errors } = test.result();
  const name = `${file} > ${test.fullName}`;
  // One that never ran to its end was neither passed nor skipped.
  if (state !== 'passed' && state !== 'skipped')
    return { name, state: 'failed', reason: errors?.[0] ? firstLine(errors[0]) : `still ${state}` };
  return state === 'skipped' ? { name, state, reason: note ?? '' } : { name, state };
}

function firstLine(error) {
  return String(error.message ?? error).split('\n')[0];
}
