/** @file The files of the page, read once, so that no path of a request ever reaches the disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Log } from '../engine/ports.ts';
import type { Answer } from './respond.ts';

/** Everything from our own address and nothing from anywhere else. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Answers by the path that asks for them; `/` is the index. */
export type Page = ReadonlyMap<string, Answer>;

/** Reads the built page. A folder that is not there leaves the door without a page, and that is logged. */
export function readPage(folder: string | undefined, log: Log): Page {
  const page = new Map<string, Answer>();
  if (folder === undefined) return page;
  try {
    addFolder(page, folder, '/');
  } catch (error) {
    log.warn('page-missing', { cause: error });
  }
  const index = page.get('/index.html');
  if (index) page.set('/', index);
  return page;
}

/** Ordinary files and folders only: a link could lead out. */
function addFolder(page: Map<string, Answer>, folder: string, address: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const entryAddress = address + encodeURIComponent(entry.name);
    if (entry.isDirectory()) addFolder(page, path, `${entryAddress}/`);
    if (entry.isFile()) page.set(entryAddress, fileAnswer(path));
  }
}

function fileAnswer(path: string): Answer {
  return {
    status: 200,
    headers: {
      'Content-Type': types[extname(path).toLowerCase()] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
    body: readFileSync(path),
  };
}
