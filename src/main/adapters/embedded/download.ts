/** @file One file over HTTP into a part file: goes on where an earlier attempt ended, and gives up when nothing comes. */
import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../../../shared/faults.ts';
import { DOWNLOAD_ATTEMPTS, DOWNLOAD_SILENCE_MS, HUB_ANSWER_MS } from '../../../shared/limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { cancelled } from './cancelled.ts';

/** Cut connections in a row that brought nothing: what arrives in the same moment as the cut is lost on the way. */
const FRUITLESS_CUTS = 3;

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

/** Whether an error, or the cause of a fault, is a disk without room. */
export function isFull(error: unknown): boolean {
  if (error instanceof Fault) return isFull(error.cause);
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));
}

async function write(part: FileHandle, chunk: Uint8Array): Promise<void> {
  try {
    await part.appendFile(chunk);
  } catch (error) {
    throw isFull(error) ? noRoom(error) : error;
  }
}

/** Where the body begins: an answer that is not the rest of the file is taken as the whole; what came before survives a hub that is out of order. */
async function beginning(response: Response, part: FileHandle, from: number): Promise<number> {
  if (response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) return from;
  if (![200, 206, 416].includes(response.status)) throw new Error(`The hub answered ${response.status}.`);
  await part.truncate(0);
  if (response.status !== 200) throw new Error(`The hub has no such part, by its answer ${response.status}.`);
  return 0;
}

/** How an attempt ended that did not throw: `cut` may be tried again even if it brought nothing. */
type AttemptEnd = { cut: boolean; cause: unknown };

async function attempt(download: Download, part: FileHandle, from: number): Promise<AttemptEnd> {
  const { clock, signal, bytes } = download;
  const control = new AbortController();
  const patience = (ms: number) => clock.after(ms, () => control.abort(new Error(`Nothing came for ${ms} ms.`)));
  let stopWaiting = patience(download.answerMs ?? HUB_ANSWER_MS);
  let begun = false;
  try {
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    const headers = { 'accept-encoding': 'identity', ...range };
    const response = await fetch(download.address, { headers, signal: AbortSignal.any([signal, control.signal]) });
    let done = await beginning(response, part, from);
    begun = true;
    for await (const chunk of response.body ?? []) {
      stopWaiting();
      await write(part, chunk);
      done += chunk.length;
      download.onBytes(done);
      if (done > bytes) break;
      stopWaiting = patience(download.silenceMs ?? DOWNLOAD_SILENCE_MS);
    }
    return { cut: true, cause: undefined };
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (error instanceof Fault) throw error;
    return { cut: begun && !control.signal.aborted, cause: error };
  } finally {
    stopWaiting();
    control.abort();
  }
}

/**
 * Fills the part file up to its length; what is in it is not judged here. A cut connection goes on where it ended as long
 * as something comes. Throws Fault('cancelled') or Fault('download-failed').
 */
export async function downloadInto(download: Download): Promise<void> {
  await using part = await open(download.part, 'a+', 0o600);
  let done = await lengthOf(part);
  let fruitless = 0;
  for (let attempts = 1; done < download.bytes; attempts += 1) {
    const { cut, cause } = await attempt(download, part, done);
    const before = done;
    done = await lengthOf(part);
    fruitless = done > before ? 0 : fruitless + 1;
    if (fruitless >= (cut ? FRUITLESS_CUTS : 1) || attempts >= DOWNLOAD_ATTEMPTS) throw unreachable(cause);
    if (done < download.bytes) download.log.info('download-cut', { doneBytes: done, cause });
  }
  await part.sync();
}

function unreachable(cause: unknown): Fault {
  const message =
    'The model could not be fetched from its hub; what has come so far is kept, and it goes on from there when you try again.';
  return new Fault('download-failed', message, { cause });
}
