/** @file The file of the open database, read beside SQLite without taking its locks away. */
import { close, openSync, read } from 'node:fs';
import { promisify } from 'node:util';

/**
 * One handle, which stays open as long as SQLite has the file: the system drops every lock that a process has on a file when any
 * handle to it is closed (sqlite.org/howtocorrupt.html, 2.2), and another program would then take its log for one that nobody needs.
 */
export type LiveFile = {
  path: string;
  /** Answers how many bytes were there. */
  read(into: Buffer, at: number): Promise<number>;
  /** After SQLite has closed it. */
  close(): void;
};

const readAt = promisify(read);

export function openLiveFile(path: string): LiveFile {
  let handle: number | undefined;
  let reading = 0;
  let closing = false;
  const letGo = () => {
    if (!closing || reading > 0 || handle === undefined) return;
    close(handle);
    handle = undefined;
  };
  return {
    path,
    async read(into, at) {
      handle ??= openSync(path, 'r');
      reading += 1;
      try {
        return (await readAt(handle, into, 0, into.length, at)).bytesRead;
      } finally {
        reading -= 1;
        letGo();
      }
    },
    close() {
      closing = true;
      letGo();
    },
  };
}
