/** @file Cuts a stream of bytes into lines, whatever the pieces it comes in. */

const NEWLINE = 10;

export type LineCutter = {
  /** The lines that end in this piece, without their newline; empty ones are left out. */
  push(piece: Uint8Array): Buffer[];
  /** What came after the last newline. */
  rest(): Buffer;
  /** Bytes of the line that has not ended yet. */
  pending(): number;
};

/** A cutter holds no more than the line that has not ended; the caller bounds it by `pending`. */
export function createLineCutter(): LineCutter {
  let open: Uint8Array[] = [];
  let size = 0;
  const take = (last: Uint8Array) => {
    const line = open.length === 0 ? Buffer.from(last.buffer, last.byteOffset, last.byteLength) : Buffer.concat([...open, last]);
    open = [];
    size = 0;
    return line;
  };
  return {
    push(piece) {
      const lines: Buffer[] = [];
      let from = 0;
      for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
        const line = take(piece.subarray(from, at));
        if (line.length > 0) lines.push(line);
        from = at + 1;
      }
      if (from < piece.length) {
        open.push(piece.subarray(from));
        size += piece.length - from;
      }
      return lines;
    },
    rest: () => take(new Uint8Array(0)),
    pending: () => size,
  };
}
