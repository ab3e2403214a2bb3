/** @file Runs a program of examples/ as somebody would who has just downloaded it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const examples = join(import.meta.dirname, '../../examples');

/** The Python to run them with, such as that of an environment with packages. */
export const python = process.env['PYTHON'] ?? 'python3';

export type ExampleEnd = { exit: number | null; out: string; complaints: string };

export async function runExample(command: string, file: string, args: string[], environment: Record<string, string>): Promise<ExampleEnd> {
  const { PATH = '', HOME = '' } = process.env;
  const program = spawn(command, [join(examples, file), ...args], {
    env: { PATH, HOME, PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', complaints: '' };
  program.stdout.setEncoding('utf8').on('data', (more: string) => (said.out += more));
  program.stderr.setEncoding('utf8').on('data', (more: string) => (said.complaints += more));
  const [exit] = await once(program, 'close');
  return { exit: exit as number | null, ...said };
}

/** Whether a command can be run here and ends well. */
export const works = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
