/** @file Before the next turn: what it will stand on is at hand, and nobody's turn waited for that. */
import { describe, expect, it } from 'vitest';
import { text } from '../../../test/kit/fake-model.ts';
import { beginConversation, ended } from '../../../test/kit/house.ts';
import { LOOK_AHEAD_MS } from '../../shared/limits.ts';
import type { Store } from './ports.ts';

describe('looking ahead', () => {
  const watched = () => {
    const asked: (string | null)[] = [];
    const change = (store: Store): Store => ({
      ...store,
      surroundings(parentId, moods) {
        asked.push(parentId);
        return store.surroundings(parentId, moods);
      },
    });
    return { asked, change };
  };

  it('[LA1] a while after a turn the store is asked for what lies below its reply, and not before', async () => {
    const { asked, change } = watched();
    const { engine, store, clock, id, heard } = await beginConversation({ change });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await heard.until(ended);
    await expect.poll(() => store.message(store.pathEnd(id) ?? '')?.status).toBe('complete');
    await new Promise(setImmediate);
    const before = asked.length;
    clock.advance(LOOK_AHEAD_MS - 1);
    expect(asked.length).toBe(before);
    clock.advance(1);
    expect(asked.slice(before)).toEqual([store.pathEnd(id)]);
  });

  it('[LA3] the store is asked at once when somebody opens a conversation', async () => {
    const { asked, change } = watched();
    const { engine, store, id } = await beginConversation({ change });
    const before = asked.length;
    engine.attach(id, () => undefined);
    expect(asked.slice(before)).toEqual([store.pathEnd(id)]);
  });

  it('[LA2] nothing is looked up while a turn runs', async () => {
    const { asked, change } = watched();
    const { engine, model, clock, id, heard } = await beginConversation({ change });
    model.will([text('Hel'), { type: 'pause', until: new Promise<void>(() => undefined) }]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    await heard.until(({ type }) => type === 'text-delta');
    const before = asked.length;
    engine.attach(id, () => undefined);
    clock.advance(LOOK_AHEAD_MS);
    expect(asked.length).toBe(before);
    engine.stopTurn('turn-1');
    await heard.until(ended);
  });
});
