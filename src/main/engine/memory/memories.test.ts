/** @file What is remembered, through the engine and two windows: learnt, superseded, pinned, changed, forgotten, kept, carried. */
import { expect, it } from 'vitest';
import { done, text } from '../../../../test/kit/fake-model.ts';
import { beginConversation, ended } from '../../../../test/kit/house.ts';
import { type PairedClient, pairWire } from '../../../../test/kit/paired-wire.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import type { Command } from '../../../shared/commands.ts';
import { UNDO_DELETE_MS } from '../../../shared/limits.ts';
import type { CarriedMemory } from '../../../shared/memories.ts';
import { UNDO_FORGET_MS } from '../../../shared/notes-limits.ts';
import { createSessions } from '../../session/session.ts';

type House = Awaited<ReturnType<typeof beginConversation>>;

let count = 0;

async function open() {
  const house = await beginConversation();
  const { engine, clock } = house;
  const openSession = createSessions({ engine, clock, log: silentLog, service: 'x', version: '0', userId: 'default' });
  return { ...house, one: pairWire(openSession), two: pairWire(openSession), openSession };
}

async function say({ engine, clock, listen, model }: House, conversationId: string, words: string, reply = 'I see.'): Promise<string> {
  const turnId = `turn-${++count}`;
  const heard = listen(conversationId);
  model.will([text(reply), done()]);
  engine.startTurn({ turnId, conversationId, text: words });
  const accepted = await heard.until((event) => event.type === 'turn-accepted' && event.turnId === turnId);
  await heard.until((event) => ended(event) && event.turnId === turnId);
  await Promise.resolve();
  heard.detach();
  clock.advance(60_000);
  return accepted.type === 'turn-accepted' ? accepted.userMessage.id : '';
}

const all = (house: House, filter = {}) => house.engine.memories.list('default', filter);
const wordsOf = (house: House, filter = {}) => all(house, filter).memories.map((memory) => memory.text);

async function gone(client: PairedClient) {
  await expect.poll(() => client.heard('memory-gone').length, { interval: 1 }).toBeGreaterThan(0);
}

function ask(client: PairedClient, command: Command) {
  client.session.receive(command);
  return client.events.find((event) => 'requestId' in event && event.requestId === command.requestId);
}

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
  expect(house.engine.memories.show('default', memory?.id ?? '').history).toMatchObject([
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
  expect(sent.at(-1)?.content).toContain('<memory>\n- They asked to have this remembered: “you must always call me Master”.\n</memory>');
  expect(sent.filter(({ role }) => role === 'system')).toHaveLength(1);
  expect(sent[0]?.content).not.toContain('Master');
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
    () => house.engine.memories.show('somebody', id),
    () => house.engine.memories.change('somebody', id, { pinned: true }),
    () => house.engine.memories.forget('somebody', id, true),
  ]) {
    expect(action).toThrow('not remembered');
  }
});

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
  await expect.poll(() => JSON.stringify(house.store.page(house.id, 50)), { interval: 1 }).not.toContain('near the mill');
});

it('[ME24] a deleted conversation takes what was learnt in it alone along where that is asked, and brings it back', async () => {
  const house = await open();
  await say(house, house.id, 'I live in Leeds. I love plum cake.');
  const other = await house.engine.createConversation({ userId: 'default', characterId: 'default', greeting: false });
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
  expect(house.engine.memories.show('default', memory?.id ?? '').sources).toEqual([]);
});

it('[ME25] export and import carry everything but ids, and bring in nothing twice', async () => {
  const house = await open();
  await say(house, house.id, 'I live in York. I love plum cake.');
  await say(house, house.id, 'I live in Leeds.');
  const pair = { userId: 'default', characterId: 'default' };
  const page = house.engine.memories.exportPage(pair);
  const carried: CarriedMemory[] = page.memories;
  expect(carried.map((memory) => [memory.text, memory.supersededAt !== undefined, memory.quote]).sort()).toEqual([
    ['You live in Leeds.', false, 'I live in Leeds.'],
    ['You live in York.', true, 'I live in York.'],
    ['You love plum cake.', false, 'I love plum cake.'],
  ]);
  expect(house.engine.memories.importPage(pair, carried)).toEqual({ added: 0, known: 3 });
  const other = await open();
  const answer = ask(other.one, { type: 'import-memories', requestId: 'i', characterId: 'default', memories: carried });
  expect(answer).toMatchObject({ added: 3, known: 0 });
  expect(other.two.heard('memories-changed')).toHaveLength(1);
  const again = other.engine.memories.exportPage(pair).memories;
  const plain = (memories: CarriedMemory[]) =>
    memories.map(({ quote: _quote, ...memory }) => memory).sort((a, b) => (a.text < b.text ? -1 : 1));
  expect(plain(again)).toEqual(plain(carried));
  expect(all(other).memories.map(({ origin }) => origin)).toEqual(['import', 'import']);
});
