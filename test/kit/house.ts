/** @file The engine over a store in memory and a model that a test scripts: whole turns without a process or a socket. */

import { createBuiltInCharacters } from '../../src/main/adapters/characters/built-in.ts';
import { createIds } from '../../src/main/adapters/log/system-clock.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import type { Library } from '../../src/main/engine/cards/library-port.ts';
import type { Engine } from '../../src/main/engine/contract.ts';
import { createEngine } from '../../src/main/engine/engine.ts';
import type { NoteStore } from '../../src/main/engine/memory/note-store.ts';
import type { Memory } from '../../src/main/engine/memory-port.ts';
import type { Characters, Clock, Generation, Log, Model, Store } from '../../src/main/engine/ports.ts';
import type { Runtime } from '../../src/main/engine/runtime.ts';
import type { TurnEvent } from '../../src/shared/events.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeModel, type FakeModel } from './fake-model.ts';
import { createFixedSettings } from './fixed-settings.ts';
import { noIndex, noMemory } from './no-memory.ts';

export type TestHouse = {
  engine: Engine;
  store: Store;
  model: FakeModel;
  clock: FakeClock;
  notes: NoteStore;
  logged: { level: string; event: string; fields: Record<string, unknown> | undefined }[];
  /** A conversation with everything that is heard of it. */
  listen(conversationId: string): { events: TurnEvent[]; until(fits: (event: TurnEvent) => boolean): Promise<TurnEvent>; detach(): void };
};

function createListener(engine: Engine, conversationId: string) {
  const events: TurnEvent[] = [];
  let waiters: { fits: (event: TurnEvent) => boolean; tell: (event: TurnEvent) => void }[] = [];
  const { detach } = engine.attach(conversationId, (event) => {
    events.push(event);
    for (const waiter of waiters.filter(({ fits }) => fits(event))) waiter.tell(event);
    waiters = waiters.filter(({ fits }) => !fits(event));
  });
  const until = (fits: (event: TurnEvent) => boolean) => {
    const before = events.find(fits);
    return before ? Promise.resolve(before) : new Promise<TurnEvent>((tell) => waiters.push({ fits, tell }));
  };
  return { events, until, detach };
}

/** `change` replaces single ports, for a store that fails, say; `model` answers in place of the one that is scripted here. */
export function createTestHouse(
  options: {
    generation?: Partial<Generation>;
    change?: (store: Store) => Store;
    memory?: Memory;
    runtime?: Runtime;
    model?: Model;
    characters?: Characters;
    library?: (clock: Clock) => Library;
  } = {},
): TestHouse {
  const { memory = noMemory } = options;
  const clock = createFakeClock();
  const logged: TestHouse['logged'] = [];
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) => void logged.push({ level, event, fields });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const opened = openStore({ folder: undefined, log, now: clock.now, outbox: true });
  const store = options.change?.(opened) ?? opened;
  const model = createFakeModel();
  let made = 0;
  const ids = { ...createIds(), next: () => `id-${String(++made).padStart(6, '0')}` };
  const settings = createFixedSettings(options.generation);
  const runtime = options.runtime ? { runtime: options.runtime } : {};
  const library = options.library?.(clock);
  const characters = library ?? options.characters ?? createBuiltInCharacters();
  const engine = createEngine({
    store,
    model: options.model ?? model,
    clock,
    ids,
    log,
    characters,
    memory,
    settings,
    notes: opened.notes,
    index: noIndex,
    ...runtime,
    ...(library ? { library } : {}),
  });
  return { engine, store, model, clock, notes: opened.notes, logged, listen: (conversationId) => createListener(engine, conversationId) };
}

export const ended = (event: TurnEvent): boolean => event.type === 'turn-ended';

/** A house with one conversation that is listened to. */
export async function beginConversation(options: Parameters<typeof createTestHouse>[0] = {}) {
  const house = createTestHouse(options);
  const { id } = await house.engine.createConversation({ userId: 'default', characterId: 'default', greeting: 0 });
  return { ...house, id, heard: house.listen(id) };
}
