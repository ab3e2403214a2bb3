/** @file Files to the program and back, in pieces that fit into a frame. */
import { base64Bytes, base64Text } from '../../shared/base64.ts';
import { CARD_FILE_BYTES, CHUNK_BYTES } from '../../shared/card-limits.ts';
import type { WireFault } from '../../shared/faults.ts';
import type { Client } from '../client.ts';

export type Carried<Value> = { value: Value } | { fault: WireFault };
/** From 0 to 1. */
export type OnPart = (part: number) => void;

const odd: WireFault = {
  code: 'internal',
  message: 'The program answered something else than was asked; nothing was changed, so try again.',
  retryable: true,
};
const tooLarge: WireFault = {
  code: 'too-large',
  message: 'This file is larger than 64 MiB; nothing was taken, so choose another one.',
  retryable: false,
};
const empty: WireFault = {
  code: 'bad-request',
  message: 'This file is empty; nothing was taken, so choose another one.',
  retryable: false,
};

export const faultOf = (answer: { type: string; fault?: WireFault | undefined }): WireFault => answer.fault ?? odd;

/** Sends the file; answers with the id under which the program holds it for a while. One that is too large is not read. */
export async function upload(client: Client, name: string, file: Blob, onPart: OnPart = () => {}): Promise<Carried<string>> {
  if (file.size > CARD_FILE_BYTES) return { fault: tooLarge };
  if (file.size === 0) return { fault: empty };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const begun = await client.ask({ type: 'begin-upload', name: name.slice(0, 200), bytes: bytes.length });
  if (begun.type !== 'upload-begun') return { fault: faultOf(begun) };
  const { uploadId } = begun;
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
    const data = base64Text(bytes.subarray(offset, offset + CHUNK_BYTES));
    const answer = await client.ask({ type: 'send-chunk', uploadId, offset, data });
    if (answer.type !== 'command-done') return { fault: faultOf(answer) };
    onPart(Math.min(1, (offset + CHUNK_BYTES) / bytes.length));
  }
  return { value: uploadId };
}

/** Fetches what the program offers, and lets it go. */
export async function download(client: Client, offered: { downloadId: string; bytes: number }): Promise<Carried<Uint8Array<ArrayBuffer>>> {
  const bytes = new Uint8Array(offered.bytes);
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
    const answer = await client.ask({ type: 'read-download', downloadId: offered.downloadId, offset });
    const piece = answer.type === 'download-read' ? base64Bytes(answer.data) : undefined;
    if (!piece || piece.length === 0) return { fault: faultOf(answer) };
    bytes.set(piece, offset);
  }
  void client.ask({ type: 'drop-upload', uploadId: offered.downloadId });
  return { value: bytes };
}
