/** @file An Ollama release on disk whose programs are scripted: the server speaks from a script, its runner sleeps. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../programs/scripted-ollama.ts');

/** A shell script that can be run. */
export function putScript(path: string, ...lines: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A copy of `sleep` itself, so that a process table shows the runner's own path. */
function putSleeper(path: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const sleep = folders.map((folder) => join(folder, 'sleep')).find(existsSync);
  if (sleep === undefined) throw new Error('There is no `sleep` on PATH.');
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(realpathSync(sleep), path);
  chmodSync(path, 0o755);
  return path;
}

export type ScriptedRelease = {
  /** `bin/ollama`. */
  binary: string;
  runner: string;
  /** From now on the server does this in place of serving. */
  replaceServer(...lines: string[]): void;
};

/** The shape that Linux releases have from 0.30 on; `options` are those of test/kit/programs/scripted-ollama.ts. */
export function putRelease(folder: string, ...options: string[]): ScriptedRelease {
  const runner = putSleeper(join(folder, 'lib', 'ollama', 'llama-server'));
  const serve = ['exec', process.execPath, program, '--runner', runner, '--first-token-ms', '0', '--token-ms', '2', ...options];
  const binary = join(folder, 'bin', 'ollama');
  const quoted = serve.map((word) => `'${word}'`).join(' ');
  const version = '[ "$1" = --version ] && echo "ollama version is 0.33.0" && exit 0';
  putScript(binary, version, `${quoted} "$@"`);
  return { binary, runner, replaceServer: (...lines) => void putScript(binary, version, ...lines) };
}
