/** @file One file over HTTP into a part file: goes on where an earlier attempt, program or machine ended. */
import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../../../shared/faults.ts';
import { RELEASE_RETRY_MS, RELEASE_SPARE_BYTES, RELEASE_SYNC_BYTES } from '../../../shared/runtime-limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { type Answer, header, type ReleaseClient } from './client.ts';
import { cancelled, cutOff, diskFull, isFull, isUnreachable, noNetwork, otherSize, refused } from './faults.ts';
import type { KnownFile } from './look-up.ts';
import { bootedAt, type PartRecord, readPartRecord, soundBytes, writePartRecord } from './part-record.ts';

export type FetchOptions = {
  file: KnownFile;
  address: string;
  part: string;
  client: ReleaseClient;
  /** Tries in a row that may bring nothing. */
  tries: number;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onBytes(doneBytes: number): void;
  /** It was cut and is tried again after so long. */
  onWait(ms: number): void;
};

type Fetching = FetchOptions & { handle: FileHandle; done: number; record: PartRecord };

/** The part as far as it can be built on; one of another file is emptied. */
async function openPart(options: FetchOptions): Promise<Fetching> {
  const { part, file, clock } = options;
  const handle = await open(part, 'a+', 0o600);
  const length = (await handle.stat()).size;
  const before = readPartRecord(part);
  const isSame = before?.sha256 === file.sha256 && before.bytes === file.bytes;
  const done = before && isSame ? soundBytes(length, before, clock.now()) : 0;
  if (done < length) await handle.truncate(done);
  const record = { sha256: file.sha256, bytes: file.bytes, syncedBytes: 0, bootedAt: bootedAt(clock.now()) };
  const fetching = {
    ...options,
    handle,
    done,
    answered: done > 0,
    record: before?.etag !== undefined && isSame ? { ...record, etag: before.etag } : record,
  };
  await settle(fetching);
  return fetching;
}

/** Makes the disk hold what came, and writes that down. */
async function settle(fetching: Fetching): Promise<void> {
  await fetching.handle.datasync();
  fetching.record = { ...fetching.record, syncedBytes: fetching.done };
  writePartRecord(fetching.part, fetching.record);
}

async function restart(fetching: Fetching): Promise<void> {
  await fetching.handle.truncate(0);
  fetching.done = 0;
}

/** Where the body begins: the rest that was asked for, or the whole where the server knows no rest or has another file by now. */
async function begin(fetching: Fetching, answer: Answer): Promise<void> {
  const { file, done, record } = fetching;
  const [, from, whole] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header(answer, 'content-range') ?? '') ?? [];
  if (answer.statusCode === 206 && Number(from) === done && Number(whole) === file.bytes) return;
  if (answer.statusCode === 416 || answer.statusCode === 206) {
    await restart(fetching);
    throw new Error(`The server has no such rest (${answer.statusCode}).`);
  }
  if (answer.statusCode !== 200) {
    const fault = refused(answer.statusCode);
    // A server out of order may be in order again; one that has no such file will not.
    throw answer.statusCode >= 500 || [403, 408, 425, 429].includes(answer.statusCode) ? new Error(fault.message, { cause: fault }) : fault;
  }
  const length = header(answer, 'content-length');
  if (length !== undefined && Number(length) !== file.bytes) throw otherSize();
  if (done > 0) await restart(fetching);
  const etag = header(answer, 'etag');
  const { etag: _, ...rest } = record;
  fetching.record = etag?.startsWith('"') ? { ...rest, etag } : rest;
  writePartRecord(fetching.part, { ...fetching.record, syncedBytes: 0 });
}

async function write(fetching: Fetching, chunk: Uint8Array): Promise<void> {
  try {
    await fetching.handle.appendFile(chunk);
  } catch (error) {
    if (!isFull(error)) throw error;
    // Conversations need the room more than the end of a part does.
    await fetching.handle.truncate(Math.max(0, fetching.done - RELEASE_SPARE_BYTES));
    throw diskFull(error);
  }
  fetching.done += chunk.length;
}

async function attempt(fetching: Fetching): Promise<void> {
  const { client, address, signal, file, done, record } = fetching;
  const validator: Record<string, string> = record.etag === undefined ? {} : { 'if-range': record.etag };
  const headers: Record<string, string> = done > 0 ? { range: `bytes=${done}-`, ...validator } : {};
  const answer = await client.ask('GET', address, headers, signal);
  try {
    await begin(fetching, answer);
    for await (const chunk of answer.body) {
      await write(fetching, chunk as Uint8Array);
      fetching.onBytes(fetching.done);
      if (fetching.done > file.bytes) throw otherSize();
      if (fetching.done - fetching.record.syncedBytes >= RELEASE_SYNC_BYTES) await settle(fetching);
    }
  } finally {
    answer.body.on('error', () => undefined).destroy();
  }
}

/** Resolves after the pause, or at once when called off. */
function pause(ms: number, { clock, signal }: FetchOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  const stop = clock.after(ms, done);
  signal.addEventListener('abort', done, { once: true });
  return promise.finally(() => {
    stop();
    signal.removeEventListener('abort', done);
  });
}

async function fill(fetching: Fetching): Promise<void> {
  const { file, signal, tries, log, onWait } = fetching;
  let best = fetching.done;
  let fruitless = 0;
  while (fetching.done < file.bytes) {
    let cause: unknown;
    try {
      await attempt(fetching);
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (error instanceof Fault) throw error;
      cause = error;
    }
    if (fetching.done >= file.bytes) return;
    // Where nobody ever answered there is no network, and waiting would only hide it; what had begun before is worth waiting for.
    if (best === 0 && isUnreachable(cause)) throw noNetwork(cause);
    // A server that begins anew each time and is cut at the same place brings nothing either.
    fruitless = fetching.done > best ? 0 : fruitless + 1;
    best = Math.max(best, fetching.done);
    if (fruitless >= tries) throw best > 0 ? cutOff(cause) : noNetwork(cause);
    const ms = RELEASE_RETRY_MS[Math.min(fruitless, RELEASE_RETRY_MS.length - 1)] ?? 0;
    log.info('release-cut', { file: file.name, doneBytes: fetching.done, againAfterMs: ms, cause });
    onWait(ms);
    await pause(ms, fetching);
    if (signal.aborted) throw cancelled();
  }
}

/**
 * Fills the part file up to the file's length; what is in it is not judged here. Throws Fault('cancelled') or
 * Fault('download-failed'), and whatever came is kept.
 */
export async function fetchFile(options: FetchOptions): Promise<void> {
  const fetching = await openPart(options);
  try {
    fetching.onBytes(fetching.done);
    await fill(fetching);
  } finally {
    await settle(fetching).catch((cause: unknown) => options.log.warn('release-part-not-settled', { cause }));
    await fetching.handle.close();
  }
}
