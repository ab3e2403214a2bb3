/** @file Forgetting while the model is told something in the background. */
import { expect, it } from 'vitest';
import { done, text } from '../../../../test/kit/fake-model.ts';
import { all, openMemoryHouse, say } from '../../../../test/kit/memory-house.ts';
import { BACKGROUND_AFTER_MS } from '../../../shared/limits.ts';
import { UNDO_FORGET_MS } from '../../../shared/notes-limits.ts';

/** By then the rules are ready. */
const READY_MS = 2_000;
const settle = async () => {
  for (let step = 0; step < 30; step++) await new Promise((resolve) => setImmediate(resolve));
};

it('[ME58] a request in the background is let go when something is forgotten, and none begins before that is gone', async () => {
  const house = await openMemoryHouse();
  const { engine, model, clock, store } = house;
  clock.advance(READY_MS);
  const asked = () => model.requests.filter(({ format }) => format !== undefined);
  const waits = Promise.withResolvers<void>();
  model.will([text('I see.'), done()]);
  engine.startTurn({ turnId: 'said', conversationId: house.id, text: 'The blue tin from the attic holds her recipe cards.' });
  await settle();
  const learnt = { message: 1, kind: 'you', about: 'tin', sure: 'certain', replaces: 0, text: 'You have a blue tin from the attic.' };
  model.will([{ type: 'pause', until: waits.promise }, text(JSON.stringify({ notes: [learnt] })), done()]);
  clock.advance(BACKGROUND_AFTER_MS);
  await settle();
  expect(asked()).toHaveLength(1);
  const [said] = store.page(house.id, 2).messages;
  engine.memories.forgetMessage('default', said?.id ?? '');
  await settle();
  expect(model.aborted()).toBe(1);
  waits.resolve();
  await settle();
  expect(all(house).memories).toEqual([]);
  clock.advance(UNDO_FORGET_MS);
  await expect.poll(() => store.message(said?.id ?? '')?.text).toBe('[forgotten]');
  await say(house, house.id, 'Good evening.');
  clock.advance(BACKGROUND_AFTER_MS);
  await settle();
  expect(JSON.stringify(model.requests.slice(2))).not.toContain('attic');
  expect(all(house).memories).toEqual([]);
});
