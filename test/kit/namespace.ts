/** @file A network namespace that has only loopback, and programs run inside it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Processes get a namespace too, so that none of them outlives the run. As root, or as somebody whom the kernel lets make namespaces. */
const alone = ['-n', '-p', '-f', '--mount-proc', '--kill-child'];
const ways = [alone, ['-r', ...alone]];

function wayIn(): string[] | undefined {
  return ways.find((flags) => spawnSync('unshare', [...flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0);
}

/** Undefined where one can be made here; the reason is printed too. */
export function whyNoNamespace(): string | undefined {
  const reason = wayIn() ? undefined : 'no network namespace can be made here (unshare -n, ip)';
  if (reason) console.warn(`SKIPPED: offline: ${reason}`);
  return reason;
}

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs a program of the kit with Node in a namespace where nothing but loopback is up. */
export async function runAlone(program: string, environment: Record<string, string> = {}): Promise<Ran> {
  const flags = wayIn() ?? [];
  const { PATH = '', HOME = '' } = process.env;
  const line = 'ip link set lo up && exec "$0" "$@"';
  const child = spawn('unshare', [...flags, 'sh', '-c', line, process.execPath, program], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (said.stdout += String(text)));
  child.stderr.on('data', (text) => (said.stderr += String(text)));
  const [code] = await once(child, 'close');
  return { code: code as number | null, ...said };
}
