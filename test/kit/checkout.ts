/** @file A checkout of its own, as after a clone and `npm ci`, and npm commands run in it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
/** A start with a build may take 20 s (wire.md); a machine busy with other things gets more. */
const READY_MS = 90_000;
const LOOK_EVERY_MS = 25;

/** Copies every file that git knows or would take; the packages are those of this checkout. */
export function copyCheckout(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  for (const path of listed.split('\0').filter((name) => name !== '' && !name.startsWith('docs/') && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

export type Command = {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves once stdout holds the text; rejects with everything that was said where the command ends before that. */
  says(text: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Runs npm there, with nothing of this process's settings but PATH and HOME: no display, no npm of its own. */
export function npmIn(folder: string, args: string[], environment: Record<string, string>): Command {
  const { PATH = '', HOME = '' } = process.env;
  const path = PATH.split(':').filter((part) => !part.includes('node_modules'));
  const child = spawn('npm', args, { cwd: folder, env: { PATH: path.join(':'), HOME, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    said.out += more;
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    said.error += more;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const says = (text: string | RegExp) =>
    until(() => {
      if (child.exitCode !== null && !said.out.match(text)) throw new Error(`ended with ${child.exitCode}: ${said.out}\n${said.error}`);
      return said.out.match(text) !== null;
    });
  return { pid: child.pid ?? 0, stdout: () => said.out, stderr: () => said.error, says, kill: (signal) => void child.kill(signal), ended };
}

/** Looks again and again until it is so. */
export async function until(isSo: () => boolean, withinMs = READY_MS): Promise<void> {
  const end = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`It did not come about within ${withinMs} ms.`);
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
}

/** The engine that holds a data folder, by its own word. */
export function engineOf(dataFolder: string): number {
  return (JSON.parse(readFileSync(join(dataFolder, 'running.json'), 'utf8')) as { pid: number }).pid;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH: nobody has that id.
  }
}

/** Linux alone tells of other processes in files. */
export function parentOf(pid: number): number {
  const [, parent = ''] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(parent);
}
