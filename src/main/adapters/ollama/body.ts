/** @file An answer as it comes: its pieces wait here until they are read, and where there are many the server waits with them. */
import type { Dispatcher } from 'undici';

/** More than this unread, and the server waits. */
const UNREAD_BYTES = 64 * 1024;

export type Body = {
  /** The next piece, undefined after the last; rejects where the answer breaks off. One at a time. */
  next(): Promise<Uint8Array | undefined>;
  /** Reads on to the end without looking, so that the connection can be used again, and tells when it is over. */
  discard(over: () => void): void;
  abort(reason: Error): void;
};

export type Head = { statusCode: number; body: Body };

export type Exchange = { head: Promise<Head>; abort(reason: Error): void };

/** Asks, and hears the answer without a stream in between, which would cost the first word of a reply a tenth of a millisecond. */
export function exchange(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions): Exchange {
  const head = Promise.withResolvers<Head>();
  const unread: Uint8Array[] = [];
  let unreadBytes = 0;
  let reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  let control: Dispatcher.DispatchController | undefined;
  let discarded: (() => void) | undefined;
  let isOver = false;
  let failure: Error | undefined;

  const end = (error?: Error) => {
    if (isOver) return;
    isOver = true;
    failure = error;
    if (error) head.reject(error);
    if (error) reader?.reject(error);
    else reader?.resolve(undefined);
    reader = undefined;
    discarded?.();
  };
  const abort = (reason: Error) => {
    unread.length = 0;
    // Before it is connected there is nothing to break off yet, and connecting may take seconds.
    end(reason);
    control?.abort(reason);
  };
  const body: Body = {
    next() {
      const piece = unread.shift();
      unreadBytes -= piece?.length ?? 0;
      if (piece && unread.length === 0) control?.resume();
      if (piece) return Promise.resolve(piece);
      if (failure) return Promise.reject(failure);
      if (isOver) return Promise.resolve(undefined);
      reader = Promise.withResolvers();
      return reader.promise;
    },
    discard(over) {
      unread.length = 0;
      discarded = over;
      control?.resume();
      if (isOver) over();
    },
    abort,
  };
  dispatcher.dispatch(options, {
    onRequestStart(controller) {
      control = controller;
      if (failure) controller.abort(failure);
    },
    onResponseStart(_, statusCode) {
      // 100 to 199 announce the answer and are none.
      if (statusCode >= 200) head.resolve({ statusCode, body });
    },
    onResponseData(controller, piece) {
      if (discarded) return;
      if (reader) {
        reader.resolve(piece);
        reader = undefined;
        return;
      }
      unread.push(piece);
      unreadBytes += piece.length;
      if (unreadBytes > UNREAD_BYTES) controller.pause();
    },
    onResponseEnd: () => end(),
    onResponseError: (_, error) => end(error),
  });
  return { head: head.promise, abort };
}
