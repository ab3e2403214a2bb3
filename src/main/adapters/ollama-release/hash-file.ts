/** @file The SHA-256 of a file as it lies on the disk. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Large reads: a hash is worked out as fast as the disk gives. */
const READ_BYTES = 1024 * 1024;

/** In hex. `onBytes` hears how much has been read. Rejects when called off. */
export async function hashFile(path: string, signal: AbortSignal, onBytes: (doneBytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES, signal })) {
    const piece = chunk as Buffer;
    hash.update(piece);
    done += piece.length;
    onBytes(done);
    signal.throwIfAborted();
  }
  return hash.digest('hex');
}
