/** @file What an archive's own directory says of its files, read before anything is unfolded; it may be a lie. */
import { strFromU8 } from 'fflate';

export type Declared = {
  /** Bytes of each file once unfolded, by its name. */
  sizes: ReadonlyMap<string, number>;
  /** Of all files together; those of one name count each. */
  bytes: number;
  entries: number;
};

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
/** The directory's end stands before a comment of at most this length. */
const LONGEST_COMMENT = 65_535;
const UTF8 = 0x800;
/** The size stands in a further field (ZIP64); such a file is counted while it is unfolded. */
const ELSEWHERE = 0xffff_ffff;

function endAt(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) if (view.getUint32(at, true) === END) return at;
  return undefined;
}

/** Where the directory begins: counted from its end, before which nothing was put; else where it says, if something of its own stands between. */
function startAt(view: DataView, end: number): number | undefined {
  const places = [end - view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  return places.find((at) => at >= 0 && at + ENTRY_BYTES <= end && view.getUint32(at, true) === ENTRY);
}

/** Undefined where no directory is found. Reads `most` entries and one more at most, whatever number is claimed. */
export function declaredSizes(bytes: Uint8Array, most: number): Declared | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endAt(view);
  const start = end === undefined ? undefined : startAt(view, end);
  if (end === undefined || start === undefined) return undefined;
  const sizes = new Map<string, number>();
  let total = 0;
  let entries = 0;
  for (let at = start; at + ENTRY_BYTES <= end && view.getUint32(at, true) === ENTRY && entries <= most; entries++) {
    const size = view.getUint32(at + 24, true);
    const nameBytes = view.getUint16(at + 28, true);
    const name = strFromU8(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes), (view.getUint16(at + 8, true) & UTF8) === 0);
    if (size !== ELSEWHERE) {
      sizes.set(name, Math.max(size, sizes.get(name) ?? 0));
      total += size;
    }
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { sizes, bytes: total, entries };
}
