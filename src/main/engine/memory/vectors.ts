/** @file A vector for each word, out of a table of word pieces that ships: what means the same lies close together. */

import type { Pause } from './candidates.ts';

/** `rows` × `dimensions` signed bytes, one scale a row; rows follow the pieces (scripts/make-vectors.py). */
export type VectorTable = { dimensions: number; scales: Float32Array; values: Int8Array; pieces: ReadonlyMap<string, number> };

const HEAD_BYTES = 8;
/** Longer "words" are addresses and noise; the table's own vocabulary has none. */
const LONGEST_WORD = 40;
/** The weight of a piece is a / (a + its share of all words): "smooth inverse frequency" (Arora et al., 2017), with its usual a. */
const SMOOTHING = 1e-3;
/** The vocabulary's whole words begin here and stand in order of frequency. */
const FIRST_WORD = 1_996;

/** Pieces that are read in one step: a millisecond or two. */
const PIECES_AT_ONCE = 2_000;

/** Throws RangeError where the bytes are no table. */
export async function readTable(bytes: ArrayBuffer, vocabulary: string, pause: Pause): Promise<VectorTable> {
  const head = new DataView(bytes);
  const rows = head.getUint32(0, true);
  const dimensions = head.getUint32(4, true);
  const scales = new Float32Array(bytes, HEAD_BYTES, rows);
  const values = new Int8Array(bytes, HEAD_BYTES + rows * 4, rows * dimensions);
  const pieces = new Map<string, number>();
  for (const [row, piece] of vocabulary.split('\n').entries()) {
    pieces.set(piece, row);
    if (row % PIECES_AT_ONCE === 0) await pause();
  }
  if (pieces.size !== rows) throw new RangeError('The table of word vectors and its vocabulary do not belong together.');
  return { dimensions, scales, values, pieces };
}

/** Longest pieces first, as the table's model cuts words; undefined where no pieces make the word. */
function rowsOf(word: string, pieces: ReadonlyMap<string, number>): number[] | undefined {
  const rows: number[] = [];
  let from = 0;
  while (from < word.length) {
    let to = word.length;
    let row: number | undefined;
    for (; to > from && row === undefined; to--) row = pieces.get(from === 0 ? word.slice(0, to) : `##${word.slice(from, to)}`);
    if (row === undefined) return undefined;
    rows.push(row);
    from = to + 1;
  }
  return rows;
}

/** How often a piece is met, by its place in the vocabulary: frequency falls with rank (Zipf's law). */
const shareOf = (row: number): number => 0.1 / (1 + Math.max(0, row - FIRST_WORD));

/** The vector of a word, weighted by how much it tells; undefined where the table knows nothing of it. */
export function wordVector(table: VectorTable, word: string): Float32Array | undefined {
  const rows = word.length > LONGEST_WORD ? undefined : rowsOf(word, table.pieces);
  if (!rows || rows.length === 0) return undefined;
  const { dimensions, scales, values } = table;
  const sum = new Float32Array(dimensions);
  for (const row of rows) {
    const weight = ((scales[row] ?? 0) * SMOOTHING) / (SMOOTHING + shareOf(row)) / rows.length;
    const begin = row * dimensions;
    for (let at = 0; at < dimensions; at++) sum[at] = (sum[at] ?? 0) + (values[begin + at] ?? 0) * weight;
  }
  return sum;
}

export function normalise(vector: Float32Array): boolean {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square === 0) return false;
  const length = Math.sqrt(square);
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / length;
  return true;
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
