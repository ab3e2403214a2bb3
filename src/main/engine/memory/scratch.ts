/** @file Room to count in while all items are looked through. */

/** Kept from question to question: cleaning what was touched costs less than making it anew. */
export type Scratch = { weights: Float32Array; touched: Int32Array; mark: Uint8Array; words: Figures; items: Figures };

/** A figure for each of many places, each with the question that it is of. */
type Figures = { question: number; values: Float64Array; asked: Uint32Array };

const noFigures = (): Figures => ({ question: 0, values: new Float64Array(0), asked: new Uint32Array(0) });

export const createScratch = (): Scratch => ({
  ...{ weights: new Float32Array(0), touched: new Int32Array(0), mark: new Uint8Array(0) },
  ...{ words: noFigures(), items: noFigures() },
});

export function roomIn(scratch: Scratch, count: number): Scratch {
  if (scratch.weights.length < count) {
    const size = Math.ceil(count * 1.5);
    scratch.weights = new Float32Array(size);
    scratch.touched = new Int32Array(size);
    scratch.mark = new Uint8Array(size);
  }
  return scratch;
}

/** Figures of a new question, none of them known yet, without cleaning up those of the last. */
export function newFigures(figures: Figures, count: number) {
  if (figures.values.length < count) {
    const size = Math.ceil(count * 1.5);
    figures.values = new Float64Array(size);
    figures.asked = new Uint32Array(size);
  }
  figures.question += 1;
  const { question, values, asked } = figures;
  return {
    isKnown: (place: number): boolean => asked[place] === question,
    of: (place: number): number => values[place] ?? 0,
    set(place: number, value: number): number {
      asked[place] = question;
      values[place] = value;
      return value;
    },
  };
}
