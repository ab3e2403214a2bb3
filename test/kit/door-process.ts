/** @file Starts a door in a process of its own and asks how it is. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DoorReport } from './programs/door.ts';

export type DoorProcess = {
  port: number;
  url: string;
  child: ChildProcess;
  complaints: () => string;
  report: () => Promise<DoorReport>;
  end: () => Promise<void>;
};

export async function startDoorProcess(): Promise<DoorProcess> {
  const program = fileURLToPath(new URL('./programs/door.ts', import.meta.url));
  const child = fork(program, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += String(chunk);
  });
  const [ready] = await once(child, 'message');
  const { port, url } = ready as { port: number; url: string };
  return {
    port,
    url,
    child,
    complaints: () => complaints,
    report: async () => {
      const answer = once(child, 'message');
      child.send('report');
      return (await answer)[0] as DoorReport;
    },
    end: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
