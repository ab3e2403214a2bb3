/** @file Scenes of the companions: the library, the look into a card, the editor. */
import type { Page } from 'playwright';
import { createArchives } from '../../../src/main/adapters/characters/archives.ts';
import { drawnPicture } from '../../../src/main/engine/cards/avatar.ts';
import type { Library } from '../../../src/main/engine/cards/library-port.ts';
import { bytesOf, zipOf } from '../cards.ts';
import { MINUTE, NOW, type Scene, seedRecipes } from './scene.ts';

const archives = createArchives();

type Sketch = { name: string; hue?: number; data?: Record<string, unknown> };

const card = ({ name, data }: Sketch) =>
  bytesOf({ spec: 'chara_card_v3', spec_version: '3.0', data: { name, description: `${name} is here.`, extensions: {}, ...data } });

const shelf: readonly (Sketch & { words: string })[] = [
  { name: 'Captain Ode', hue: 215, words: 'Tides first, feelings after. Both keep their own hours.' },
  { name: 'Fern', words: 'Put your hands in the soil and then ask me again.' },
  { name: 'Nyx', hue: 285, words: 'I am only awake when you cannot sleep. Convenient, no?' },
  { name: 'Old Brann', words: 'Every story has a door it came in by. Let us look for it.' },
];

function fill(library: Library): void {
  for (const sketch of shelf) {
    const bytes = card({ ...sketch, data: { first_mes: sketch.words, tags: ['evening', 'kind'] } });
    const avatar = sketch.hue === undefined ? undefined : drawnPicture(sketch.hue, archives);
    library.add({ name: `${sketch.name}.json`, bytes }, { avatar, accent: undefined });
  }
}

const lark = {
  spec: 'chara_card_v3',
  spec_version: '3.0',
  data: {
    name: 'Lark',
    creator: 'tolliver',
    character_version: '4',
    tags: ['town', 'letters'],
    description:
      'Lark carries messages through the lower town and reads none of them, a point of honour. Quick, unsentimental, fond of anyone who walks fast. She answers a question with the shortest true thing. She knows every stair, every dog and most of the debts between the river and the Bellhouse, and would rather be wet than late.',
    personality: 'Dry, exact, loyal once.',
    first_mes: 'You have a letter. I have not read it. It smells of smoke, so I would sit down.',
    alternate_greetings: ['Again? Walk with me, I am late.', 'Rain. Good: nobody looks up in rain.', 'Sign here.'],
    mes_example: '<START>\n{{user}}: Is it far?\n{{char}}: Four hundred stairs. Further if you talk.',
    system_prompt: 'Write {{char}}’s next message. Stay in scene. Never speak for {{user}}.',
    post_history_instructions: 'Keep replies under 120 words. End on something {{user}} can act on.',
    creator_notes: 'Works best with a patient model.',
    extensions: { regex_scripts: [{ scriptName: 'x' }] },
    assets: [
      { type: 'icon', uri: 'embeded://assets/icon/images/main.png', name: 'main', ext: 'png' },
      { type: 'emotion', uri: 'https://example.org/sad.png', name: 'sad', ext: 'png' },
    ],
    character_book: {
      token_budget: 512,
      entries: [
        { keys: ['lower town'], content: 'The lower town floods twice a year, and nobody moves.', name: 'Lower town' },
        {
          keys: ['the Bellhouse', 'bells'],
          content: '@@depth 2\n@@is_user_icon hero\nThe Bellhouse rings for fires and for weddings, and some cannot tell which.',
        },
        { keys: ['message seal', 'wax'], content: 'Green wax is bad news.', constant: true },
        { keys: ['/st(airs?|eps)/i'], use_regex: true, content: 'There are four hundred and eleven stairs.' },
      ].map((entry, index) => ({ extensions: {}, enabled: true, insertion_order: index, ...entry })),
    },
  },
};

async function companions(page: Page): Promise<void> {
  const more = page.getByRole('button', { name: 'Conversations', exact: true }).first();
  if (!(await page.locator('.sidebar .page-link').first().isVisible())) await more.click();
  await page.locator('.sidebar .page-link', { hasText: 'Companions' }).click();
  await page.locator('.companion-card').first().waitFor();
}

async function choose(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
}

const charx = () => zipOf({ 'card.json': lark, 'assets/icon/images/main.png': drawnPicture(20, archives) });

export const cardScenes: readonly Scene[] = [
  {
    name: 'greetings',
    seed: (store) => seedRecipes(store),
    model: ({ library }) => {
      library.add({ name: 'lark.charx', bytes: charx() }, { avatar: drawnPicture(20, archives), accent: undefined });
    },
    act: async (page) => {
      await companions(page);
      await page.locator('.companion-card', { hasText: 'Lark' }).locator('.companion-open').click();
      await page.locator('.composer textarea').press('ArrowRight');
      await page.getByRole('img', { name: 'Greeting 2 of 4' }).waitFor();
    },
  },
  {
    name: 'companions',
    also: ['rail', 'narrow-dark'],
    seed: (store) => seedRecipes(store),
    model: ({ library }) => fill(library),
    act: async (page) => {
      await companions(page);
      await page.locator('.companion-art img').first().waitFor();
    },
  },
  {
    name: 'companions-import',
    also: ['narrow-dark', 'large-text'],
    seed: (store) => seedRecipes(store),
    model: ({ library }) => fill(library),
    act: async (page) => {
      await companions(page);
      await choose(page, 'lark-of-the-lower-town.charx', charx());
      await page.locator('.import-art img').waitFor();
    },
  },
  {
    name: 'companions-refused',
    seed: (store) => seedRecipes(store),
    model: ({ library }) => fill(library),
    act: async (page) => {
      await companions(page);
      await choose(page, 'holiday.png', bytesOf('no card at all'));
      await page.getByText('was not added').waitFor();
    },
  },
  {
    name: 'companions-edit',
    also: ['narrow-dark', 'wide'],
    seed: (store) => seedRecipes(store),
    model: ({ library }) => {
      library.add({ name: 'lark.charx', bytes: charx() }, { avatar: drawnPicture(20, archives), accent: undefined });
    },
    act: async (page) => {
      await companions(page);
      await page.getByRole('button', { name: 'More for Lark' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.locator('.companion-editor .card-figures').waitFor();
    },
  },
  {
    name: 'companions-lore',
    seed: (store) => seedRecipes(store),
    model: ({ library }) => {
      library.add({ name: 'lark.charx', bytes: charx() }, { avatar: undefined, accent: undefined });
    },
    act: async (page) => {
      await companions(page);
      await page.getByRole('button', { name: 'More for Lark' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.locator('.lore-open').nth(1).click();
      await page.locator('.lore-body').scrollIntoViewIfNeeded();
      await page.locator('.companion-editor .card-figures').waitFor();
    },
  },
  {
    name: 'companions-unsaved',
    seed: (store) => seedRecipes(store),
    model: ({ library }) => {
      library.add({ name: 'lark.charx', bytes: charx() }, { avatar: drawnPicture(20, archives), accent: undefined });
    },
    act: async (page) => {
      await companions(page);
      await page.getByRole('button', { name: 'More for Lark' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.locator('.companion-editor .card-figures').waitFor();
      await page.getByLabel('Personality').fill('Dry, exact, loyal twice.');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'companions-delete',
    seed: (store) => seedRecipes(store),
    model: ({ library, store }) => {
      const { id } = library.add({ name: 'lark.charx', bytes: charx() }, { avatar: drawnPicture(20, archives), accent: undefined });
      const talk = { userId: 'default', title: 'Letters', titled: true, createdAt: NOW - MINUTE, updatedAt: NOW - MINUTE };
      store.createConversation({ ...talk, id: 'letters', characterId: id }, undefined);
    },
    act: async (page) => {
      await companions(page);
      await page.getByRole('button', { name: 'More for Lark' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
];
