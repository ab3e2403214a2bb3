/** @file Puts the window's parts together over any transport; `main.tsx` draws them. */
import { createActions } from './actions/actions.ts';
import type { Ground, Keepsakes } from './actions/ground.ts';
import { createKeeper } from './actions/keeper.ts';
import { type Client, createClient } from './client.ts';
import type { Services } from './shell/services.ts';
import { createView } from './shell/view.ts';
import { createNotices } from './state/notices.ts';
import { createWindowStore, type Frames } from './state/store.ts';
import type { Transport } from './transport.ts';

export type WindowPorts = { transport: Transport; frames: Frames; keepsakes: Keepsakes };

/** The services of a window and the client under them; nothing is connected before `client.start()`. */
export function createWindow({ transport, frames, keepsakes }: WindowPorts): { services: Services; client: Client } {
  const notices = createNotices();
  const store = createWindowStore(frames, (event) => {
    client.settle(event);
    keeper.taken(event);
  });
  const client = createClient({
    transport,
    onEvent: store.push,
    onConnection: (connection) => {
      if (connection !== 'open') store.update((state) => ({ ...state, connection }));
    },
    log: (problem, detail) => console.error(problem, detail),
  });
  const ground: Ground = { store, client, notices, keepsakes, now: frames.now };
  const actions = createActions(ground);
  const keeper = createKeeper(ground, actions.shelf, actions.talk);
  return { services: { store, actions, notices, view: createView(), keepsakes }, client };
}
