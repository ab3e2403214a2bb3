/** @file Everything a person can do in the window, in one place. */
import { type Cards, createCards } from './cards.ts';
import { createDoorDeeds, type DoorDeeds } from './door.ts';
import { createGreetings, type Greetings } from './greetings.ts';
import type { Ground } from './ground.ts';
import { createInspect, type Inspect } from './inspect.ts';
import { createModelKeeping, type ModelKeeping } from './model-keeping.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { createRemembering, type Remembering } from './remembering.ts';
import { createRuntimeDeeds, type RuntimeDeeds } from './runtime-deeds.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { createSteer, type Steer } from './steer.ts';
import { createTalk, type Talk } from './talk.ts';

export type Actions = {
  talk: Talk;
  greetings: Greetings;
  steer: Steer;
  inspect: Inspect;
  shelf: Shelf;
  preferences: Preferences;
  runtime: RuntimeDeeds;
  door: DoorDeeds;
  models: ModelKeeping;
  cards: Cards;
  memory: Remembering;
  /** Tries a failed engine again. */
  retryEngine(): void;
  /** Tries a lost connection now. */
  reconnect(): void;
  /** Puts the notice about the disk away. */
  putTroubleAway(): void;
};

export function createActions(ground: Ground): Actions {
  const { client, store } = ground;
  return {
    talk: createTalk(ground),
    greetings: createGreetings(ground),
    steer: createSteer(ground),
    inspect: createInspect(ground),
    shelf: createShelf(ground),
    preferences: createPreferences(ground),
    runtime: createRuntimeDeeds(ground),
    door: createDoorDeeds(ground),
    models: createModelKeeping(ground),
    cards: createCards(ground),
    memory: createRemembering(ground),
    retryEngine: () => void client.ask({ type: 'retry-engine' }),
    reconnect: () => client.retryNow(),
    putTroubleAway: () => store.update((state) => ({ ...state, trouble: null })),
  };
}
