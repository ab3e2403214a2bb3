/** @file Writes over forgotten words where they stand in a file that no program can read any more: a damaged database that was set aside. */
import { open } from 'node:fs/promises';
import { setImmediate as rest } from 'node:timers/promises';
import { FORGET_STEP_MS } from '../../../shared/notes-limits.ts';
import { contentStems } from '../../engine/memory/note-words.ts';

/** Read at once, and how much of it is read again with the next, so that no anchor lies across two unseen. */
const PIECE_BYTES = 256 * 1024;
const OVERLAP_BYTES = 1_024;
/** Words of one anchor, its shortest form in bytes, and how many of them one text has at most. */
const ANCHOR_WORDS = 3;
const ANCHOR_BYTES = 10;
const ANCHORS = 300;
const LONGEST_ANCHOR_BYTES = 64;

/** A text as it is compared, one character a byte, and the places in it from which a match is followed both ways. */
type Trail = { words: string; anchors: { at: number; bytes: string }[] };

/** Bytes as characters, in lower case: titles are kept in that too. */
const asBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1').toLowerCase();

function trailOf(text: string): Trail {
  const words = asBytes(text.replaceAll(/\s+/gu, ' ').trim());
  const starts = [0, ...Array.from(words.matchAll(/ /g), ({ index }) => index + 1)];
  const step = Math.max(1, Math.ceil(starts.length / ANCHORS));
  const anchors = new Map<string, number>();
  for (const at of starts.filter((_, index) => index % step === 0)) {
    const bytes = words
      .slice(at, at + LONGEST_ANCHOR_BYTES)
      .split(' ', ANCHOR_WORDS)
      .join(' ');
    const says = bytes.length >= ANCHOR_BYTES && contentStems(Buffer.from(bytes, 'latin1').toString('utf8')).size > 0;
    if (says && !anchors.has(bytes)) anchors.set(bytes, at);
  }
  return { words, anchors: Array.from(anchors, ([bytes, at]) => ({ at, bytes })) };
}

/** How far hay and text agree from these places on, in one direction. */
function reach(hay: string, from: number, words: string, start: number, step: 1 | -1): number {
  let length = 0;
  for (;;) {
    const one = hay[from + step * length];
    const other = words[start + step * length];
    const same = one === other || (other === ' ' && (one === '\n' || one === '\t' || one === '\r'));
    if (one === undefined || other === undefined || !same) return length;
    length += 1;
  }
}

/** The stretches of a piece that say what is forgotten, as [from, to); others have a turn in between. */
async function stretches(hay: string, trails: readonly Trail[]): Promise<[number, number][]> {
  const found: [number, number][] = [];
  let began = performance.now();
  for (const { words, anchors } of trails) {
    for (const anchor of anchors) {
      for (let at = hay.indexOf(anchor.bytes); at >= 0; ) {
        const back = reach(hay, at - 1, words, anchor.at - 1, -1);
        const to = at + reach(hay, at, words, anchor.at, 1);
        found.push([at - back, to]);
        at = hay.indexOf(anchor.bytes, to);
      }
      if (performance.now() - began < FORGET_STEP_MS) continue;
      await rest();
      began = performance.now();
    }
  }
  return found;
}

/** Puts spaces in the place of the texts, and of every piece of them that is at least three words long. */
export async function overwriteTexts(path: string, texts: readonly string[]): Promise<void> {
  const trails: Trail[] = [];
  for (const text of texts) {
    await rest();
    trails.push(trailOf(text));
  }
  if (!trails.some(({ anchors }) => anchors.length > 0)) return;
  const file = await open(path, 'r+');
  let isChanged = false;
  try {
    const piece = Buffer.alloc(PIECE_BYTES + OVERLAP_BYTES);
    for (let start = 0; ; start += PIECE_BYTES) {
      const { bytesRead } = await file.read(piece, 0, piece.length, start);
      for (const [from, to] of await stretches(piece.toString('latin1', 0, bytesRead).toLowerCase(), trails)) {
        await file.write(Buffer.alloc(to - from, ' '), 0, to - from, start + from);
        isChanged = true;
      }
      if (bytesRead < piece.length) break;
    }
    if (isChanged) await file.sync();
  } finally {
    await file.close();
  }
}
