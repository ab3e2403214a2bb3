import { expect, it } from 'vitest';
import { attached, sampleMessage, sampleTurn } from '../../../test/kit/page/samples.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { createWindowStore, type Frames } from './store.ts';

function handFrames(): Frames & { draw(): void; asked: number } {
  let waiting: (() => void) | undefined;
  const frames = {
    asked: 0,
    now: () => 7,
    next(action: () => void) {
      frames.asked += 1;
      waiting = action;
      return () => {
        waiting = undefined;
      };
    },
    draw() {
      const action = waiting;
      waiting = undefined;
      action?.();
    },
  };
  return frames;
}

const user = sampleMessage({ id: 'u2', role: 'user', parentId: 'r1', turnId: 't2' });
const events: ClientEvent[] = [attached(), ...sampleTurn('t2', user, ['a', 'b', 'c'])];

it('[W10] whatever comes between two frames is one change of the state, and is then handed on in order', () => {
  const frames = handFrames();
  const taken: string[] = [];
  const store = createWindowStore(frames, (event) => taken.push(event.type));
  store.update((state) => ({ ...state, openId: 'c1' }));
  let changes = 0;
  store.api.subscribe(() => {
    changes += 1;
  });
  for (const event of events) store.push(event);
  expect([changes, taken.length, frames.asked]).toEqual([0, 0, 1]);
  frames.draw();
  expect(changes).toBe(1);
  expect(taken).toEqual(events.map((event) => event.type));
  expect(store.api.getState().thread?.messages.at(-1)?.text).toBe('abc');
});

it('[W10] a change of the window’s own comes after everything that was heard before it', () => {
  const frames = handFrames();
  const store = createWindowStore(frames, () => undefined);
  store.update((state) => ({ ...state, openId: 'c1' }));
  store.push(attached());
  let seen: string | undefined;
  store.update((state) => {
    seen = state.thread?.conversation.id;
    return state;
  });
  expect(seen).toBe('c1');
});
