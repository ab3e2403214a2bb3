/** @file Lorebooks as SillyTavern writes them into cards, through the whole engine: what is followed, and what is named. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelMessage } from '../../src/main/engine/ports.ts';
import { type CardHouse, openCardHouse } from '../kit/card-house.ts';
import { bytesOf } from '../kit/cards.ts';

const houses: CardHouse[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close();
});

/** Every field that its exporter writes, with what it writes where nobody chose anything. */
const untouched = {
  position: 1,
  exclude_recursion: false,
  display_index: 0,
  probability: 100,
  useProbability: true,
  depth: 4,
  selectiveLogic: 0,
  outlet_name: '',
  group: '',
  group_override: false,
  group_weight: 100,
  prevent_recursion: false,
  delay_until_recursion: false,
  scan_depth: null,
  match_whole_words: null,
  use_group_scoring: false,
  case_sensitive: null,
  automation_id: '',
  role: 0,
  vectorized: false,
  sticky: null,
  cooldown: null,
  delay: null,
  match_persona_description: false,
  match_character_description: false,
  match_character_personality: false,
  match_character_depth_prompt: false,
  match_scenario: false,
  match_creator_notes: false,
  triggers: [],
  ignore_budget: false,
};

type Entry = { keys: string[]; content?: string; more?: object; extensions?: object };

const written = ({ keys, content = 'The kettle is blue.', more = {}, extensions = {} }: Entry, id: number) => ({
  id,
  keys,
  secondary_keys: [],
  comment: '',
  content,
  constant: false,
  selective: true,
  insertion_order: 100,
  enabled: true,
  position: 'after_char',
  use_regex: true,
  extensions: { ...untouched, ...extensions },
  ...more,
});

function houseWith(entries: Entry[], recursive = false) {
  const house = openCardHouse();
  houses.push(house);
  const character_book = { name: 'Town', recursive_scanning: recursive, entries: entries.map(written) };
  const data = { name: 'Lark', description: 'Lark carries letters.', first_mes: 'You have a letter.', extensions: {}, character_book };
  const upload = { name: 'lark.json', bytes: bytesOf({ spec: 'chara_card_v3', spec_version: '3.0', data }) };
  const { notFollowed } = house.library.preview(upload).preview;
  const { id } = house.library.add(upload, { avatar: undefined, accent: undefined });
  return { house, id, notFollowed };
}

const says = (messages: readonly ModelMessage[] | undefined, text: string) =>
  (messages ?? []).some(({ content }) => content.includes(text));

describe('lorebooks of SillyTavern', () => {
  it('[KA13] words are found though every entry says that its keys are patterns; what stands between slashes is one', async () => {
    const entries = [
      { keys: ['kettle', 'Mr. Tea?'], content: 'The kettle is blue.' },
      { keys: ['/ket+le/i'], content: 'Never told.' },
      { keys: ['/x+/', 'harbour'], content: 'The harbour is shut.' },
    ];
    const { house, id, notFollowed } = houseWith(entries);
    expect(notFollowed).toEqual(['2 lorebook entries use regular expressions. Only plain words are matched here.']);
    const [first, second] = await house.talk(id, ['The kettle!', 'mr. tea? at the HARBOUR']);
    expect([says(first, 'The kettle is blue.'), says(first, 'Never told.'), says(first, 'The harbour is shut.')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(says(second, 'The harbour is shut.')).toBe(true);
  });

  it('[KA13] patterns of other programs that are only a word are the word; the others match nothing', async () => {
    const foreign = { extensions: {}, more: { extensions: { risu_case_sensitive: false } } };
    const { house, id, notFollowed } = houseWith([
      { keys: ['kettle'], content: 'The kettle is blue.', ...foreign },
      { keys: ['ke..le'], content: 'Never told.', ...foreign },
    ]);
    expect(notFollowed).toEqual(['1 lorebook entry uses regular expressions. Only plain words are matched here.']);
    const [messages] = await house.talk(id, ['kettle']);
    expect([says(messages, 'The kettle is blue.'), says(messages, 'Never told.')]).toEqual([true, false]);
  });

  it.each<[string, number, string, boolean]>([
    ['any of them', 0, 'kettle and tea', true],
    ['any of them', 0, 'kettle', false],
    ['not all of them', 1, 'kettle and tea', true],
    ['not all of them', 1, 'kettle, tea and milk', false],
    ['none of them', 2, 'kettle', true],
    ['none of them', 2, 'kettle and milk', false],
    ['all of them', 3, 'kettle and tea', false],
    ['all of them', 3, 'kettle, tea and milk', true],
  ])('[KA14] second keys: %s (%i), %s', async (_, selectiveLogic, words, told) => {
    const { house, id, notFollowed } = houseWith([
      { keys: ['kettle'], more: { secondary_keys: ['tea', 'milk'] }, extensions: { selectiveLogic } },
    ]);
    expect(notFollowed).toEqual([]);
    const [messages] = await house.talk(id, [words]);
    expect(says(messages, 'The kettle is blue.')).toBe(told);
  });

  it('[KA14] case, depth of the search, and who may bring up whom', async () => {
    const { house, id, notFollowed } = houseWith(
      [
        { keys: ['Kettle'], content: 'Only as it is written.', extensions: { case_sensitive: true } },
        { keys: ['lamp'], content: 'The lamp was said four messages ago.', extensions: { scan_depth: 5 } },
        { keys: ['river'], content: 'The river carries boats.' },
        { keys: ['boats'], content: 'Brought up by another.' },
        { keys: ['boats'], content: 'Never by another.', extensions: { exclude_recursion: true } },
        { keys: ['boats', 'wharf'], content: 'By another alone.', extensions: { delay_until_recursion: true } },
        { keys: ['hill'], content: 'The hill hides caves.', extensions: { prevent_recursion: true } },
        { keys: ['caves'], content: 'Of caves nothing.' },
      ],
      true,
    );
    expect(notFollowed).toEqual([]);
    const [first, , third] = await house.talk(id, ['lamp and kettle', 'x', 'river, hill']);
    expect(says(first, 'Only as it is written.')).toBe(false);
    expect(says(first, 'The lamp was said')).toBe(true);
    const told = ['The river carries', 'Brought up', 'Never by', 'By another alone', 'The hill hides', 'Of caves'].map((text) =>
      says(third, text),
    );
    expect(told).toEqual([true, true, false, true, true, false]);
    const [said] = await house.talk(id, ['boats']);
    expect(says(said, 'Never by another.')).toBe(true);
    const [alone] = await house.talk(id, ['the wharf']);
    expect(says(alone, 'By another alone.')).toBe(false);
  });

  it.each<[string, object, string]>([
    ['role', { position: 4, role: 1 }, 'never as if somebody else had said it'],
    ['position', { position: 2 }, 'The places here are before and after the description'],
    ['position', { position: 6 }, 'The places here are before and after the description'],
    ['probability', { probability: 30 }, 'whenever its words are said'],
    ['group', { group: 'weather' }, 'No entry keeps another one out'],
    ['sticky', { sticky: 3 }, 'How long ago'],
    ['cooldown', { cooldown: 3 }, 'How long ago'],
    ['delay', { delay: 3 }, 'How long ago'],
    ['vectorized', { vectorized: true }, 'by their words alone'],
    ['match_whole_words', { match_whole_words: true }, 'inside of longer ones'],
    ['match_scenario', { match_scenario: true }, 'in the conversation alone'],
    ['triggers', { triggers: ['continue'] }, 'of other programs'],
    ['ignore_budget', { ignore_budget: true }, 'holds for all entries'],
  ])('[KA15] %s that is not followed is named before the card is added, with the reason', (field, extensions, reason) => {
    const { notFollowed } = houseWith([{ keys: ['kettle'], extensions }]);
    const named = notFollowed.filter((sentence) => sentence.startsWith(`1 setting of SillyTavern in the lorebook: extensions.${field}. `));
    expect(named).toHaveLength(1);
    expect(named[0]).toContain(reason);
  });

  it('[KA15] a depth is told as the specification’s own is, and nothing is said of an entry that asks for nothing', () => {
    const { notFollowed } = houseWith([{ keys: ['kettle'], extensions: { position: 4, depth: 2 } }, { keys: ['tea'] }]);
    expect(notFollowed).toEqual([expect.stringMatching(/^1 lorebook entry asks for a depth in the conversation\./)]);
  });
});
