/** @file What becomes of each test, as the last line of `npm test` counts it. */
import { expect, it } from 'vitest';
import { at } from './project.mjs';
import { report } from './test-reporter.mjs';

const test = (fullName, result) => ({ fullName, result: () => result });
const module = ({ tests = [], errors = [], suites = [] }) => ({
  moduleId: at('test', 'x.test.ts'),
  errors: () => errors,
  children: { allTests: () => tests, allSuites: () => suites.map((list) => ({ errors: () => list })) },
});

it('[N5] passed, failed and skipped are counted as such, a skip with its reason', () => {
  const tests = [
    test('works', { state: 'passed' }),
    test('breaks', { state: 'failed', errors: [{ message: 'no\nmore' }] }),
    test('waits', { state: 'skipped', note: 'no Redis here' }),
    test('hangs', { state: 'pending' }),
  ];
  expect(report([module({ tests })], [])).toEqual([
    { name: 'test/x.test.ts > works', state: 'passed' },
    { name: 'test/x.test.ts > breaks', state: 'failed', reason: 'no' },
    { name: 'test/x.test.ts > waits', state: 'skipped', reason: 'no Redis here' },
    { name: 'test/x.test.ts > hangs', state: 'failed', reason: 'still pending' },
  ]);
});

it('[N5] what breaks outside the tests fails too: a file, a suite, a stray error, a file without a test', () => {
  const broken = { message: 'broken' };
  const works = test('works', { state: 'passed' });
  const states = (modules, stray = []) => report(modules, stray).map(({ state }) => state);
  expect(states([module({ errors: [broken] })])).toEqual(['failed']);
  expect(states([module({ tests: [works], suites: [[broken]] })])).toEqual(['passed', 'failed']);
  expect(states([module({ tests: [works] })], [broken])).toEqual(['passed', 'failed']);
  expect(states([module({})])).toEqual(['failed']);
});
