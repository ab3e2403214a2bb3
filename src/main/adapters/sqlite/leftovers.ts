/** @file Words that SQLite leaves in the unused middle of pages, overwritten. */
import { open } from 'node:fs/promises';
import type { LiveFile } from './live-file.ts';

/*
 * Where a page is split, merged or filled anew, rows move to another one, and secure_delete does not overwrite what stays of them
 * between the list of cells and the first cell: a stretch that may hold anything (sqlite.org/fileformat2.html, 1.6).
 */

const HEAD_BYTES = 100;
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const PIECE_BYTES = 1024 * 1024;
const LARGEST_PAGE_BYTES = 65_536;
const ZEROS = Buffer.alloc(LARGEST_PAGE_BYTES);
/** Kinds of pages that have cells, by their first byte, and how long their headers are. */
const CELL_PAGES = new Map([
  [0x02, 12],
  [0x05, 12],
  [0x0a, 8],
  [0x0d, 8],
]);
/** Other pages begin with the number of a page: below this one, it never looks like one of those kinds. */
const MOST_PAGES = 2 ** 25;

type Shape = { pageBytes: number; usable: number };
type Stretch = [from: number, to: number];

/** Undefined for what is no database, or one that keeps lists of pages of another kind (auto_vacuum), which ours never does. */
function shapeOf(head: Buffer): Shape | undefined {
  if (head.length < HEAD_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const told = head.readUInt16BE(16);
  const pageBytes = told === 1 ? LARGEST_PAGE_BYTES : told;
  const keepsLists = head.readUInt32BE(52) !== 0;
  if (pageBytes < 512 || keepsLists || head.readUInt32BE(28) >= MOST_PAGES) return undefined;
  return { pageBytes, usable: pageBytes - head.readUInt8(20) };
}

/** In the page that begins at `start` of a piece, with its header so far into it; places of the page are answered. */
function leftoverIn(piece: Buffer, start: number, header: number, usable: number): Stretch | undefined {
  const head = start + header;
  const length = CELL_PAGES.get(piece.readUInt8(head));
  if (length === undefined) return undefined;
  const from = header + length + 2 * piece.readUInt16BE(head + 3);
  const to = piece.readUInt16BE(head + 5) || LARGEST_PAGE_BYTES;
  if (from >= to || to > usable) return undefined;
  // No view of it: of a hundred thousand pages they would be much to collect.
  return piece.compare(ZEROS, 0, to - from, start + from, start + to) === 0 ? undefined : [from, to];
}

/** In a piece of whole pages that begins at this place of the file; places of the file are answered. */
function leftoversIn(piece: Buffer, at: number, { pageBytes, usable }: Shape): Stretch[] {
  const found: Stretch[] = [];
  for (let start = 0; start + pageBytes <= piece.length; start += pageBytes) {
    const stretch = leftoverIn(piece, start, at + start === 0 ? HEAD_BYTES : 0, usable);
    if (stretch) found.push([at + start + stretch[0], at + start + stretch[1]]);
  }
  return found;
}

/** Overwrites them in a copy, a piece at a time, and waits for the disk. Answers how many there were. */
export async function clearLeftovers(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let shape: Shape | undefined;
    let count = 0;
    for (let at = 0; ; at += PIECE_BYTES) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, at);
      if (at === 0) shape = shapeOf(piece.subarray(0, bytesRead));
      if (!shape || bytesRead === 0) break;
      for (const [from, to] of leftoversIn(piece.subarray(0, bytesRead), at, shape)) {
        await file.write(ZEROS, 0, to - from, from);
        count += 1;
      }
    }
    await file.sync();
    return count;
  } finally {
    await file.close();
  }
}

/** Where to go on, undefined at the end, and how many there were. */
export type Cleared = { next: number | undefined; count: number };

/** Room for one piece: a new one for each would have V8 collect everything, again and again, for what lies outside its heap. */
export const roomForPiece = (): Buffer => Buffer.allocUnsafe(PIECE_BYTES);

/**
 * The same in the file of the open database, between two of its transactions, of which it has none in its log: whoever writes waits, and
 * what SQLite has read of these pages before is read anew.
 */
export function clearSomeLeftovers(live: LiveFile, at: number, piece: Buffer): Cleared {
  const head = Buffer.alloc(HEAD_BYTES);
  live.readNow(head, 0);
  const shape = shapeOf(head);
  const bytes = shape ? live.readNow(piece, at) : 0;
  if (!shape || bytes === 0) return { next: undefined, count: 0 };
  const found = leftoversIn(piece.subarray(0, bytes), at, shape);
  for (const [from, to] of found) live.writeNow(ZEROS.subarray(0, to - from), from);
  return { next: at + PIECE_BYTES, count: found.length };
}
