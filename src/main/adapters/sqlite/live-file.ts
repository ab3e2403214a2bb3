/** @file The file of the open database, read beside SQLite without taking its locks away. */
import { close, fsync, openSync, read, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * One handle, which stays open as long as SQLite has the file: the system drops every lock that a process has on a file when any
 * handle to it is closed (sqlite.org/howtocorrupt.html, 2.2), and another program would then take its log for one that nobody needs.
 */
export type LiveFile = {
  path: string;
  /** Answers how many bytes were there. */
  read(into: Buffer, at: number): Promise<number>;
  readNow(into: Buffer, at: number): number;
  /** For what SQLite does not look at, while nobody else can write. */
  writeNow(bytes: Buffer, at: number): void;
  /** Resolves when the disk has what was written. */
  sync(): Promise<void>;
  /** After SQLite has closed it. */
  close(): void;
};

const readAt = promisify(read);
const synchronise = promisify(fsync);

export function openLiveFile(path: string): LiveFile {
  let handle: number | undefined;
  let under = 0;
  let closing = false;
  const letGo = () => {
    if (!closing || under > 0 || handle === undefined) return;
    close(handle);
    handle = undefined;
  };
  const opened = () => {
    handle ??= openSync(path, 'r+');
    return handle;
  };
  const during = async <Result>(action: (open: number) => Promise<Result>): Promise<Result> => {
    under += 1;
    try {
      return await action(opened());
    } finally {
      under -= 1;
      letGo();
    }
  };
  return {
    path,
    read: (into, at) => during(async (open) => (await readAt(open, into, 0, into.length, at)).bytesRead),
    readNow: (into, at) => readSync(opened(), into, 0, into.length, at),
    writeNow: (bytes, at) => void writeSync(opened(), bytes, 0, bytes.length, at),
    sync: () => during(synchronise),
    close() {
      closing = true;
      letGo();
    },
  };
}
