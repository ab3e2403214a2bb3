/** @file Runs a program to its end and keeps what it said. */
import { stripVTControlCharacters } from 'node:util';
import { ended, send, startChild } from './children.mjs';

/** Longest output that is kept, in characters; the end of it is what tells. */
const KEPT = 200_000;

/** Resolves with exit code and output; never rejects. `limitMs` ends the program and all it has started. */
export async function run(program, args, { limitMs, shell = false, environment = process.env, onOutput } = {}) {
  const leadsGroup = process.platform !== 'win32' && !shell;
  const child = Object.assign(
    startChild(program, args, { env: environment, shell, stdio: ['ignore', 'pipe', 'pipe'], detached: leadsGroup }),
    { leadsGroup },
  );
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-KEPT);
    onOutput?.(String(chunk));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('error', (error) => keep(error.message));
  let timedOut = false;
  const stop = () => {
    timedOut = true;
    send(child, 'SIGKILL');
  };
  const timer = limitMs === undefined ? undefined : setTimeout(stop, limitMs);
  const code = await ended(child);
  clearTimeout(timer);
  return { code, output, timedOut };
}

/** How npm is called: the very npm that called us where there is one, else by its name. */
export function npm(args, options = {}) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  // npm's own Node, not the one among the packages: `npm ci` is about to replace that.
  if (cli?.endsWith('.js') && node) return run(node, [cli, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** The last lines of an output, for a person. */
export function tail(output, lines = 20) {
  return stripVTControlCharacters(output).trimEnd().split('\n').slice(-lines).join('\n');
}
