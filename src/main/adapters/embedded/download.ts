/** @file One file over HTTP into a part file: goes on where an earlier attempt ended, and gives up when nothing comes. */
import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../../../shared/faults.ts';
import { DOWNLOAD_ATTEMPTS, DOWNLOAD_SILENCE_MS, HUB_ANSWER_MS } from '../../../shared/limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { cancelled } from './cancelled.ts';

export type Download = {
  address: string;
  part: string;
  bytes: number;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onBytes(doneBytes: number): void;
  /** Longest wait for the first answer and between two pieces, in ms. */
  answerMs?: number;
  silenceMs?: number;
};

const lengthOf = async (part: FileHandle): Promise<number> => (await part.stat()).size;

/** The error for which the disk is the reason, as a person may read it. */
export function noRoom(cause: unknown): Fault {
  return new Fault(
    'download-failed',
    'The disk is full, so the model could not be stored; your conversations are kept: free some space and try again, or set STARTER_MODEL to a GGUF file elsewhere.',
    { cause },
  );
}

async function write(part: FileHandle, chunk: Uint8Array): Promise<void> {
  try {
    await part.appendFile(chunk);
  } catch (error) {
    throw ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '') ? noRoom(error) : error;
  }
}

/** Where the body begins: an answer that is not the rest of the file is taken as the whole. */
async function beginning(response: Response, part: FileHandle, from: number): Promise<number> {
  if (response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) return from;
  await part.truncate(0);
  if (response.status !== 200) throw new Error(`The hub answered ${response.status}.`);
  return 0;
}

async function attempt(download: Download, part: FileHandle, from: number): Promise<void> {
  const { clock, signal, bytes } = download;
  const control = new AbortController();
  const patience = (ms: number) => clock.after(ms, () => control.abort(new Error(`Nothing came for ${ms} ms.`)));
  let stopWaiting = patience(download.answerMs ?? HUB_ANSWER_MS);
  try {
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    const headers = { 'accept-encoding': 'identity', ...range };
    const response = await fetch(download.address, { headers, signal: AbortSignal.any([signal, control.signal]) });
    let done = await beginning(response, part, from);
    for await (const chunk of response.body ?? []) {
      stopWaiting();
      await write(part, chunk);
      done += chunk.length;
      download.onBytes(done);
      if (done > bytes) throw new Error('More came than the file has.');
      stopWaiting = patience(download.silenceMs ?? DOWNLOAD_SILENCE_MS);
    }
  } finally {
    stopWaiting();
    control.abort();
  }
}

/**
 * Fills the part file up to its length; what is in it is not judged here. A cut connection goes on where it ended as long
 * as every attempt brings something. Throws Fault('cancelled') or Fault('download-failed').
 */
export async function downloadInto(download: Download): Promise<void> {
  await using part = await open(download.part, 'a+', 0o600);
  for (let attempts = 1; ; attempts += 1) {
    const before = await lengthOf(part);
    if (before >= download.bytes) return part.sync();
    let cause: unknown;
    try {
      await attempt(download, part, before);
    } catch (error) {
      if (download.signal.aborted) throw cancelled();
      if (error instanceof Fault) throw error;
      cause = error;
    }
    const after = await lengthOf(part);
    if (after >= download.bytes) continue;
    if (after <= before || attempts >= DOWNLOAD_ATTEMPTS) throw unreachable(cause);
    download.log.info('download-cut', { doneBytes: after, cause });
  }
}

function unreachable(cause: unknown): Fault {
  const message =
    'The model could not be fetched from its hub; what has come so far is kept, and it goes on from there when you try again.';
  return new Fault('download-failed', message, { cause });
}
