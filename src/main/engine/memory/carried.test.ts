/** @file Memories by hand and by file: carried out and in, in their place among the others, dated now at the latest. */
import { expect, it } from 'vitest';
import { all, answered, ask, openMemoryHouse as open, say, wordsOf } from '../../../../test/kit/memory-house.ts';
import type { CarriedMemory } from '../../../shared/memories.ts';

it('[ME25] export and import carry everything but ids, and bring in nothing twice', async () => {
  const house = await open();
  await say(house, house.id, 'I live in York. I love plum cake.');
  await say(house, house.id, 'I live in Leeds.');
  const pair = { userId: 'default', characterId: 'default' };
  const page = house.engine.memories.exportPage(pair);
  const carried: CarriedMemory[] = page.memories;
  expect(
    carried
      .map((memory) => [memory.text, memory.supersededAt !== undefined, memory.quote])
      .toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
  ).toEqual([
    ['You live in Leeds.', false, 'I live in Leeds.'],
    ['You live in York.', true, 'I live in York.'],
    ['You love plum cake.', false, 'I love plum cake.'],
  ]);
  expect(await house.engine.memories.importPage(pair, carried)).toEqual({ added: 0, known: 3 });
  const other = await open();
  other.clock.advance(600_000);
  const answer = await answered(other.one, { type: 'import-memories', requestId: 'i', characterId: 'default', memories: carried });
  expect(answer).toMatchObject({ added: 3, known: 0 });
  expect(other.two.heard('memories-changed')).toHaveLength(1);
  const again = other.engine.memories.exportPage(pair).memories;
  const plain = (memories: CarriedMemory[]) =>
    memories.map(({ quote: _quote, ...memory }) => memory).sort((a, b) => (a.text < b.text ? -1 : 1));
  expect(plain(again)).toEqual(plain(carried));
  expect(all(other).memories.map(({ origin }) => origin)).toEqual(['import', 'import']);
});

it('[ME42] what is told by hand takes the place of what it contradicts, and is taken the place of in turn; brought in from a file too', async () => {
  const house = await open();
  const pair = { userId: 'default', characterId: 'default' };
  await say(house, house.id, 'I live in York.');
  const york = all(house).memories[0]?.id ?? '';
  house.engine.memories.add(pair, 'you', 'You live in Whitby.');
  expect(wordsOf(house)).toEqual(['You live in Whitby.']);
  expect(house.one.heard('memory-changed').some(({ memory }) => memory.id === york && memory.supersededAt !== undefined)).toBe(true);
  expect((await house.engine.memories.show('default', all(house).memories[0]?.id ?? '')).history).toMatchObject([
    { text: 'You live in York.' },
  ]);
  await say(house, house.id, 'I live in Leeds.');
  expect(wordsOf(house)).toEqual(['You live in Leeds.']);
  const other = await open();
  other.clock.advance(600_000);
  await other.engine.memories.importPage(pair, house.engine.memories.exportPage(pair).memories);
  await say(other, other.id, 'I live in Oulu.');
  expect(wordsOf(other)).toEqual(['You live in Oulu.']);
  // A file's newer fact takes the place of what holds here; its older one is history at once.
  const third = await open();
  await say(third, third.id, 'I live in York.');
  const [york3] = third.engine.memories.exportPage(pair).memories;
  const brought = (text: string, saidAt: number) => ({ ...(york3 as CarriedMemory), text, saidAt, learnedAt: saidAt });
  const { saidAt: then = 0 } = york3 ?? {};
  third.clock.advance(10_000);
  await third.engine.memories.importPage(pair, [brought('You live in Leeds.', then + 1), brought('You live in Rome.', then - 1)]);
  expect(wordsOf(third)).toEqual(['You live in Leeds.']);
  const { history } = await third.engine.memories.show('default', all(third).memories[0]?.id ?? '');
  expect(history.map(({ text }) => text)).toEqual(['You live in York.', 'You live in Rome.']);
  // What has no such form stands beside the others.
  house.engine.memories.add(pair, 'you', 'You keep a boat in Whitby harbour.');
  expect(wordsOf(house).sort()).toEqual(['You keep a boat in Whitby harbour.', 'You live in Leeds.']);
});

it('[ME52] a file whose dates lie ahead, or are none, neither shadows what is said later nor ends a reply', async () => {
  for (const at of [8.64e15, 8.64e15 + 1, 1e300]) {
    const house = await open();
    const ahead = { saidAt: at, learnedAt: at, confidence: 1, pinned: true, edited: true } as const;
    const memories: CarriedMemory[] = [
      { ...ahead, kind: 'you', text: 'You live in Leeds.' },
      { ...ahead, kind: 'likes', text: 'You once liked hail.', supersededAt: at },
    ];
    expect(await answered(house.one, { type: 'import-memories', requestId: 'i', characterId: 'default', memories })).toMatchObject({
      added: 2,
    });
    for (const memory of all(house, { superseded: true }).memories) {
      for (const moment of [memory.saidAt, memory.learnedAt, memory.supersededAt ?? 0])
        expect(moment).toBeLessThanOrEqual(house.clock.now());
    }
    await say(house, house.id, 'I live in York.');
    expect(wordsOf(house)).toEqual(['You live in York.']);
  }
});

const held = { kind: 'you', confidence: 1, pinned: false, edited: false, learnedAt: 1 } as const;
const boats = (count: number): CarriedMemory[] =>
  Array.from({ length: count }, (_, n) => ({ ...held, text: `You own boat number ${n}.`, saidAt: n + 1 }));

it('[ME55] a file is brought in a few at a time: others are answered meanwhile, and pieces that come together bring in nothing twice', async () => {
  const house = await open();
  await say(house, house.id, 'I live in York.');
  const memories = [{ ...held, text: 'You live in Leeds.', saidAt: house.clock.now() - 600_000 }, ...boats(60)];
  const bring = (requestId: string) => answered(house.one, { type: 'import-memories', requestId, characterId: 'default', memories });
  const both = [bring('first'), bring('second')];
  let looks = 0;
  for (; all(house).found <= 1; looks += 1) {
    expect(all(house).found).toBe(looks < 4 ? 1 : 0);
    // What would have taken the place of the first of them goes while they are compared.
    if (looks === 3)
      ask(house.two, { type: 'forget-memory', requestId: 'f', memoryId: all(house).memories[0]?.id ?? '', withMessages: false });
    await new Promise(setImmediate);
  }
  expect(looks).toBeGreaterThan(5);
  expect(await Promise.all(both)).toMatchObject([
    { added: 61, known: 0 },
    { added: 0, known: 61 },
  ]);
  expect(all(house).found).toBe(61);
  expect(wordsOf(house, { query: 'live in' })).toEqual(['You live in Leeds.']);
});

it('[ME55] what is told or learnt while a file is compared takes its place among what it brings', async () => {
  const house = await open();
  const memories = [
    { ...held, text: 'You live in Leeds.', saidAt: 1 },
    { ...held, text: 'You keep seven grey geese.', saidAt: 2 },
    ...boats(60),
  ];
  const brought = answered(house.one, { type: 'import-memories', requestId: 'i', characterId: 'default', memories });
  for (let looks = 0; looks < 4; looks += 1) await new Promise(setImmediate);
  const pair = { userId: 'default', characterId: 'default' };
  house.engine.memories.add(pair, 'you', 'You live in Oulu.');
  house.engine.memories.add(pair, 'you', 'You keep seven grey geese.');
  expect(all(house).found).toBe(2);
  expect(await brought).toMatchObject({ added: 61, known: 1 });
  expect(wordsOf(house, { query: 'live in' })).toEqual(['You live in Oulu.']);
  expect(wordsOf(house, { query: 'geese' })).toEqual(['You keep seven grey geese.']);
  const oulu = all(house, { query: 'Oulu' }).memories[0]?.id ?? '';
  expect((await house.engine.memories.show('default', oulu)).history).toMatchObject([{ text: 'You live in Leeds.' }]);
});

it('[ME55] what is learnt meanwhile in the place of one of a file is the successor of what that one took the place of', async () => {
  const house = await open();
  const memories = [{ ...held, text: 'You live in Leeds.', saidAt: 40 }, { ...held, text: 'You live in York.', saidAt: 10 }, ...boats(40)];
  const brought = answered(house.one, { type: 'import-memories', requestId: 'i', characterId: 'default', memories });
  for (let looks = 0; looks < 4; looks += 1) await new Promise(setImmediate);
  const leeds = house.engine.memories.add({ userId: 'default', characterId: 'default' }, 'you', 'You live in Leeds.');
  expect(await brought).toMatchObject({ added: 41, known: 1 });
  expect(wordsOf(house, { query: 'live in' })).toEqual(['You live in Leeds.']);
  expect((await house.engine.memories.show('default', leeds.id)).history).toMatchObject([{ text: 'You live in York.' }]);
});
