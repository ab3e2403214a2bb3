/** @file The headless service as a process of its own, started from source as an operator would start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const entry = resolve(import.meta.dirname, '../../src/main/headless.ts');
/** A start takes under a second; ten times that on a machine busy with other tests. */
const START_MS = 20_000;

export type Ended = { code: number | null; signal: NodeJS.Signals | null };

export type Service = {
  url: string;
  pageUrl: string;
  token: string;
  process: ChildProcess;
  stdout(): string;
  /** Lines of the log, parsed. */
  log(): Record<string, unknown>[];
  ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
};

export type ServiceOptions = { environment?: Record<string, string>; dataFolder: string; entry?: string };

/** A folder that is removed when `remove` is called. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `persona-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts without waiting; nothing of this process's own settings reaches it but PATH and HOME. */
export function spawnService({ environment = {}, dataFolder, entry: program = entry }: ServiceOptions) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program], {
    env: { PATH, HOME, PERSONA_DATA_DIR: dataFolder, SERVICE_PORT: '0', ...environment },
    cwd: dataFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    stdout += more;
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    stderr += more;
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  const log = () =>
    stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { child, ended, log, stdout: () => stdout, stderr: () => stderr };
}

/** Resolves when the service says that it is ready; rejects with its log where it ends or takes too long. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { child, ended, log, stdout, stderr } = spawnService(options);
  const ready = new Promise<RegExpMatchArray>((resolveReady) => {
    child.stdout.on('data', () => {
      const found = stdout().match(/ready on (\S+)\npage (\S+#token=(\S+))\n/);
      if (found) resolveReady(found);
    });
  });
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`not ready:\n${stderr()}`)), START_MS).unref();
  });
  const over = ended.then(({ code }) => Promise.reject(new Error(`ended with ${code}:\n${stderr()}`)));
  const [, url = '', pageUrl = '', token = ''] = await Promise.race([ready, over, late]);
  over.catch(() => undefined);
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { url, pageUrl, token, process: child, stdout, log, ended, kill };
}
