/** @file A picture of unknown origin, drawn anew on this page: only pixels get through, and few enough of them. */
import { AVATAR_BYTES, AVATAR_SIDE } from '../../shared/card-limits.ts';

/** Larger files are not worth the memory that decoding them takes. */
const LARGEST_BYTES = 32 * 1024 * 1024;
const SIDES = [AVATAR_SIDE, 384, 256] as const;

async function drawn(picture: ImageBitmap, side: number): Promise<Blob | null> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** The same picture as PNG, small enough to be kept; undefined where it cannot be decoded. */
export async function redraw(bytes: Blob): Promise<Blob | undefined> {
  if (bytes.size > LARGEST_BYTES) return undefined;
  const picture = await createImageBitmap(bytes).catch(() => undefined);
  if (!picture) return undefined;
  try {
    for (const side of SIDES) {
      const blob = await drawn(picture, side);
      if (blob && blob.size <= AVATAR_BYTES) return blob;
    }
    return undefined;
  } finally {
    picture.close();
  }
}
