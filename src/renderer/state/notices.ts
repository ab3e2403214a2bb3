/** @file Short notices at the foot of the window, each with at most one thing to do. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { NOTICE_MS } from '../limits.ts';

export type Notice = {
  id: number;
  text: string;
  kind: 'done' | 'trouble';
  /** The way back from what was done. */
  deed?: { label: string; run(): void };
};

export type Notices = {
  api: StoreApi<readonly Notice[]>;
  /** How far up from the foot of the page they reach, in pixels: as much is left free under what can be scrolled. */
  room: StoreApi<{ pixels: number }>;
  /** Shows a notice for the given time in ms; returns the function that takes it away. */
  show(notice: Omit<Notice, 'id'>, forMs?: number): () => void;
  close(id: number): void;
  /** Does what this notice offers, and takes it away. */
  take(notice: Notice): void;
};

export function createNotices(): Notices {
  const api = createStore<readonly Notice[]>(() => []);
  const room = createStore(() => ({ pixels: 0 }));
  let last = 0;
  const close = (id: number) => {
    api.setState(
      api.getState().filter((notice) => notice.id !== id),
      true,
    );
  };
  return {
    api,
    room,
    close,
    take({ id, deed }) {
      deed?.run();
      close(id);
    },
    show(notice, forMs = NOTICE_MS) {
      last += 1;
      const id = last;
      // Never more than three: older ones have been read or are not needed any more.
      api.setState([...api.getState().slice(-2), { ...notice, id }], true);
      const timer = setTimeout(() => close(id), forMs);
      return () => {
        clearTimeout(timer);
        close(id);
      };
    },
  };
}
