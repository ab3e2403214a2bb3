/** @file What every deed of the window stands on. */
import type { Client } from '../client.ts';
import type { Notices } from '../state/notices.ts';
import type { WindowStore } from '../state/store.ts';

export type Keepsakes = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Where the storage holds the id of the open conversation. */
export const OPEN_KEY = 'open';
/** What stands there for the empty page of a new conversation. */
export const NEW = 'new';

export type Ground = {
  store: WindowStore;
  client: Client;
  notices: Notices;
  /** This tab's storage: the open conversation and unfinished messages. */
  keepsakes: Keepsakes;
  now(): number;
};

/** Says what was done, and offers the way back for this long; counted here, as the clock of the program may be another one. */
export function offerUndo({ notices }: Ground, text: string, run: () => void, forMs: number): void {
  notices.show({ text, kind: 'done', deed: { label: 'Undo', run } }, forMs);
}

/** Says a fault in a short notice. */
export function complain({ notices }: Ground, message: string): void {
  notices.show({ text: message, kind: 'trouble' }, 8_000);
}
