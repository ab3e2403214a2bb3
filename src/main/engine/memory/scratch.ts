/** @file Room to count in while all items are looked through. */

/** Kept from question to question: cleaning what was touched costs less than making it anew. */
export type Scratch = { weights: Float32Array; touched: Int32Array; mark: Uint8Array };

export const createScratch = (): Scratch => ({ weights: new Float32Array(0), touched: new Int32Array(0), mark: new Uint8Array(0) });

export function roomIn(scratch: Scratch, count: number): Scratch {
  if (scratch.weights.length < count) {
    const size = Math.ceil(count * 1.5);
    scratch.weights = new Float32Array(size);
    scratch.touched = new Int32Array(size);
    scratch.mark = new Uint8Array(size);
  }
  return scratch;
}
