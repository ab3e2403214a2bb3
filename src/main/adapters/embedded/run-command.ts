/** @file Runs one outside program to its end, with a time limit, and says how it went. */
import { spawn } from 'node:child_process';
import type { Clock } from '../../engine/ports.ts';
import { cancelled, throwIfCancelled } from './cancelled.ts';

/** What is kept of a program's complaints, in characters: enough for the last error of npm or pip. */
const KEPT_CHARACTERS = 2_000;

export type Command = { program: string; args: string[]; folder: string; environment?: Record<string, string>; limitMs: number };
export type CommandEnd = { ok: boolean; missing: boolean; reason: string };

/** Ends with `missing` where there is no such program. Throws Fault('cancelled') when the signal fires. */
export async function runCommand(command: Command, clock: Clock, signal: AbortSignal): Promise<CommandEnd> {
  throwIfCancelled(signal);
  const child = spawn(command.program, command.args, {
    cwd: command.folder,
    env: { ...process.env, ...command.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
    // Windows starts .cmd files through a shell only; no argument of ours needs quotes there.
    shell: command.program.endsWith('.cmd'),
  });
  const ended = Promise.withResolvers<CommandEnd>();
  let complaints = '';
  child.stderr.on('data', (data: Buffer) => {
    complaints = (complaints + data.toString()).slice(-KEPT_CHARACTERS);
  });
  child.on('error', (error: NodeJS.ErrnoException) =>
    ended.resolve({ ok: false, missing: error.code === 'ENOENT', reason: error.message }),
  );
  child.on('close', (code, name) =>
    ended.resolve({ ok: code === 0, missing: false, reason: complaints.trim() || `ended with ${code ?? name}` }),
  );
  const stop = () => child.kill('SIGKILL');
  const stopClock = clock.after(command.limitMs, stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const end = await ended.promise;
    if (signal.aborted) throw cancelled();
    return end;
  } finally {
    stopClock();
    signal.removeEventListener('abort', stop);
  }
}
