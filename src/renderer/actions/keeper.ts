/** @file Keeps the window true: attaches what is on show, again after every gap, and sends again what a lost connection swallowed. */
import type { ClientEvent } from '../../shared/events.ts';
import { unanswered } from '../client.ts';
import { RECONNECT_LONGEST_MS } from '../limits.ts';
import { complain, type Ground, NEW, OPEN_KEY } from './ground.ts';
import type { Shelf } from './shelf.ts';
import type { Talk } from './talk.ts';

export type Keeper = {
  /** Hears every event after the state has it. */
  taken(event: ClientEvent): void;
  stop(): void;
};

export function createKeeper(ground: Ground, shelf: Shelf, talk: Talk): Keeper {
  const { store, client, keepsakes, notices } = ground;
  const { api } = store;
  let attaching: string | null = null;

  const attach = async (id: string) => {
    attaching = id;
    const answer = await client.ask({ type: 'attach-conversation', conversationId: id });
    if (attaching === id) attaching = null;
    if (answer.type !== 'command-failed') return look();
    if (answer.fault === unanswered || api.getState().openId !== id) return;
    complain(ground, answer.fault.message);
    if (answer.fault.code === 'conversation-not-found') shelf.startNew();
    else setTimeout(look, RECONNECT_LONGEST_MS);
  };
  const look = () => {
    const { connection, openId, thread } = api.getState();
    if (connection !== 'open' || openId === null || attaching === openId) return;
    if (thread === null || thread.stale) void attach(openId);
  };
  const begin = async () => {
    attaching = null;
    look();
    void client.ask({ type: 'list-models' });
    void client.ask({ type: 'show-settings' });
    await shelf.begin();
    talk.resend();
  };
  const off = api.subscribe((state, before) => {
    if (state.openId !== before.openId) keepsakes.setItem(OPEN_KEY, state.openId ?? NEW);
    if (state.connection === 'open' && before.connection === 'lost' && before.wasOpen) {
      notices.show({ text: 'The connection is back.', kind: 'done' });
    }
    look();
  });

  return {
    taken(event) {
      if (event.type === 'session-opened') void begin();
    },
    stop: off,
  };
}
