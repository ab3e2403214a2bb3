/** @file Cards made for the tests, in every format, each with something in it that this program does not know. */
import { createArchives } from '../../src/main/adapters/characters/archives.ts';
import { makeChunk, writeChunks } from '../../src/main/engine/cards/png-chunks.ts';
import { toBase64 } from '../../src/shared/base64.ts';

const utf8 = new TextEncoder();
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
const archives = createArchives();

export const bytesOf = (value: unknown): Uint8Array => utf8.encode(typeof value === 'string' ? value : JSON.stringify(value));

export const v1 = {
  name: 'Ode',
  description: '{{char}} keeps a lighthouse.',
  personality: 'Dry.',
  scenario: 'A storm.',
  first_mes: 'Mind the step, {{user}}.',
  mes_example: '<START>\n{{user}}: Hello.\n{{char}}: Evening.',
  avatar: 'none',
  chat: 'Ode - 2023-1-1',
};

const entry = {
  keys: ['lower town', 'Bellhouse'],
  content: '@@depth 2\n@@risu_only 4\n@@role system\nThe Bellhouse rings twice.',
  extensions: { weight: 12, nested: { kept: [1, 2.5, null] } },
  enabled: true,
  insertion_order: 10,
  case_sensitive: false,
  name: 'bell',
  priority: 3,
  id: 7,
  comment: 'the bell',
  selective: true,
  secondary_keys: ['ring'],
  constant: false,
  position: 'before_char',
  unknown_field: 'kept',
};

export const v2 = {
  spec: 'chara_card_v2',
  spec_version: '2.0',
  data: {
    name: 'Lark',
    description: 'Lark carries messages through the lower town and reads none of them.',
    personality: 'Quick.',
    scenario: '',
    first_mes: 'You have a letter.',
    mes_example: '',
    creator_notes: 'By tolliver.',
    system_prompt: '{{original}} Write the next message of {{char}}.',
    post_history_instructions: 'Keep replies short.',
    alternate_greetings: ['Again?', 'Rain.'],
    character_book: { name: 'town', scan_depth: 3, token_budget: 512, recursive_scanning: true, extensions: { a: 1 }, entries: [entry] },
    tags: ['town', 'letters'],
    creator: 'tolliver',
    character_version: '4',
    extensions: { depth_prompt: { prompt: 'x', depth: 4 }, 'other/program': { deep: { deeper: true } }, regex_scripts: [{ a: 1 }] },
    unknown_in_data: [1, 'two'],
  },
  unknown_at_top: { kept: true },
};

/** Numbers, spacing and order as no JSON writer of ours would put them: only keeping the very text keeps them. */
export const v3Text = `{ "data": {"name":"Nyx","description":"Awake when you are not.","tags":[],"creator":"n","character_version":"1.0",
  "mes_example":"","extensions":{"big":12345678901234567890,"exact":1.0,"__proto__":{"polluted":true},"5":1,"1":2},"system_prompt":"","post_history_instructions":"",
  "first_mes":"I am only awake when you cannot sleep.","alternate_greetings":[],"personality":"","scenario":"","creator_notes":"n",
  "creator_notes_multilingual":{"de":"Hallo"},"nickname":"Nix","source":["https://example.org/nyx"],"group_only_greetings":["All of you?"],"creation_date":1700000000,
  "assets":[{"type":"icon","uri":"ccdefault:","name":"main","ext":"png"},{"type":"emotion","uri":"https://example.org/sad.png","name":"sad","ext":"png"},
            {"type":"x_sound","uri":"embeded://assets/other/audio/bell.mp3","name":"bell","ext":"mp3"}],
  "character_book":{"extensions":{},"entries":[{"keys":["moon"],"content":"@@unknown_one\\n@@@keep_activate_after_match\\nFull tonight.","extensions":{},"enabled":true,"insertion_order":1,"use_regex":true}]},
  "future_field":{"x":[]}},
 "spec":"chara_card_v3", "spec_version":"3.0", "future_top": 1 }`;

/** A picture of one grey pixel. */
export function picture(): ReturnType<typeof makeChunk>[] {
  const header = new Uint8Array(13);
  header.set([0, 0, 0, 1, 0, 0, 0, 1, 8, 0]);
  return [makeChunk('IHDR', header), makeChunk('IDAT', archives.deflate(new Uint8Array([0, 128]))), makeChunk('IEND', new Uint8Array())];
}

export function textChunk(keyword: string, value: Uint8Array, type = 'tEXt'): ReturnType<typeof makeChunk> {
  const head = latin1(`${keyword}\0`);
  const middle = type === 'zTXt' ? [0] : type === 'iTXt' ? [0, 0, 0, 0] : [];
  return makeChunk(type, Uint8Array.from([...head, ...middle, ...value]));
}

export const pngWith = (...texts: ReturnType<typeof makeChunk>[]): Uint8Array => {
  const [header, ...rest] = picture();
  return writeChunks([...(header ? [header] : []), ...texts, ...rest]);
};
export const cardChunk = (keyword: string, value: unknown) => textChunk(keyword, toBase64(bytesOf(value)));

/** An animated one, as APNG files are: the same chunks with others between them. */
export function apngWith(...texts: ReturnType<typeof makeChunk>[]): Uint8Array {
  const [header, data, end] = picture();
  if (!header || !data || !end) throw new Error('a picture has three chunks');
  const control = makeChunk('acTL', new Uint8Array([0, 0, 0, 1, 0, 0, 0, 0]));
  const frame = makeChunk('fcTL', new Uint8Array(26));
  return writeChunks([header, control, textChunk('Comment', latin1('kept as it is')), frame, data, ...texts, end]);
}

export const zipOf = (files: Record<string, unknown>): Uint8Array =>
  archives.pack(new Map(Object.entries(files).map(([name, value]) => [name, value instanceof Uint8Array ? value : bytesOf(value)])));

const sound = Uint8Array.from({ length: 300 }, (_, index) => (index * 7) & 0xff);
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

export const charx = (): Uint8Array =>
  zipOf({
    'card.json': v3Text.replace('ccdefault:', 'embeded://assets/icon/images/main.png'),
    'assets/icon/images/main.png': pngWith(),
    'assets/other/audio/bell.mp3': sound,
    'assets/other/code/run.lua': 'os.exit()',
    'risu.json': { module: 1 },
  });

export const byaf = (): Uint8Array =>
  zipOf({
    'manifest.json': {
      schemaVersion: 1,
      characters: ['characters/a/character.json'],
      scenarios: ['scenarios/1.json', 'scenarios/2.json'],
      author: { name: 'brann', backyardURL: 'https://backyard.ai/hub/user/brann' },
    },
    'characters/a/character.json': {
      name: 'brann',
      displayName: 'Old Brann',
      persona: '{character} tells {user} stories.',
      images: [
        { path: 'images/face.jpg', label: '' },
        { path: 'images/asleep.png', label: 'asleep' },
      ],
      loreItems: [{ key: 'door, gate', value: 'Every story has a door for {user}.' }],
      isNSFW: false,
    },
    'characters/a/images/face.jpg': jpeg,
    'characters/a/images/asleep.png': pngWith(),
    'scenarios/fire.webp': sound,
    'scenarios/1.json': {
      narrative: 'By the fire.',
      firstMessages: [{ text: 'Sit, {user}.' }],
      exampleMessages: [{ text: '#{user}: Go on.' }, { text: '#{character}: In time.' }],
      formattingInstructions: 'Slowly.',
      temperature: 1.1,
      backgroundImage: 'scenarios/fire.webp',
      messages: [{ text: 'private' }],
    },
    'scenarios/2.json': { firstMessages: [{ text: 'You again.' }], messages: [] },
  });

export const collection: readonly { name: string; bytes: Uint8Array; format: 'png' | 'json' | 'charx' | 'byaf' }[] = [
  { name: 'v1.json', format: 'json', bytes: bytesOf(v1) },
  { name: 'v2.json', format: 'json', bytes: bytesOf(v2) },
  { name: 'v3.json', format: 'json', bytes: bytesOf(v3Text) },
  { name: 'v1.png', format: 'png', bytes: pngWith(cardChunk('chara', v1)) },
  { name: 'v2.png', format: 'png', bytes: pngWith(cardChunk('Chara', v2)) },
  {
    name: 'v3.png',
    format: 'png',
    bytes: pngWith(cardChunk('ccv3', v3Text), textChunk('chara-ext-asset_:assets/other/audio/bell.mp3', toBase64(sound))),
  },
  { name: 'both.png', format: 'png', bytes: pngWith(cardChunk('chara', v2), cardChunk('ccv3', v3Text)) },
  { name: 'animated.png', format: 'png', bytes: apngWith(cardChunk('ccv3', v3Text)) },
  { name: 'animated-both.png', format: 'png', bytes: apngWith(cardChunk('chara', v2), cardChunk('ccv3', v3Text)) },
  { name: 'deflated.png', format: 'png', bytes: pngWith(textChunk('chara', archives.deflate(toBase64(bytesOf(v2))), 'zTXt')) },
  { name: 'international.png', format: 'png', bytes: pngWith(textChunk('ccv3', toBase64(bytesOf(v3Text)), 'iTXt')) },
  { name: 'card.charx', format: 'charx', bytes: charx() },
  { name: 'with-prefix.charx', format: 'charx', bytes: Uint8Array.from([...jpeg, ...charx()]) },
  { name: 'brann.byaf', format: 'byaf', bytes: byaf() },
];
