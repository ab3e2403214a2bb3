/** @file PNG and APNG files as a list of chunks: views of the file, checked before they are believed. */
import { PNG_CHUNKS } from '../../../shared/card-limits.ts';
import { tooLarge, unreadable } from './json-text.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

export type Chunk = {
  /** Four letters. */
  type: string;
  /** A view of the file; nothing is copied. */
  data: Uint8Array;
  /** The whole of it, with length, type and sum. */
  raw: Uint8Array;
};

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** The sum that PNG chunks end in (ISO 3309), over type and data. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) sum = (table[(sum ^ (bytes[index] ?? 0)) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

const word = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, index) => bytes[index] === byte);

/** Whether the chunk is what it was when it was written. */
export const isWhole = ({ raw }: Chunk): boolean => sumOf(raw.subarray(4, raw.length - 4)) === word(raw, raw.length - 4);

/** The chunks up to and with IEND. Throws where lengths lie, where there is no end, or where there are too many. */
export function readChunks(bytes: Uint8Array): Chunk[] {
  if (!isPng(bytes)) throw unreadable('This is no PNG file');
  const chunks: Chunk[] = [];
  let at: number = SIGNATURE.length;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + word(bytes, at);
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), raw: bytes.subarray(at, end) });
    if (chunks.length > PNG_CHUNKS) throw tooLarge('This picture is cut into more pieces than any picture is');
    if (type === 'IEND') return headed(chunks);
    at = end;
  }
  throw unreadable('This picture is cut short or damaged');
}

function headed(chunks: Chunk[]): Chunk[] {
  const headers = chunks.filter(({ type }) => type === 'IHDR');
  const [header] = headers;
  if (header && headers.length === 1 && header === chunks[0] && header.data.length === 13 && isWhole(header)) return chunks;
  throw unreadable('This picture has no proper beginning');
}

/** Width and height in pixels, from the header alone. */
export function sizeOf(chunks: Chunk[]): { width: number; height: number } {
  const data = chunks[0]?.data ?? new Uint8Array();
  return { width: word(data, 0), height: word(data, 4) };
}

export function makeChunk(type: string, data: Uint8Array): Chunk {
  const raw = new Uint8Array(data.length + 12);
  const view = new DataView(raw.buffer);
  view.setUint32(0, data.length);
  for (let index = 0; index < 4; index++) raw[4 + index] = type.charCodeAt(index);
  raw.set(data, 8);
  view.setUint32(data.length + 8, sumOf(raw.subarray(4, data.length + 8)));
  return { type, data: raw.subarray(8, data.length + 8), raw };
}

export function writeChunks(chunks: readonly Chunk[]): Uint8Array {
  const out = new Uint8Array(SIGNATURE.length + chunks.reduce((sum, { raw }) => sum + raw.length, 0));
  out.set(SIGNATURE);
  let at: number = SIGNATURE.length;
  for (const { raw } of chunks) {
    out.set(raw, at);
    at += raw.length;
  }
  return out;
}
