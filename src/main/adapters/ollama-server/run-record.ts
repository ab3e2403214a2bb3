/** @file What is written down of a run of our own Ollama, so that the next start can end what is left of it, and nothing else. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock, Log } from '../../engine/ports.ts';
import type { ProcessSeen, ProcessTable } from './process-table.ts';

const recordSchema = z.strictObject({
  nonce: z.string().min(16),
  /** Process group: the warden's own, in which server and runner stay. */
  group: z.number().int().positive(),
  /** Programs that run in it. */
  executables: z.array(z.string()),
  /** Those that were seen, the warden first. */
  processes: z.array(z.strictObject({ pid: z.number().int(), started: z.number(), executable: z.string() })).min(1),
});
export type RunRecord = z.infer<typeof recordSchema>;

export type RunFile = {
  /** Undefined where there is none, or none that can be read. */
  read(): RunRecord | undefined;
  write(record: RunRecord): void;
  remove(): void;
};

export function createRunFile(path: string, log: Log): RunFile {
  return {
    read() {
      try {
        return recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('server-record-unreadable', { cause: error });
        return undefined;
      }
    },
    write(record) {
      try {
        writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        // A full disk ends no program: the warden ends the server all the same.
        log.warn('server-record-not-written', { cause: error });
      }
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/**
 * Whether a process is one of a run's: same mark, same group, one of its programs, and the very start time that was seen; a
 * runner that nobody saw must have been started after the run was. All of it, or it is somebody else's.
 */
export function belongsTo(record: RunRecord, seen: ProcessSeen): boolean {
  if (seen.nonce !== record.nonce || seen.group !== record.group) return false;
  const known = record.processes.find(({ pid }) => pid === seen.pid);
  if (known) return known.started === seen.started && known.executable === seen.executable;
  const first = record.processes[0];
  return first !== undefined && seen.started >= first.started && record.executables.includes(seen.executable);
}

export type Reaper = { table: ProcessTable; end(pid: number): void; clock: Pick<Clock, 'after'>; log: Log };

/** One that has ended by itself in the meantime is what was wanted. */
export function endByForce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** How often it is looked whether an ended process has gone, and how many times: a second in all. */
const LOOK_MS = 20;
const LOOKS = 50;

/** Ends what is left of a run by force; answers how many processes that were, once they are gone. */
export async function endLeftover(record: RunRecord, { table, end, clock, log }: Reaper): Promise<number> {
  const left = () => table.inGroup(record.group).filter((seen) => belongsTo(record, seen));
  const found = left();
  for (const { pid } of found) {
    // Looked at once more at the last moment: its number may belong to another by now.
    const now = table.look(pid);
    if (now && belongsTo(record, now)) end(pid);
  }
  for (let look = 0; look < LOOKS && left().length > 0; look++) await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  if (found.length > 0) log.warn('server-leftover-ended', { processes: found.length, still: left().length });
  return found.length;
}
