/** @file Who runs on this machine, told apart well enough that no process of anybody else is ever taken for ours. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { RUN_VARIABLE } from './environment.ts';

export type ProcessSeen = {
  pid: number;
  /** Process group. */
  group: number;
  /** Time of its start, in the system's own units; later ones are larger. */
  started: number;
  executable: string;
  /** The mark in its environment; undefined where there is none or it cannot be read. */
  nonce: string | undefined;
};

/** Processes that live; a zombie does not. */
export type ProcessTable = {
  look(pid: number): ProcessSeen | undefined;
  inGroup(group: number): ProcessSeen[];
};

/** Fields of /proc/<pid>/stat behind the name, counted from the state (proc(5): 3rd, 5th, 22nd). */
const STATE = 0;
const GROUP = 2;
const STARTED = 19;

const mark = new RegExp(`(?:^|\\0|\\s)${RUN_VARIABLE}=([^\\0\\s]*)`);

/** A process may end while it is looked at, and others' may not be read: then it is not ours. */
function orNothing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function lookInProc(pid: number): ProcessSeen | undefined {
  return orNothing(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (/^[ZXx]$/.test(fields[STATE] ?? '')) return undefined;
    return {
      pid,
      group: Number(fields[GROUP]),
      started: Number(fields[STARTED]),
      executable: readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''),
      nonce: mark.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'))?.[1],
    };
  });
}

const linuxTable: ProcessTable = {
  look: lookInProc,
  inGroup: (group) =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => lookInProc(Number(name)))
      .filter((seen) => seen !== undefined)
      .filter((seen) => seen.group === group),
};

/** pid, group, state, five words of the start, path of the program. */
const psLine = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+ +\S+ +\d+ +[\d:]+ +\d+)\s+(.+)$/;

/** One line of `ps -o pid=,pgid=,state=,lstart=,comm=` (macOS, BSD), without the mark; a zombie is nobody. */
export function readPsLine(line: string): Omit<ProcessSeen, 'nonce'> | undefined {
  const [, pid, group, state = '', started = '', executable] = psLine.exec(line) ?? [];
  if (executable === undefined || state.startsWith('Z')) return undefined;
  return { pid: Number(pid), group: Number(group), started: Date.parse(started), executable: executable.trim() };
}

const ps = (...options: string[]): string =>
  spawnSync('/bin/ps', options, { encoding: 'utf8', env: { LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 }).stdout ?? '';

const marked = (seen: Omit<ProcessSeen, 'nonce'>): ProcessSeen => ({
  ...seen,
  nonce: mark.exec(ps('-E', '-ww', '-o', 'command=', '-p', String(seen.pid)))?.[1],
});

const listed = (...options: string[]): Omit<ProcessSeen, 'nonce'>[] =>
  ps(...options, '-o', 'pid=,pgid=,state=,lstart=,comm=')
    .split('\n')
    .map(readPsLine)
    .filter((seen) => seen !== undefined);

/** By `ps`, whose -E shows the environment of one's own processes. Written for macOS, and not run there. */
const psTable: ProcessTable = {
  look: (pid) => listed('-p', String(pid)).map(marked)[0],
  inGroup: (group) =>
    listed('-ax')
      .filter((seen) => seen.group === group)
      .map(marked),
};

/** On Windows no process shows its environment: nobody is known for ours, and nobody is ended. */
const blindTable: ProcessTable = { look: () => undefined, inGroup: () => [] };

export function systemProcesses(platform: NodeJS.Platform): ProcessTable {
  if (platform === 'linux') return linuxTable;
  return platform === 'win32' ? blindTable : psTable;
}
