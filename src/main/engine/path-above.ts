/** @file The path above a message: read as far up as anybody asks, and from turn to turn only what is new. */
import { PATH_STEP, PATHS_KEPT } from '../../shared/limits.ts';
import type { HistoryMessage, Store } from './ports.ts';

/** Oldest first, up to the message of which `enough` says so; it sees the newest first, each once. */
export type PathAbove = (enough: (message: HistoryMessage) => boolean) => HistoryMessage[];

/** What is known of a path, newest first; `whole`: the last one is where the conversation began. */
type Known = { messages: HistoryMessage[]; whole: boolean };

export type Paths = {
  /** For one turn; `parentId` is the lowest message of the path, null where there is none. */
  above(conversationId: string, parentId: string | null): PathAbove;
  /** To be called when words that were said are gone: nothing else ever changes them. */
  forget(): void;
};

/** Reads some more of the path; where it meets what an earlier turn knew, that is the rest of it. */
function readOn(store: Pick<Store, 'history'>, path: Known, parentId: string, before: Known | undefined): void {
  const last = path.messages.at(-1)?.id;
  let [left, joint] = [PATH_STEP, -1];
  const read = store.history(last ?? parentId, ({ id }) => {
    if (id === last) return false;
    joint = before?.messages.findIndex((known) => known.id === id) ?? -1;
    left -= 1;
    return joint >= 0 || left === 0;
  });
  const fresh = read.reverse().filter(({ id }) => id !== last);
  if (before && joint >= 0) {
    path.messages.push(...fresh.slice(0, -1), ...before.messages.slice(joint));
    path.whole = before.whole;
  } else {
    path.messages.push(...fresh);
    path.whole = left > 0;
  }
}

/** A message does not change once its turn has ended, so that the path of one turn is the beginning of the next one's. */
export function createPaths(store: Pick<Store, 'history'>): Paths {
  const kept = new Map<string, Known>();
  let forgotten = 0;
  const keep = (conversationId: string, path: Known) => {
    kept.delete(conversationId);
    kept.set(conversationId, path);
    const [oldest] = kept.keys();
    if (kept.size > PATHS_KEPT && oldest !== undefined) kept.delete(oldest);
  };
  return {
    above(conversationId, parentId) {
      const before = kept.get(conversationId);
      const since = forgotten;
      // Where it ends as it did, there is nothing to read.
      const path: Known = before && before.messages[0]?.id === parentId ? before : { messages: [], whole: parentId === null };
      const more = () => {
        readOn(store, path, parentId ?? '', path.messages.length === 0 ? before : undefined);
        // A turn that began before something was forgotten may still hold it.
        if (since === forgotten) keep(conversationId, path);
      };
      return (enough) => {
        for (let at = 0; ; at++) {
          if (at === path.messages.length && !path.whole) more();
          const message = path.messages[at];
          if (!message) return path.messages.toReversed();
          if (enough(message)) return path.messages.slice(0, at + 1).toReversed();
        }
      };
    },
    forget() {
      forgotten += 1;
      kept.clear();
    },
  };
}
