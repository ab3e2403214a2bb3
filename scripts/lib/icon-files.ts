/** @file PNG pictures put together as the icon files of Windows (ICO) and macOS (ICNS). */

export type Picture = { size: number; png: Buffer };

const ENTRY_BYTES = 16;
const HEAD_BYTES = 6;

/** An ICO of PNG pictures, as Windows has read them since Vista: a head, an entry for each, the pictures. 256 is written as 0. */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const head = Buffer.alloc(HEAD_BYTES + ENTRY_BYTES * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const at = HEAD_BYTES + ENTRY_BYTES * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** Which picture stands for which place; the same pixels serve a size and half that size on a dense screen. */
const places: readonly (readonly [type: string, size: number])[] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/** An ICNS of PNG pictures: a head with the whole length, then each with its type and length, all big-endian. */
export function icnsOf(pictures: readonly Picture[]): Buffer {
  const parts = places.flatMap(([type, size]) => {
    const png = pictures.find((picture) => picture.size === size)?.png;
    return png ? [tagged(type, png)] : [];
  });
  return tagged('icns', Buffer.concat(parts));
}

function tagged(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(head.length + content.length, 4);
  return Buffer.concat([head, content]);
}
