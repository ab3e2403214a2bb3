/** @file The token of the door: where it comes from, and how one that was presented is compared with it. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../shared/faults.ts';
import { TOKEN_BYTES } from '../../shared/limits.ts';

const fileName = 'api-token';
/** base64url of TOKEN_BYTES: letters that a WebSocket subprotocol and an address fragment can carry as they are. */
const wellFormed = /^[A-Za-z0-9_-]{43}$/;

export type TokenOptions = {
  /** API_TOKEN, where it is set. */
  configured: string | undefined;
  /** The data folder, which must exist. */
  folder: string;
};

/** The token that is set, else the one of the data folder, made on first use; it stays the same until its file is removed. */
export function loadToken({ configured, folder }: TokenOptions): string {
  if (configured) return configured;
  const path = join(folder, fileName);
  return onDisk(() => readToken(path) ?? makeToken(path));
}

/** The token of a running door. */
export type TokenKeeper = {
  /** Made on first use. */
  now(): string;
  /** When it was made, in ms since 1970; undefined where it was set, or is not there yet. */
  madeAt(): number | undefined;
  /** Makes another in its place. Throws where it was set from outside. */
  rotate(): string;
  /** The variable that sets it. */
  fixedBy: string | undefined;
};

export function createTokenKeeper({ configured, folder }: TokenOptions): TokenKeeper {
  const path = join(folder, fileName);
  let known: string | undefined;
  return {
    fixedBy: configured === undefined ? undefined : 'API_TOKEN',
    now: () => {
      known ??= loadToken({ configured, folder });
      return known;
    },
    madeAt: () => (configured === undefined && known !== undefined ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined),
    rotate: () => {
      if (configured !== undefined) {
        throw new Fault('bad-request', 'The access token is set by API_TOKEN; it was not changed; change that variable and start again.');
      }
      // Beside the old one first, so that whatever happens there is a whole token on disk.
      known = onDisk(() => {
        const next = `${path}.next`;
        rmSync(next, { force: true });
        const made = makeToken(next);
        renameSync(next, path);
        return made;
      });
      return known;
    },
  };
}

function onDisk(work: () => string): string {
  try {
    return work();
  } catch (cause) {
    throw new Fault(
      'store-failed',
      'The access token could not be kept in the data folder; nothing was changed; check that the folder can be written.',
      { cause },
    );
  }
}

/** A file that a crash left half written is no token and makes room for a new one. */
function readToken(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (!wellFormed.test(text)) {
      rmSync(path);
      return undefined;
    }
    chmodSync(path, 0o600);
    return text;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** O_EXCL (`wx`): where two starts meet, one of them makes the file and the other fails. */
function makeToken(path: string): string {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${token}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return token;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whether a presented token is the right one, in a time that tells nothing about either. */
export function createTokenCheck(token: string): (presented: string) => boolean {
  const right = digest(token);
  return (presented) => timingSafeEqual(right, digest(presented));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
