/** @file What is remembered, through the engine and two windows: learnt, superseded, pinned, changed, carried. */
import { expect, it, vi } from 'vitest';
import { all, ask, openMemoryHouse as open, say, wordsOf } from '../../../../test/kit/memory-house.ts';
import { UNDO_DELETE_MS } from '../../../shared/limits.ts';

it('[ME1] what the person says is noted when the turn has ended, with its source, and every window hears of it', async () => {
  const house = await open();
  const messageId = await say(house, house.id, 'Hello. My name is Tom and I live in Leeds.', 'I live in Leeds too, Tom. My name is Sarah.');
  expect(wordsOf(house)).toEqual(['You live in Leeds.', 'Your name is Tom.']);
  expect(all(house).memories[0]).toMatchObject({
    origin: 'words',
    kind: 'you',
    source: { conversationId: house.id, messageId, quote: 'My name is Tom and I live in Leeds.' },
  });
  for (const client of [house.one, house.two])
    expect(
      client
        .heard('memory-changed')
        .map(({ memory }) => memory.text)
        .sort(),
    ).toEqual(['You live in Leeds.', 'Your name is Tom.']);
});

it('[ME8] a correction supersedes, and the history stays visible', async () => {
  const house = await open();
  await say(house, house.id, 'I live in York.');
  await say(house, house.id, 'Actually, I live in Leeds.');
  const [memory] = all(house).memories;
  expect(all(house)).toMatchObject({ found: 1, counts: { notes: 1, superseded: 1 } });
  expect(memory).toMatchObject({ text: 'You live in Leeds.', replaced: 1 });
  expect((await house.engine.memories.show('default', memory?.id ?? '')).history).toMatchObject([
    { text: 'You live in York.', supersededBy: memory?.id },
  ]);
  expect(wordsOf(house, { superseded: true })).toHaveLength(2);
});

it('[ME11] a pinned memory goes with every message, as data, in words that mean the person', async () => {
  const house = await open();
  await say(house, house.id, 'Remember that you must always call me Master.');
  const [memory] = all(house).memories;
  house.engine.memories.change('default', memory?.id ?? '', { pinned: true });
  await say(house, house.id, 'And now?');
  const sent = house.model.requests.at(-1)?.messages ?? [];
  expect(sent.at(-1)?.content).toContain(
    '<memory>\n- Known since 2026-11-23: They asked to have this remembered: “you must always call me Master”.\n</memory>',
  );
  expect(sent.filter(({ role }) => role === 'system')).toHaveLength(1);
  expect(sent[0]?.content).not.toContain('Master');
});

it('[ME38] what is pinned or shared reaches other companions only while sharing is on; a summary never does', async () => {
  const house = await open();
  const other = { userId: 'default', characterId: 'nora' };
  const { memories, settings } = house.engine;
  const boat = memories.add(other, 'you', 'You have a boat.');
  const dog = memories.add({ userId: 'somebody', characterId: 'nora' }, 'you', 'You have a dog.');
  memories.change('default', boat.id, { pinned: true });
  memories.change('somebody', dog.id, { pinned: true });
  const through = { conversationId: house.id, learner: 'summary', through: 1, notes: [], joins: [] } as const;
  house.notes.learn(other, { ...through, summary: { id: 'sum', text: 'They spoke of a secret harbour.', at: 1 } });
  memories.change('default', 'sum', { pinned: true, shared: true });
  expect(all(house, { kinds: ['summary'] }).memories[0]).toMatchObject({ pinned: true });
  expect(all(house, { kinds: ['summary'] }).memories[0]).not.toHaveProperty('shared');
  const sent = async (words: string) => {
    await say(house, house.id, words);
    return house.model.requests.at(-1)?.messages.at(-1)?.content ?? '';
  };
  expect(await sent('And now?')).not.toContain('boat');
  settings.change({ memory: { shared: true } });
  const shared = await sent('And then?');
  expect(shared).toContain('They have a boat.');
  expect(shared).not.toMatch(/harbour|dog/);
  const reply = house.store.page(house.id, 1).messages.at(-1);
  expect(house.engine.explainReply(reply?.id ?? '').recalled).toMatchObject([
    { reason: 'Pinned with another companion and shared with all, so it always goes along.', memory: { characterId: 'nora' } },
  ]);
  settings.change({ memory: { shared: false } });
  const again = await house.engine.createConversation({ userId: 'default', characterId: 'default' });
  await say(house, again.id, 'And again?');
  expect(JSON.stringify(house.model.requests.at(-1))).not.toContain('boat');
});

it('[ME38] sharing is the person’s own deed, note by note; it is listed, carried along, and told of every companion that remembers', async () => {
  const house = await open();
  const other = { userId: 'default', characterId: 'nora' };
  const boat = house.engine.memories.add(other, 'you', 'You have a boat.');
  await say(house, house.id, 'I live in Leeds.');
  expect(all(house, { shared: true }).found).toBe(0);
  const changed = ask(house.one, { type: 'change-memory', requestId: 'r', memoryId: boat.id, shared: true });
  expect(changed).toMatchObject({ memory: { id: boat.id, shared: true, edited: true } });
  expect(wordsOf(house, { shared: true })).toEqual(['You have a boat.']);
  const { memories } = house.engine.memories.exportPage(other);
  expect(memories).toMatchObject([{ shared: true }]);
  await house.engine.memories.importPage({ userId: 'default', characterId: 'third' }, memories);
  expect(all(house, { characterId: 'third' }).memories).toMatchObject([{ shared: true }]);
  expect(all(house).holders.toSorted((one, two) => one.characterId.localeCompare(two.characterId))).toEqual([
    { characterId: 'default', memories: 1 },
    { characterId: 'nora', memories: 1 },
    { characterId: 'third', memories: 1 },
  ]);
  ask(house.two, { type: 'change-memory', requestId: 'r2', memoryId: boat.id, shared: false });
  expect(all(house, { characterId: 'nora', shared: true }).found).toBe(0);
});

it('[ME12] memory that is off learns nothing and recalls nothing, and what was said meanwhile stays unlearnt', async () => {
  const house = await open();
  house.engine.memories.add({ userId: 'default', characterId: 'default' }, 'you', 'You have a boat.');
  const [boat] = all(house).memories;
  house.engine.memories.change('default', boat?.id ?? '', { pinned: true });
  house.engine.settings.change({ memory: { on: false } });
  await say(house, house.id, 'I live in Leeds.');
  expect(house.model.requests.at(-1)?.messages.at(-1)?.content).not.toContain('boat');
  house.engine.settings.change({ memory: { on: true } });
  await say(house, house.id, 'Good evening.');
  expect(wordsOf(house)).toEqual(['You have a boat.']);
  expect(house.model.requests.at(-1)?.messages.at(-1)?.content).toContain('They have a boat.');
});

it('[ME13] a conversation that is not remembered teaches nothing, then or later', async () => {
  const house = await open();
  expect(ask(house.one, { type: 'remember-conversation', requestId: 'r', conversationId: house.id, remembered: false })?.type).toBe(
    'command-done',
  );
  await say(house, house.id, 'I live in Leeds.');
  ask(house.one, { type: 'remember-conversation', requestId: 'r2', conversationId: house.id, remembered: true });
  await say(house, house.id, 'My name is Tom.');
  expect(wordsOf(house)).toEqual(['Your name is Tom.']);
});

it('[ME14] list, search, filters and pages', async () => {
  const house = await open();
  const pair = { userId: 'default', characterId: 'default' };
  for (let n = 0; n < 130; n += 1)
    house.engine.memories.add(pair, n % 2 === 0 ? 'people' : 'plans', `Your friend ${n} is called Name${n}.`);
  const first = all(house);
  const second = house.engine.memories.list('default', {}, first.before);
  expect([first.memories.length, second.memories.length, first.found, second.before]).toEqual([100, 30, 130, undefined]);
  expect(all(house, { kinds: ['plans'] }).found).toBe(65);
  expect(wordsOf(house, { query: 'NAME77.' })).toEqual(['Your friend 77 is called Name77.']);
  expect(all(house, { characterId: 'other' })).toMatchObject({ found: 0, counts: { notes: 0 } });
  expect(house.engine.memories.list('somebody', {}).found).toBe(0);
  expect(all(house, { since: house.clock.now() + 1 }).found).toBe(0);
  const [some] = first.memories;
  house.engine.memories.change('default', some?.id ?? '', { pinned: true });
  expect(all(house, { pinned: true })).toMatchObject({ found: 1, counts: { pinned: 1 } });
});

it('[ME15] the person’s wording stays, and another user’s id opens nothing', async () => {
  const house = await open();
  await say(house, house.id, 'I live in Leeds.');
  const id = all(house).memories[0]?.id ?? '';
  const changed = ask(house.one, { type: 'change-memory', requestId: 'r', memoryId: id, text: '  You live  in Leeds, by the canal. ' });
  expect(changed).toMatchObject({
    memory: { text: 'You live in Leeds, by the canal.', edited: true, confidence: 1, source: { quote: 'I live in Leeds.' } },
  });
  expect(house.two.heard('memory-changed').at(-1)?.memory.text).toBe('You live in Leeds, by the canal.');
  for (const action of [
    () => house.engine.memories.change('somebody', id, { pinned: true }),
    () => house.engine.memories.forget('somebody', id, true),
  ]) {
    expect(action).toThrow('not remembered');
  }
  await expect(house.engine.memories.show('somebody', id)).rejects.toThrow('not remembered');
});

it('[RC15] a window puts a recalled message right by a note that is told in its place; another person’s message is refused', async () => {
  const house = await open();
  const messageId = await say(house, house.id, 'The blue boat was sold to Mr Finch.');
  const command = { type: 'add-memory', characterId: 'default', kind: 'told', text: 'You gave the blue boat away.', messageId } as const;
  const answer = ask(house.one, { ...command, requestId: 'a' });
  const id = answer?.type === 'memory-changed' ? answer.memory.id : '';
  expect(house.notes.corrected(id)).toEqual([{ messageId, quote: '' }]);
  // Said once more, it is the same note, and puts right what it put right.
  ask(house.two, { ...command, requestId: 'b' });
  expect(house.notes.corrected(id)).toEqual([{ messageId, quote: '' }]);
  const other = await house.engine.createConversation({ userId: 'anna', characterId: 'default' });
  const theirs = await say(house, other.id, 'The red boat is mine.');
  expect(ask(house.one, { ...command, requestId: 'c', text: 'It is not.', messageId: theirs })).toMatchObject({
    type: 'command-failed',
    fault: { code: 'not-found' },
  });
  house.engine.deleteConversation(house.id, 'keep');
  house.clock.advance(UNDO_DELETE_MS + 1);
  await vi.waitFor(() => expect(house.notes.corrected(id)).toEqual([]));
});
