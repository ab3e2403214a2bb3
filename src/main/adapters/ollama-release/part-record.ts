/** @file What is written down beside a part file, so that it is known after a restart of the program or the machine how much of it holds. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { z } from 'zod';
import { BOOT_SLACK_MS } from '../../../shared/runtime-limits.ts';

const recordSchema = z.strictObject({
  sha256: z.string(),
  bytes: z.number(),
  /** The server's own mark of the file as it was, so that a rest is never joined to another beginning. */
  etag: z.string().optional(),
  /** So much the disk surely has, and when the machine was started by whose memory the rest was held. */
  syncedBytes: z.number(),
  bootedAt: z.number(),
});
export type PartRecord = z.infer<typeof recordSchema>;

export const bootedAt = (now: number): number => Math.round(now - uptime() * 1_000);

const recordPath = (part: string): string => `${part}.json`;

/** Undefined where there is none, or none that can be read: then the part is none either. */
export function readPartRecord(part: string): PartRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordPath(part), 'utf8')));
  } catch {
    return undefined;
  }
}

export function writePartRecord(part: string, record: PartRecord): void {
  writeFileSync(`${recordPath(part)}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${recordPath(part)}.new`, recordPath(part));
}

/** How much of a part may be built on: all of it while the machine has not been started anew, else what was surely on the disk. */
export function soundBytes(length: number, record: PartRecord, now: number): number {
  const sameStart = Math.abs(record.bootedAt - bootedAt(now)) <= BOOT_SLACK_MS;
  return Math.min(sameStart ? length : record.syncedBytes, length, record.bytes);
}
