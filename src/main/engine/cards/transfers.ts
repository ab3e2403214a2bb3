/** @file Files on their way in and out, in pieces that fit into a frame; nothing of them is kept. */
import { base64Bytes, base64Text } from '../../../shared/base64.ts';
import { CARD_FILE_BYTES, CHUNK_BYTES, TRANSFER_BYTES, TRANSFER_SILENCE_MS, TRANSFERS } from '../../../shared/card-limits.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Clock, Ids } from '../ports.ts';

export type Upload = { name: string; bytes: Uint8Array };
export type Download = { downloadId: string; name: string; mediaType: string; bytes: number };

export type Transfers = {
  begin(name: string, bytes: number): string;
  take(uploadId: string, offset: number, data: string): void;
  /** A whole upload; throws where something of it is missing. */
  whole(uploadId: string): Upload;
  drop(id: string): void;
  offer(name: string, mediaType: string, bytes: Uint8Array): Download;
  read(downloadId: string, offset: number): string;
  close(): void;
};

type Transfer = { name: string; bytes: Uint8Array /** How much of it has come. */; filled: number; cancel: () => void };

const gone = () => new Fault('not-found', 'This file is no longer under way; nothing was changed, so begin again.');
const wrongPiece = () =>
  new Fault('bad-request', 'This piece of the file does not follow the one before; nothing was changed, so begin again.');

export function createTransfers({ clock, ids }: { clock: Clock; ids: Ids }): Transfers {
  const all = new Map<string, Transfer>();

  const drop = (id: string) => {
    all.get(id)?.cancel();
    all.delete(id);
  };
  const awake = (id: string, transfer: Transfer) => {
    transfer.cancel();
    transfer.cancel = clock.after(TRANSFER_SILENCE_MS, () => all.delete(id));
  };
  const find = (id: string): Transfer => {
    const transfer = all.get(id);
    if (!transfer) throw gone();
    awake(id, transfer);
    return transfer;
  };
  /** The oldest make room: a page that was closed does not come back for its files. */
  const makeRoom = (bytes: number) => {
    const held = () => [...all.values()].reduce((sum, transfer) => sum + transfer.bytes.length, 0);
    for (const id of [...all.keys()]) if (all.size >= TRANSFERS || held() + bytes > TRANSFER_BYTES) drop(id);
  };
  const add = (name: string, bytes: Uint8Array, filled: number): string => {
    makeRoom(bytes.length);
    const id = ids.next();
    const transfer: Transfer = { name, bytes, filled, cancel: () => {} };
    all.set(id, transfer);
    awake(id, transfer);
    return id;
  };

  return {
    begin(name, bytes) {
      if (bytes > CARD_FILE_BYTES)
        throw new Fault('too-large', 'This file is larger than 64 MiB; nothing was taken, so choose another one.');
      return add(name, new Uint8Array(bytes), 0);
    },
    take(uploadId, offset, data) {
      const transfer = find(uploadId);
      const piece = base64Bytes(data);
      if (!piece || piece.length === 0 || offset !== transfer.filled || offset + piece.length > transfer.bytes.length) throw wrongPiece();
      transfer.bytes.set(piece, offset);
      transfer.filled += piece.length;
    },
    whole(uploadId) {
      const { name, bytes, filled } = find(uploadId);
      if (filled !== bytes.length) throw wrongPiece();
      return { name, bytes };
    },
    drop,
    offer(name, mediaType, bytes) {
      return { downloadId: add(name, bytes, bytes.length), name, mediaType, bytes: bytes.length };
    },
    read(downloadId, offset) {
      const { bytes } = find(downloadId);
      return base64Text(bytes.subarray(offset, offset + CHUNK_BYTES));
    },
    close() {
      for (const id of [...all.keys()]) drop(id);
    },
  };
}
