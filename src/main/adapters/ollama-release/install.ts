/** @file Installs Ollama: looks up, checks the room, fetches, checks the hash, unpacks, puts in place. The same for the window and the command. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asFault, Fault } from '../../../shared/faults.ts';
import { RELEASE_PROGRESS_MS, RELEASE_SPARE_BYTES } from '../../../shared/runtime-limits.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { ReleaseClient } from './client.ts';
import { cancelled, damaged, diskFull, incomplete, isFull, isOfSystem, noRoom, unwritable, wrongHash } from './faults.ts';
import { fetchFile } from './fetch-file.ts';
import { hashFile } from './hash-file.ts';
import { lockInstall } from './lock.ts';
import { type KnownFile, lookUp } from './look-up.ts';
import { createMeter, type Measured } from './meter.ts';
import {
  addRecord,
  freeBytes,
  type Installed,
  keepOnly,
  type Notice,
  openFresh,
  type Place,
  partBytes,
  putInPlace,
  readInstalled,
  recover,
  removeDownload,
  removeEmptyDownload,
} from './place.ts';
import { addressOf, type Plan } from './release.ts';
import { unpackInto } from './unpack.ts';

export type InstallStep = {
  state: 'looking' | 'downloading' | 'checking' | 'unpacking';
  /** One sentence. */
  reason: string;
  progress?: Measured;
};

export type InstallOptions = {
  plan: Plan;
  place: Place;
  /** Where releases lie. */
  base: string;
  notices: readonly Notice[];
  client: ReleaseClient;
  /** Tries in a row that may bring nothing. */
  tries: number;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onStep(step: InstallStep): void;
};

type Installing = InstallOptions & { files: (KnownFile & { part: string })[]; totalBytes: number; told: { at: number; state: string } };

export const partOf = ({ download }: Place, version: string, name: string): string => join(download, `v${version}-${name}.part`);

/** Every change of the state, and progress a few times a second. */
function tell(installing: Installing, step: InstallStep): void {
  const { told, clock, onStep } = installing;
  const now = clock.now();
  if (told.state === step.reason && now - told.at < RELEASE_PROGRESS_MS && now >= told.at) return;
  Object.assign(told, { at: now, state: step.reason });
  onStep(step);
}

async function requireRoom({ files, plan, place, totalBytes }: Installing): Promise<void> {
  const there = await Promise.all(files.map(async ({ part, bytes }) => Math.min(await partBytes(part), bytes)));
  const needed = totalBytes - there.reduce((sum, bytes) => sum + bytes, 0) + plan.unpackedBytes + RELEASE_SPARE_BYTES;
  const free = await freeBytes(place);
  if (free < needed) throw noRoom(needed, free);
}

async function fetchAll(installing: Installing): Promise<void> {
  const { files, plan, base, client, tries, clock, log, signal, totalBytes } = installing;
  const meter = createMeter(totalBytes);
  let before = 0;
  for (const file of files) {
    const address = addressOf(base, plan.version, file.name);
    let latest = before;
    const say = (reason: string) => tell(installing, { state: 'downloading', reason, progress: meter.at(clock.now(), latest) });
    await fetchFile({
      ...{ file, address, part: file.part, client, tries, clock, log, signal },
      onBytes(doneBytes) {
        latest = before + doneBytes;
        say('Ollama is being downloaded.');
      },
      onWait: (ms) =>
        say(
          `The connection broke off; it is tried again ${ms < 2_000 ? 'at once' : `in ${Math.round(ms / 1_000)} seconds`}, and what came is kept.`,
        ),
    });
    before += file.bytes;
  }
}

async function checkAll(installing: Installing): Promise<void> {
  const { files, signal, totalBytes, clock } = installing;
  const meter = createMeter(totalBytes);
  let before = 0;
  for (const { part, sha256, bytes } of files) {
    const say = (doneBytes: number) =>
      tell(installing, {
        state: 'checking',
        reason: 'Every byte is compared with its SHA-256.',
        progress: meter.at(clock.now(), before + doneBytes),
      });
    if ((await hashFile(part, signal, say)) !== sha256) {
      await rm(part, { force: true });
      throw wrongHash();
    }
    before += bytes;
  }
}

async function unpackAll(installing: Installing): Promise<void> {
  const { files, plan, place, signal } = installing;
  const root = await openFresh(place);
  const step = { state: 'unpacking', reason: 'Ollama is being unpacked.' } as const;
  const onBytes = (doneBytes: number) =>
    tell(installing, { ...step, progress: { doneBytes, totalBytes: Math.max(doneBytes, plan.unpackedBytes) } });
  try {
    await unpackInto({ files, plan, root, signal, onBytes });
    if (signal.aborted) throw cancelled();
  } catch (error) {
    // The room it took is the conversations' again; what it was unpacked from is of no use where it is no archive of Ollama.
    await rm(root, { recursive: true, force: true });
    if (signal.aborted) throw cancelled();
    if (isFull(error)) throw diskFull(error);
    if (isOfSystem(error)) throw unwritable(error);
    for (const { part } of files) await rm(part, { force: true });
    throw error instanceof Fault ? error : damaged(error);
  }
}

async function run(installing: Installing): Promise<Installed> {
  const { files, plan, place, notices, clock, log } = installing;
  await keepOnly(
    place,
    files.map(({ part }) => part),
  );
  await requireRoom(installing);
  await fetchAll(installing);
  await checkAll(installing);
  await unpackAll(installing);
  const hashFrom = (name: string) => (plan.files.find((file) => file.name === name)?.sha256 === undefined ? 'release' : 'pinned');
  const record: Installed = {
    version: plan.version,
    graphics: [...plan.graphics],
    files: files.map(({ name, sha256 }) => ({ name, sha256, hashFrom: hashFrom(name) })),
    installedAt: new Date(clock.now()).toISOString(),
  };
  await addRecord(place, notices, record);
  await putInPlace(place);
  const installed = readInstalled(place, plan.platform);
  if (!installed) throw incomplete();
  await removeDownload(place);
  log.info('release-installed', record);
  return installed;
}

/** What the system or a called-off stream throws, in words. */
function translated(error: unknown, signal: AbortSignal): Fault {
  if (signal.aborted) return cancelled();
  if (error instanceof Fault) return error;
  if (isFull(error)) return diskFull(error);
  return isOfSystem(error) ? unwritable(error) : asFault(error);
}

/** Throws Faults only: Fault('cancelled') when called off, and what has come is kept. Nothing is ever half installed. */
export async function installRelease(options: InstallOptions): Promise<Installed> {
  const { plan, place, base, client, clock, signal, onStep, log } = options;
  let unlock: (() => void) | undefined;
  try {
    await mkdir(place.download, { recursive: true, mode: 0o700 });
    unlock = lockInstall(place.download, clock);
    await recover(place);
    onStep({ state: 'looking', reason: 'The release is being looked up.' });
    const known = await lookUp(plan, { client, base, signal });
    const files = known.map((file) => ({ ...file, part: partOf(place, plan.version, file.name) }));
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    return await run({ ...options, files, totalBytes, told: { at: 0, state: '' } });
  } catch (error) {
    const fault = translated(error, signal);
    if (fault.code !== 'cancelled') log.warn('release-not-installed', { reason: fault.message, detail: fault.detail, cause: error });
    throw fault;
  } finally {
    if (unlock) await removeEmptyDownload(place);
    unlock?.();
  }
}
