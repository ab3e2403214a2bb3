/** @file Every decorator of card specification V3, through the whole engine: followed in the prompt, or kept, shown and explained. */
import { afterEach, describe, expect, it } from 'vitest';
import { createArchives } from '../../src/main/adapters/characters/archives.ts';
import { readCard } from '../../src/main/engine/cards/import-card.ts';
import type { ModelMessage } from '../../src/main/engine/ports.ts';
import { type CardHouse, openCardHouse } from '../kit/card-house.ts';
import { bytesOf } from '../kit/cards.ts';

const archives = createArchives();
const houses: CardHouse[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close();
});

const LORE = 'The kettle is blue.';

type Entry = { keys?: string[]; constant?: boolean; more?: object };

function cardWith(decorators: string, { keys = ['kettle'], constant = false, more = {} }: Entry) {
  const entry = {
    keys,
    constant,
    content: `${decorators}\n${LORE}`,
    extensions: {},
    enabled: true,
    insertion_order: 1,
    use_regex: false,
    ...more,
  };
  const data = {
    name: 'Lark',
    description: 'Lark carries letters.',
    personality: 'Dry.',
    first_mes: 'You have a letter.',
    alternate_greetings: ['Sign here.'],
    extensions: {},
    character_book: { extensions: {}, scan_depth: 2, entries: [entry] },
  };
  return bytesOf({ spec: 'chara_card_v3', spec_version: '3.0', data });
}

const place = (messages: readonly ModelMessage[]) => {
  const system = messages[0]?.content ?? '';
  if (system.includes(LORE)) return system.indexOf(LORE) < system.indexOf('Lark carries') ? 'before' : 'after';
  if (messages.at(-1)?.content.includes(LORE)) return 'now';
  return messages.some(({ content }) => content.includes(LORE)) ? 'above' : '-';
};

/** Where the lore stood for each thing that was said. */
async function places(decorators: string, entry: Entry, words: readonly string[]): Promise<string[]> {
  const house = openCardHouse();
  houses.push(house);
  const { id } = house.library.add({ name: 'lark.json', bytes: cardWith(decorators, entry) }, { avatar: undefined, accent: undefined });
  return (await house.talk(id, words)).map(place);
}

const constant = { constant: true };

describe('decorators that are followed', () => {
  it.each<[string, Entry, string[], string[]]>([
    // The greeting is a message of the character too.
    ['@@activate_only_after 3', constant, ['a', 'b', 'c', 'd'], ['-', '-', 'now', 'above']],
    ['@@activate_only_every 2', { keys: ['kettle'] }, ['kettle', 'kettle'], ['-', 'now']],
    ['@@keep_activate_after_match\n@@exclude_keys tea', {}, ['kettle', 'tea', 'tea'], ['now', 'above', 'above']],
    ['@@dont_activate_after_match\n@@depth 1', {}, ['kettle', 'kettle', 'kettle'], ['now', 'above', 'above']],
    ['@@depth 1', {}, ['kettle', 'x', 'y', 'kettle'], ['now', 'above', 'above', 'now']],
    ['@@scan_depth 4', {}, ['x'], ['-']],
    ['@@scan_depth 1', {}, ['x', 'kettle'], ['-', 'now']],
    ['@@is_greeting 0', constant, ['x'], ['now']],
    ['@@is_greeting 1', constant, ['x'], ['-']],
    ['@@position before_desc', constant, ['x'], ['before']],
    ['@@position after_desc', constant, ['x'], ['after']],
    ['@@position personality', constant, ['x'], ['after']],
    ['@@position scenario', constant, ['x'], ['after']],
    ['@@additional_keys tea', {}, ['kettle', 'kettle, tea'], ['-', 'now']],
    ['@@exclude_keys tea', {}, ['kettle, tea', 'x', 'y', 'kettle'], ['-', '-', '-', 'now']],
    ['@@activate', {}, ['x'], ['after']],
    ['@@dont_activate', constant, ['kettle'], ['-']],
    ['@@dont_activate', {}, ['kettle'], ['-']],
    ['@@activate\n@@dont_activate', {}, ['x'], ['after']],
    ['@@unheard_of 1\n@@@also_unheard\n@@@activate', {}, ['x'], ['after']],
    // What the specification leaves aside in conversations gives way to its fallback.
    ['@@reverse_depth 2\n@@@dont_activate', {}, ['kettle'], ['-']],
    ['@@role assistant', {}, ['kettle'], ['now']],
  ])('[LB9] %s', async (decorators, entry, words, expected) => {
    expect(await places(decorators, entry, words)).toEqual(expected);
  });

  it('[LB9] @@ignore_on_max_context goes first where the book’s budget is used up, whatever its priority', async () => {
    for (const [decorators, expected] of [
      ['', 'now'],
      ['@@ignore_on_max_context', '-'],
    ] as const) {
      const house = openCardHouse();
      houses.push(house);
      const card = JSON.parse(new TextDecoder().decode(cardWith(decorators, { more: { priority: 99 } })));
      const book = card.data.character_book;
      book.entries.push({ ...book.entries[0], content: 'A kettle sings at noon, and again at four.', priority: 1 });
      book.token_budget = 20;
      const { id } = house.library.add({ name: 'lark.json', bytes: bytesOf(card) }, { avatar: undefined, accent: undefined });
      const [messages = []] = await house.talk(id, ['kettle']);
      expect(place(messages)).toBe(expected);
    }
  });
});

describe('decorators that are not', () => {
  it.each([
    ['@@role system', 'never as if somebody else had said it'],
    ['@@reverse_depth 3', 'The specification leaves it aside'],
    ['@@instruct_depth 100', 'one plain text'],
    ['@@reverse_instruct_depth 100', 'one plain text'],
    ['@@instruct_scan_depth 100', 'one plain text'],
    ['@@is_user_icon hero', 'no picture of you'],
    ['@@disable_ui_prompt system_prompt', 'No card switches off'],
    ['@@depth many', 'not understood'],
    ['@@position middle', 'not understood'],
    ['@@risu_only 4', 'of other programs'],
  ])('[LB10] %s is named with its reason, kept in every format and never in the prompt', async (line, reason) => {
    const house = openCardHouse();
    houses.push(house);
    const upload = { name: 'lark.json', bytes: cardWith(line, {}) };
    const { preview } = house.library.preview(upload);
    const name = line.split(' ')[0] ?? '';
    expect(preview.notFollowed.filter((sentence) => sentence.includes(name) && sentence.includes(reason))).toHaveLength(1);
    const { id } = house.library.add(upload, { avatar: undefined, accent: undefined });
    expect(house.library.show(id).notFollowed).toEqual(preview.notFollowed);
    const [messages = []] = await house.talk(id, ['kettle']);
    expect(place(messages)).toBe('now');
    expect(JSON.stringify(messages)).not.toContain(name);
    for (const format of ['png', 'json', 'charx'] as const) {
      const { document } = readCard(house.library.export(id, format).bytes, archives);
      expect(JSON.stringify(document)).toContain(`${line}\\n${LORE}`);
    }
  });

  it.each([
    ['@@depth 4', {}, 'ask for a depth'],
    ['@@position before_desc', {}, 'for a place in the card and is not always there'],
    ['@@position personality', constant, 'for a place inside the card. It stands right after it'],
  ])('[LB10] %s, followed in part, says so', (line, entry, sentence) => {
    const house = openCardHouse();
    houses.push(house);
    const { preview } = house.library.preview({ name: 'lark.json', bytes: cardWith(line, entry) });
    expect(preview.notFollowed.join('\n').replace('entry asks', 'entries ask')).toContain(sentence);
    const plain = house.library.preview({ name: 'lark.json', bytes: cardWith('@@scan_depth 3', entry) });
    expect(plain.preview.notFollowed).toEqual([]);
  });
});
