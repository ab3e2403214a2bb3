/** @file Downloads over a model server that a test scripts, with a clock that it moves. */
import { expect } from 'vitest';
import { createModels, type ModelsPorts } from '../../src/main/engine/models/models.ts';
import type { Store } from '../../src/main/engine/ports.ts';
import type { Pull } from '../../src/shared/models.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeShelf, type FakeShelf, shelfModel } from './fake-shelf.ts';
import { createFixedSettings } from './fixed-settings.ts';
import { memoryStore } from './memory-store.ts';
import { silentLog } from './silent-log.ts';

/** Real time only bounds how long a failure takes. */
export const WAIT = { interval: 1, timeout: 20_000 };
export const NAME = 'library/llama3.2:1b';

export function openPulls(options: { shelf?: FakeShelf; store?: Store; registry?: ModelsPorts['registry'] } = {}) {
  const shelf = options.shelf ?? createFakeShelf([shelfModel('small:1b')]);
  const clock = createFakeClock();
  const store = options.store ?? memoryStore();
  const told: Pull[][] = [];
  const { registry } = options;
  const models = createModels({
    model: shelf.model,
    store,
    settings: createFixedSettings(),
    clock,
    log: silentLog,
    wanted: 'seed/model:q4',
    registry,
  });
  models.onPulls((pulls) => told.push(pulls));
  const state = (name = NAME) => models.pulls().find(({ model }) => model === name);
  const reaches = (wanted: Pull['state'] | undefined, name = NAME) => expect.poll(() => state(name)?.state, WAIT).toBe(wanted);
  /** Lets time pass until the server was asked so often. */
  const asks = (times: number) =>
    expect
      .poll(() => {
        if (shelf.asked.length < times) clock.advance(1_000);
        return shelf.asked.length;
      }, WAIT)
      .toBe(times);
  return { shelf, clock, store, models, told, state, reaches, asks };
}
