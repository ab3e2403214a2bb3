/** @file Paths inside an archive: what they may be, and where a link may lead. Anything else refuses the whole archive. */
import { posix } from 'node:path';
import { RELEASE_PATH_CHARACTERS } from '../../../shared/runtime-limits.ts';
import { hostile } from './faults.ts';

const hasControls = (text: string): boolean => [...text].some((letter) => letter < ' ' || letter === '\u007f');
/** Names that Windows gives to devices, with or without an ending. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

function check(path: string): void {
  if (path.length > RELEASE_PATH_CHARACTERS) throw hostile('a path in it is too long');
  if (hasControls(path)) throw hostile('a path in it holds control characters');
  // A backslash or a drive is a way out on Windows, and nothing that Ollama uses anywhere.
  if (path.includes('\\') || /^[A-Za-z]:/.test(path) || path.startsWith('/')) throw hostile('a path in it leads out of its folder');
}

/** The path in plain form, without a leading `./`; empty for the folder itself. Throws where it leads out. */
export function safePath(path: string): string {
  check(path);
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw hostile('a path in it leads out of its folder');
  if (segments.some((segment) => device.test(segment) || /[:*?"<>|]/.test(segment) || /[. ]$/.test(segment)))
    throw hostile('a path in it is none on every system');
  return segments.join('/');
}

/** Where a link at `path` leads, as a path in the archive. Throws where it leads out. */
export function linkTarget(path: string, target: string): string {
  check(target);
  const found = posix.normalize(posix.join(posix.dirname(path), target));
  if (found === '..' || found.startsWith('../')) throw hostile('a link in it leads out of its folder');
  return found;
}
