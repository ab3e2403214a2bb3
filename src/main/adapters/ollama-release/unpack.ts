/** @file Unpacks the archives of a release into one folder, and sees to it that what is needed is there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { incomplete } from './faults.ts';
import { demanded, isWanted } from './parts.ts';
import type { ArchiveFormat, Plan } from './release.ts';
import { createSink } from './sink.ts';
import { unpackTar } from './unpack-tar.ts';
import { unpackZip } from './unpack-zip.ts';

export type UnpackOptions = {
  files: readonly { part: string; format: ArchiveFormat }[];
  plan: Plan;
  /** An empty folder. */
  root: string;
  signal: AbortSignal;
  onBytes(writtenBytes: number): void;
};

/** Rejects with Faults and with whatever the system or a decompressor throws. */
export async function unpackInto({ files, plan, root, signal, onBytes }: UnpackOptions): Promise<void> {
  const sink = createSink({ root, signal, onBytes });
  const wants = (path: string) => isWanted(path, plan);
  for (const { part: path, format } of files) {
    if (format === 'zip') await unpackZip({ path, sink, wants, signal });
    else await unpackTar({ path, format, sink, wants, signal });
  }
  await sink.finish();
  if (!demanded(plan.platform).every((file) => existsSync(join(root, file)))) throw incomplete();
}
