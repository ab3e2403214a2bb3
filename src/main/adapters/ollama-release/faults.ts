/** @file What can go wrong while Ollama is fetched, each in one sentence: what happened, what was kept, what to do. */
import { Fault } from '../../../shared/faults.ts';

const failed = (message: string, cause?: unknown): Fault => new Fault('download-failed', message, { cause, detail: detailOf(cause) });

function detailOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const { code } = cause as NodeJS.ErrnoException;
  const below = cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  return `${cause.message}${below}${code === undefined ? '' : ` ${code}`}`;
}

const megabytes = (bytes: number): string => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`);

export const cancelled = (): Fault => new Fault('cancelled', 'Fetching Ollama was called off; nothing was installed.');

export const noNetwork = (cause: unknown): Fault =>
  failed('Ollama’s release server cannot be reached; nothing was changed: connect to the internet and try again.', cause);

export const cutOff = (cause: unknown): Fault =>
  failed('The download of Ollama broke off; what has come is kept, and it goes on from there when you try again.', cause);

export const refused = (status: number): Fault =>
  failed(
    status === 404
      ? 'Ollama’s release server does not have this file (404); nothing was installed: check OLLAMA_RELEASE_URL, or take a newer version of this program.'
      : `Ollama’s release server refused the file (${status}); what has come is kept, so try again later.`,
  );

export const insecure = (): Fault =>
  failed('Ollama’s release server led to an address that is not secure; nothing was fetched: try again from another network.');

export const unlisted = (name: string): Fault =>
  failed(`The release’s list of SHA-256 hashes does not name ${name}; nothing was fetched: try again later.`);

export const otherSize = (): Fault =>
  failed(
    'What the release server has is not of the size that this program knows; it was not used: try again later, or take a newer version of this program.',
  );

export const wrongHash = (): Fault =>
  failed('What came is not the file that it should be, by its SHA-256, and was removed; nothing was installed: try again.');

export const noRoom = (needed: number, free: number): Fault =>
  failed(`Ollama needs ${megabytes(needed)} on this disk and ${megabytes(free)} are free; nothing was fetched: make room and try again.`);

export const diskFull = (cause: unknown): Fault =>
  failed(
    'The disk ran full while Ollama was fetched; what has come is mostly kept and nothing was installed: make room and try again.',
    cause,
  );

export const hostile = (why: string): Fault =>
  failed(`The archive of Ollama was refused, for ${why}; nothing was installed and what came was removed.`);

export const incomplete = (): Fault =>
  failed('The archive of Ollama lacks its server or its runner; nothing was installed: take a newer version of this program.');

export const damaged = (cause: unknown): Fault =>
  failed('The archive of Ollama cannot be unpacked; nothing was installed and what came was removed: try again.', cause);

export const inUse = (): Fault =>
  new Fault('download-failed', 'Ollama is being fetched by another program at the moment; nothing was changed: wait for it, or end it.');

export const unwritable = (cause: unknown): Fault =>
  failed('The folder for Ollama cannot be written; nothing was installed: check its rights and try again.', cause);

export const isFull = (error: unknown): boolean =>
  error instanceof Error && ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code));

/** An error of the system; those of the network have been put into words where they were met. */
export const isOfSystem = (error: unknown): boolean => error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined;

const unreachable = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Nobody was there to speak to, in contrast to somebody who went away. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    unreachable.has(String((error as NodeJS.ErrnoException).code)) || (error instanceof AggregateError && error.errors.some(isUnreachable))
  );
}
