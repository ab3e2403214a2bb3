/** @file The examples of the settings, run as they stand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExampleLanguage, exampleOf } from '../src/renderer/settings/api-examples.ts';
import { python, works } from './kit/run-example.ts';
import { openTestDoor, type TestDoor, testToken } from './kit/test-door.ts';

const run: Record<ExampleLanguage, (text: string) => [string, string[]]> = {
  curl: (text) => ['sh', ['-c', text]],
  JavaScript: (text) => [process.execPath, ['--input-type=module', '-e', text]],
  Python: (text) => [python, ['-c', text]],
};
const needs: Record<ExampleLanguage, string> = { curl: 'curl', JavaScript: process.execPath, Python: python };

describe.each([false, true])('the examples of the settings, with the token demanded: %s', (requireToken) => {
  let door: TestDoor;
  beforeAll(async () => {
    door = await openTestDoor({ requireToken });
    door.engine.play = (turn) => {
      turn.accept();
      turn.say('Yes.');
      turn.end();
    };
  });
  afterAll(() => door.close());

  it.each(['curl', 'JavaScript', 'Python'] as const)('[W74] %s talks with the companion', async (language, ...rest: unknown[]) => {
    const context = rest.at(-1) as { skip(reason: string): void } | undefined;
    if (!works(needs[language], '--version')) return context?.skip(`no ${needs[language]} here`);
    const text = exampleOf(language, { address: door.url, requireToken, model: 'default' });
    expect(text).not.toContain(testToken);
    const [command, args] = run[language](text);
    const { PATH = '', HOME = '' } = process.env;
    const program = spawn(command, args, { env: { PATH, HOME, PERSONA_TOKEN: testToken }, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    program.stdout.setEncoding('utf8').on('data', (more: string) => {
      out += more;
    });
    const [exit] = await once(program, 'close');
    expect([exit, out.includes('Yes.')]).toEqual([0, true]);
  });
});
