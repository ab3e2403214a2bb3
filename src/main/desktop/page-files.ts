/** @file The files of the page: listed once, so that an address can only ever name one of them. */
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { isOwnAddress } from './own-page.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The content type by a file's name; a module script with a wrong one leaves the page blank. */
export const contentType = (file: string): string => types[extname(file).toLowerCase()] ?? 'application/octet-stream';

/** Absolute file names by the path that asks for them, `/index.html` and the like. */
export type PageFiles = ReadonlyMap<string, string>;

/** Lists a folder with everything below it; links are left out, as they could lead elsewhere. Throws where it cannot be read. */
export function listPageFiles(folder: string, under = ''): PageFiles {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${under}/${encodeURIComponent(entry.name)}`;
    const file = join(folder, entry.name);
    if (entry.isFile()) files.set(path, file);
    else if (entry.isDirectory()) for (const [inner, innerFile] of listPageFiles(file, path)) files.set(inner, innerFile);
  }
  return files;
}

/** The file that an address names; undefined for everything that is not in the list, whatever it is spelled like. */
export function fileAt(files: PageFiles, address: string): string | undefined {
  if (!isOwnAddress(address)) return undefined;
  const { pathname } = new URL(address);
  return files.get(pathname === '/' || pathname === '' ? '/index.html' : pathname);
}
