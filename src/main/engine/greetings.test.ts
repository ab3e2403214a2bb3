/** @file How a conversation begins: the greetings of a card, and the one that was chosen. */
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../test/kit/cards.ts';
import { done, text } from '../../../test/kit/fake-model.ts';
import { createTestHouse, ended } from '../../../test/kit/house.ts';
import { memoryLibrary } from '../../../test/kit/memory-library.ts';
import type { Library } from './cards/library-port.ts';

const card = bytesOf({
  spec: 'chara_card_v3',
  spec_version: '3.0',
  data: {
    name: 'Lark',
    description: 'Lark carries letters.',
    first_mes: 'A letter for {{user}}.',
    alternate_greetings: ['{{random:Rain,Snow,Fog,Hail}} and {{pick:tea,soup}}, {{user}}.', '  ', 'A letter for {{user}}.', 'Sign here.'],
    character_book: {
      extensions: {},
      entries: [{ keys: ['sign'], content: '@@is_greeting 4\nThe pen is dry.', extensions: {}, enabled: true, insertion_order: 1 }],
    },
  },
});

function open() {
  const libraries: Library[] = [];
  const house = createTestHouse({
    library: (clock) => {
      const made = memoryLibrary(clock);
      libraries.push(made);
      return made;
    },
  });
  const lark = libraries[0]?.add({ name: 'lark.json', bytes: card }, { avatar: undefined, accent: undefined }).id ?? '';
  return { ...house, lark };
}

describe('greetings', () => {
  it('[GR1] what is shown of each is what is stored and sent, to its choices', async () => {
    const { engine, model, store, listen, lark } = open();
    const seen = new Set<string>();
    for (let number = 0; number < 12; number++) {
      const conversationId = `mine-${number}`;
      const shown = await engine.greetings(lark, conversationId);
      expect(shown).toEqual(['A letter for User.', expect.stringMatching(/^(Rain|Snow|Fog|Hail) and (tea|soup), User\.$/), 'Sign here.']);
      seen.add(shown[1] ?? '');
      const made = await engine.createConversation({ userId: 'default', characterId: lark, conversationId, greeting: number % 3 });
      expect(made.id).toBe(conversationId);
      expect(store.page(conversationId, 5).messages.map((message) => message.text)).toEqual([shown[number % 3]]);
      const heard = listen(conversationId);
      model.will([text('Yes.'), done()]);
      engine.startTurn({ turnId: `turn-${number}`, conversationId, text: 'Where do I sign?' });
      await heard.until(ended);
      const [system, last] = model.requests.at(-1)?.messages ?? [];
      expect(system?.content).toContain(shown[number % 3]);
      for (const other of [0, 1, 2].filter((each) => each !== number % 3)) expect(system?.content).not.toContain(shown[other]);
      expect(last?.content.includes('The pen is dry.')).toBe(number % 3 === 2);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('[GR1] a number that is not there begins with the first; none begins with none', async () => {
    const { engine, store, lark } = open();
    const { id } = await engine.createConversation({ userId: 'default', characterId: lark, greeting: 40 });
    expect(store.page(id, 5).messages.map((message) => message.text)).toEqual(['A letter for User.']);
    const { id: silent } = await engine.createConversation({ userId: 'default', characterId: lark });
    expect(store.page(silent, 5).messages).toEqual([]);
  });

  it('[GR2] begun again with its id it is the same conversation, and nobody else’s', async () => {
    const { engine, store, lark } = open();
    const begin = (greeting: number, userId = 'default', characterId = lark) =>
      engine.createConversation({ userId, characterId, conversationId: 'mine', greeting });
    const first = await begin(2);
    expect(await begin(0)).toEqual(first);
    expect(store.page('mine', 5).messages.map((message) => message.text)).toEqual(['Sign here.']);
    await expect(begin(0, 'somebody')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(begin(0, 'default', 'default')).rejects.toMatchObject({ code: 'bad-request' });
    expect(store.listConversations({}).conversations).toHaveLength(1);
  });
});
