/** @file Forgetting through the engine and two windows: taken back in time, gone from everything said later, with a conversation or without. */
import { expect, it } from 'vitest';
import { done, text } from '../../../../test/kit/fake-model.ts';
import { ended } from '../../../../test/kit/house.ts';
import { all, ask, gone, openMemoryHouse as open, say, wordsOf } from '../../../../test/kit/memory-house.ts';
import { UNDO_DELETE_MS } from '../../../shared/limits.ts';
import { UNDO_FORGET_MS } from '../../../shared/notes-limits.ts';
import { PURGE_AGAIN_MS } from '../../../shared/removal-limits.ts';

it('[ME21] forgetting can be taken back for some seconds, in either window, and then not', async () => {
  const house = await open();
  await say(house, house.id, 'I live in Leeds.');
  const id = all(house).memories[0]?.id ?? '';
  ask(house.one, { type: 'forget-memory', requestId: 'r', memoryId: id, withMessages: true });
  const forgotten = house.two.heard('memory-forgotten')[0];
  expect(forgotten).toMatchObject({ memoryIds: [id], undoUntil: house.clock.now() + UNDO_FORGET_MS });
  expect(all(house).found).toBe(0);
  house.clock.advance(UNDO_FORGET_MS - 1);
  expect(ask(house.two, { type: 'keep-memory', requestId: 'k', forgettingId: forgotten?.forgettingId ?? '' })).toMatchObject({
    memories: [{ id }],
  });
  expect(house.one.heard('memory-kept')).toMatchObject([{ memories: [{ id }] }]);
  house.clock.advance(UNDO_FORGET_MS);
  expect(wordsOf(house)).toEqual(['You live in Leeds.']);
  ask(house.one, { type: 'forget-memory', requestId: 'r2', memoryId: id, withMessages: true });
  house.clock.advance(UNDO_FORGET_MS);
  await gone(house.two);
  const late = house.one.heard('memory-forgotten').at(-1)?.forgettingId ?? '';
  expect(ask(house.one, { type: 'keep-memory', requestId: 'k2', forgettingId: late })).toMatchObject({
    type: 'command-failed',
    fault: { code: 'not-found' },
  });
});

it('[ME50] a removal that fails is tried again by itself after a minute, and from its first moment nothing brings back half of it', async () => {
  const house = await open();
  await say(house, house.id, 'I live in Leeds.');
  const { notes } = house;
  const remove = notes.remove;
  let asked = 0;
  notes.remove = async (id, how) => {
    asked += 1;
    if (asked === 1) throw new Error('somebody reads');
    return remove(id, how);
  };
  ask(house.one, { type: 'forget-memory', requestId: 'r', memoryId: all(house).memories[0]?.id ?? '', withMessages: true });
  const forgettingId = house.one.heard('memory-forgotten')[0]?.forgettingId ?? '';
  house.clock.advance(UNDO_FORGET_MS);
  await expect.poll(() => asked).toBe(1);
  await new Promise(setImmediate);
  expect(ask(house.one, { type: 'keep-memory', requestId: 'k', forgettingId })).toMatchObject({ fault: { code: 'not-found' } });
  house.clock.advance(PURGE_AGAIN_MS - 1);
  expect([asked, notes.hidden().length, house.one.heard('memory-gone')]).toEqual([1, 1, []]);
  house.clock.advance(1);
  await gone(house.one);
  expect([asked, notes.hidden().length]).toEqual([2, 0]);
});

it('[ME22] forgotten with its message: gone from the conversation, its title, later blocks and the next prompt; windows are told', async () => {
  const house = await open();
  const messageId = await say(
    house,
    house.id,
    'I live in Leeds near the mill.',
    'Leeds! I live in Leeds near the mill. is what you wrote.',
  );
  const id = all(house).memories[0]?.id ?? '';
  house.engine.memories.change('default', id, { pinned: true });
  await say(house, house.id, 'What do you know?');
  expect(house.model.requests.at(-1)?.messages.at(-1)?.content).toContain('They live in Leeds near the mill.');
  house.engine.memories.forget('default', id, true);
  house.clock.advance(UNDO_FORGET_MS);
  await gone(house.one);
  expect(house.one.heard('memory-gone')).toMatchObject([{ memoryIds: [id], conversationIds: [house.id] }]);
  expect(house.two.heard('conversation-rerouted')).toMatchObject([{ conversationId: house.id }]);
  expect(house.store.message(messageId)?.text).toBe('[forgotten]');
  expect(house.store.conversation(house.id)?.title).toBe('[forgotten]');
  await say(house, house.id, 'Go on.');
  expect(JSON.stringify(house.model.requests.at(-1))).not.toContain('Leeds near the mill');
  expect(JSON.stringify(house.store.page(house.id, 50))).not.toContain('near the mill');
});

it('[ME22] forgotten without its message: the message stays, the note and what was made of it go', async () => {
  const house = await open();
  const messageId = await say(house, house.id, 'I live in Leeds near the mill.');
  const id = all(house).memories[0]?.id ?? '';
  house.engine.memories.change('default', id, { pinned: true });
  await say(house, house.id, 'What do you know?');
  house.engine.memories.forget('default', id, false);
  house.clock.advance(UNDO_FORGET_MS);
  await gone(house.one);
  expect(house.store.message(messageId)?.text).toBe('I live in Leeds near the mill.');
  const head = house.store.page(house.id, 50).messages.at(-1)?.id ?? '';
  const path = house.store.history(head, () => false);
  expect(path.some(({ context }) => context.includes('[forgotten]'))).toBe(true);
  expect(path.some(({ context }) => context.includes('They live in Leeds'))).toBe(false);
});

it('[ME20] a note of one word leaves the block of a turn that never came to its report', async () => {
  const house = await open();
  const note = house.engine.memories.add({ userId: 'default', characterId: 'default' }, 'you', 'You have vertigo.');
  const messageId = await say(house, house.id, 'Good evening.');
  house.store.setContext(messageId, '<memory>\n- Known since Monday: They have vertigo.\n</memory>');
  house.engine.memories.forget('default', note.id, false);
  house.clock.advance(UNDO_FORGET_MS);
  await gone(house.one);
  expect(house.store.history(messageId, () => false).at(-1)?.context).toBe('<memory>\n- Known since Monday: [forgotten]\n</memory>');
});

it('[ME23] what a running turn writes at its end is cleaned too', async () => {
  const house = await open();
  const messageId = await say(house, house.id, 'I live in Leeds near the mill.');
  let go = () => {};
  house.model.will([
    text('You said: '),
    { type: 'pause', until: new Promise<void>((resolve) => (go = resolve)) },
    text('I live in Leeds near the mill.'),
    done(),
  ]);
  const heard = house.listen(house.id);
  house.engine.startTurn({ turnId: 'slow', conversationId: house.id, text: 'Where do I live?' });
  await heard.until((event) => event.type === 'text-delta' && event.turnId === 'slow');
  house.engine.memories.forgetMessage('default', messageId);
  house.clock.advance(UNDO_FORGET_MS);
  await gone(house.one);
  go();
  await heard.until((event) => ended(event) && event.turnId === 'slow');
  house.clock.advance(5_000);
  await expect.poll(() => JSON.stringify(house.store.page(house.id, 50)), { interval: 1, timeout: 20_000 }).not.toContain('near the mill');
});

it('[ME24] a deleted conversation takes what was learnt in it alone along where that is asked, and brings it back', async () => {
  const house = await open();
  await say(house, house.id, 'I live in Leeds. I love plum cake.');
  const other = await house.engine.createConversation({ userId: 'default', characterId: 'default' });
  await say(house, other.id, 'I love plum cake.');
  ask(house.one, { type: 'delete-conversation', requestId: 'r', conversationId: house.id, memories: 'forget' });
  expect(wordsOf(house)).toEqual(['You love plum cake.']);
  ask(house.one, { type: 'restore-conversation', requestId: 'r2', conversationId: house.id });
  expect(wordsOf(house).sort()).toEqual(['You live in Leeds.', 'You love plum cake.']);
  ask(house.one, { type: 'delete-conversation', requestId: 'r3', conversationId: house.id, memories: 'forget' });
  house.clock.advance(UNDO_DELETE_MS + 1);
  await gone(house.one);
  expect(all(house, { superseded: true }).memories).toMatchObject([{ text: 'You love plum cake.', source: { conversationId: other.id } }]);
});

it('[ME24] a deleted conversation leaves what was learnt where that is asked, without its sentences', async () => {
  const house = await open();
  await say(house, house.id, 'I live in Leeds.');
  house.engine.deleteConversation(house.id, 'keep');
  house.clock.advance(UNDO_DELETE_MS + 1);
  expect(house.store.conversation(house.id)).toBeUndefined();
  const [memory] = all(house).memories;
  expect(memory?.text).toBe('You live in Leeds.');
  expect(memory?.source).toBeUndefined();
  expect((await house.engine.memories.show('default', memory?.id ?? '')).sources).toEqual([]);
});

it('[PA3] words of a deleted conversation are kept in no path of it, once they are gone from the disk', async () => {
  let read = 0;
  const purged = Promise.withResolvers<void>();
  const house = await open({
    change: (store) => ({
      ...store,
      history(id, enough) {
        const found = store.history(id, enough);
        read += found.length;
        return found;
      },
      async purgeDeleted(before) {
        const removed = await store.purgeDeleted(before);
        // Another look finds nothing to remove.
        if (removed > 0) setImmediate(purged.resolve);
        return removed;
      },
    }),
  });
  const other = await house.engine.createConversation({ userId: 'default', characterId: 'default' });
  // Nothing is read while nobody speaks.
  house.engine.settings.change({ memory: { on: false } });
  for (let n = 0; n < 6; n += 1) await say(house, house.id, `Number ${n}.`);
  const readBy = async (words: string) => {
    read = 0;
    await say(house, house.id, words);
    return read;
  };
  const few = await readBy('And now?');
  expect(await readBy('And then?')).toBe(few);
  house.engine.deleteConversation(other.id);
  house.clock.advance(UNDO_DELETE_MS + 1);
  await purged.promise;
  expect(house.store.conversation(other.id)).toBeUndefined();
  // Read anew from the disk, all of it.
  expect(await readBy('And after that?')).toBeGreaterThan(few);
  expect(await readBy('And so on?')).toBe(few);
});
