/** @file What a GGUF file says of itself: architecture, size, quantisation and the form of its conversations. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Fault } from '../../../shared/faults.ts';
import { GGUF_HEADER_BYTES } from '../../../shared/limits.ts';

export type GgufHeader = {
  architecture: string;
  /** As its maker calls it, such as "135M"; empty where it does not say. */
  sizeLabel: string;
  /** Such as "Q4_K_M"; "unknown" where the number is. */
  quantisation: string;
  /** Its Jinja template; empty where it has none. */
  chatTemplate: string;
};

/** general.file_type of the GGUF specification (llama.cpp, llama_ftype). */
const fileTypes: Record<number, string> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  25: 'IQ4_NL',
  30: 'IQ4_XS',
  32: 'BF16',
};

/** Bytes of each kind of value that has a fixed length, by the specification's numbers. */
const lengths: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const UINT32 = 4;
const STRING = 8;
const ARRAY = 9;

const wanted = new Set(['general.architecture', 'general.size_label', 'general.file_type', 'tokenizer.chat_template']);

type Cursor = { bytes: Buffer; at: number };

function take(cursor: Cursor, length: number): number {
  const { at } = cursor;
  if (!Number.isSafeInteger(length) || at + length > cursor.bytes.length) throw new RangeError('The header is longer than what was read.');
  cursor.at += length;
  return at;
}

const takeUint32 = (cursor: Cursor): number => cursor.bytes.readUInt32LE(take(cursor, 4));
const takeUint64 = (cursor: Cursor): number => Number(cursor.bytes.readBigUInt64LE(take(cursor, 8)));
function takeString(cursor: Cursor): string {
  const length = takeUint64(cursor);
  const at = take(cursor, length);
  return cursor.bytes.toString('utf8', at, at + length);
}

/** Passes over a value; strings and numbers are answered, as far as anybody asks for them. */
function takeValue(cursor: Cursor, kind: number): string | number | undefined {
  if (kind === STRING) return takeString(cursor);
  if (kind === UINT32) return takeUint32(cursor);
  if (kind === ARRAY) {
    skipArray(cursor);
    return undefined;
  }
  const length = lengths[kind];
  if (length === undefined) throw new RangeError('The header holds a value of no known kind.');
  take(cursor, length);
  return undefined;
}

function skipArray(cursor: Cursor): void {
  const kind = takeUint32(cursor);
  const count = takeUint64(cursor);
  const length = lengths[kind];
  if (length !== undefined) {
    take(cursor, length * count);
    return;
  }
  for (let item = 0; item < count; item++) {
    if (kind === STRING) take(cursor, takeUint64(cursor));
    else takeValue(cursor, kind);
  }
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, GGUF_HEADER_BYTES));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

function readValues(bytes: Buffer): Map<string, string | number> {
  const cursor: Cursor = { bytes, at: 0 };
  const magic = bytes.toString('latin1', take(cursor, 4), 4);
  const version = takeUint32(cursor);
  if (magic !== 'GGUF' || version < 2 || version > 3) throw new RangeError('It is no GGUF file of version 2 or 3.');
  takeUint64(cursor);
  const count = takeUint64(cursor);
  const values = new Map<string, string | number>();
  for (let entry = 0; entry < count && values.size < wanted.size; entry++) {
    const key = takeString(cursor);
    const value = takeValue(cursor, takeUint32(cursor));
    if (value !== undefined && wanted.has(key)) values.set(key, value);
  }
  // The specification demands it, and no server loads a file without it.
  if (!values.get('general.architecture')) throw new RangeError('It does not say what kind of model it holds.');
  return values;
}

/** Throws Fault('model-loading-failed') where the file is no GGUF, or a broken one. */
export function readGgufHeader(path: string): GgufHeader {
  try {
    const values = readValues(readStart(path));
    const text = (key: string) => String(values.get(key) ?? '');
    return {
      architecture: text('general.architecture'),
      sizeLabel: text('general.size_label'),
      quantisation: fileTypes[Number(values.get('general.file_type') ?? -1)] ?? 'unknown',
      chatTemplate: text('tokenizer.chat_template'),
    };
  } catch (error) {
    throw new Fault('model-loading-failed', 'The model file cannot be read as a GGUF file; nothing was changed, so choose another one.', {
      cause: error,
    });
  }
}
