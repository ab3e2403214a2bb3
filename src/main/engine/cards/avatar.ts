/** @file The picture that is shown: a PNG that the page drew anew, checked and stripped here, so that nothing of the original file is left in it. */
import { AVATAR_BYTES, AVATAR_SIDE } from '../../../shared/card-limits.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Archives } from './archives.ts';
import { isPng, makeChunk, readChunks, sizeOf, writeChunks } from './png-chunks.ts';
import { pictureOnly } from './png-texts.ts';

const refused = () => new Fault('bad-request', 'This picture cannot be used; nothing was changed, so choose another one.');

/** The same picture without anything but its pixels. Throws Fault('bad-request') where it is none, or too large. */
export function checkedAvatar(bytes: Uint8Array): Uint8Array {
  if (bytes.length > AVATAR_BYTES || !isPng(bytes)) throw refused();
  const chunks = readChunks(bytes);
  const { width, height } = sizeOf(chunks);
  const kept = pictureOnly(chunks);
  const fits = width > 0 && height > 0 && width <= AVATAR_SIDE && height <= AVATAR_SIDE;
  if (!fits || !kept.some(({ type }) => type === 'IDAT')) throw refused();
  return writeChunks(kept);
}

/** Two by three, as cards are; one colour to a row, in steps of a palette. */
const WIDTH = 256;
const HEIGHT = 384;
const COLOURS = 128;

/** Red, green and blue of a hue at a lightness, near enough for the colours of a sky. */
function colour(hue: number, lightness: number): number[] {
  return [0, 240, 120].map((turn) => {
    const wave = Math.cos(((hue - turn) * Math.PI) / 180);
    return Math.max(0, Math.min(255, Math.round(255 * (lightness + 0.16 * wave))));
  });
}

/** A quiet picture in a companion's own hue, for a PNG file where there is no other. */
export function drawnPicture(hue: number, archives: Archives): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, WIDTH);
  view.setUint32(4, HEIGHT);
  // Eight bits, each an index into the palette.
  header.set([8, 3], 8);
  const palette = Array.from({ length: COLOURS }, (_, step) => colour(hue, 0.82 - (0.5 * step) / COLOURS)).flat();
  const rows = new Uint8Array(HEIGHT * (WIDTH + 1));
  for (let y = 0; y < HEIGHT; y++) rows.fill(Math.floor((y * COLOURS) / HEIGHT), y * (WIDTH + 1) + 1, (y + 1) * (WIDTH + 1));
  return writeChunks([
    makeChunk('IHDR', header),
    makeChunk('PLTE', Uint8Array.from(palette)),
    makeChunk('IDAT', archives.deflate(rows)),
    makeChunk('IEND', new Uint8Array()),
  ]);
}
