/** @file Scenes of what is remembered: the list with one memory beside it, nothing yet, the question before forgetting, an edit, what was recalled. */
import type { OpenedStore } from '../../../src/main/adapters/sqlite/open.ts';
import type { NewNote } from '../../../src/main/engine/memory/note-store.ts';
import type { Memory, Snippet } from '../../../src/main/engine/memory-port.ts';
import { MINUTE, NOW, plumCake, plumReply, type Scene, seedRecipes, seen, write } from './scene.ts';
import { DAY } from './seeds.ts';

const PAIR = { userId: 'default', characterId: 'default' };
type Seeded = { id: string; kind: NewNote['kind']; text: string; quote: string; from: string; ago: number; more?: Partial<NewNote> };

const notes: readonly Seeded[] = [
  {
    id: 'n1',
    kind: 'people',
    text: 'Your gran was called Ilse.',
    quote: 'My gran was called Ilse.',
    from: 'shelf-7',
    ago: 27 * DAY,
    more: { pinned: true },
  },
  {
    id: 'n2',
    kind: 'you',
    text: 'You keep her recipe cards in a blue tin that was in the attic.',
    quote: 'I found the tin in the attic. I sat there for an hour and could not open it.',
    from: 'recipes',
    ago: DAY,
    more: { origin: 'model', confidence: 0.8 },
  },
  {
    id: 'n3',
    kind: 'plans',
    text: 'Sunday lunch is at home.',
    quote: 'Sunday lunch is at home.',
    from: 'shelf-0',
    ago: 12 * DAY,
    more: { origin: 'model', confidence: 0.6, subject: 'lunch', single: true },
  },
  {
    id: 'n4',
    kind: 'plans',
    text: 'Sunday lunch is at your sister Marit’s, not at home, until the kitchen is done.',
    quote: 'Lunch on Sunday is at Marit’s, not at home, until the kitchen is done.',
    from: 'shelf-0',
    ago: 12 * 60 * MINUTE,
    more: { origin: 'model', confidence: 0.8, subject: 'lunch', single: true, supersedes: ['n3'] },
  },
  {
    id: 'n5',
    kind: 'you',
    text: 'You are allergic to hazelnuts.',
    quote: 'I’m allergic to hazelnuts, so that cake is for looking at.',
    from: 'shelf-0',
    ago: 11 * 60 * MINUTE,
  },
  {
    id: 'n6',
    kind: 'told',
    text: 'You asked to have this remembered: “the letter to Marit is not to be sent”.',
    quote: 'Remember that the letter to Marit is not to be sent.',
    from: 'shelf-1',
    ago: 2 * DAY,
  },
  {
    id: 'n7',
    kind: 'likes',
    text: 'You would rather be asked than advised when it is about your gran.',
    quote: 'I would rather be asked than advised, when it is about her.',
    from: 'shelf-7',
    ago: 27 * DAY,
    more: { origin: 'model', confidence: 0.6 },
  },
];

function seedNotes(store: OpenedStore): void {
  seedRecipes(store);
  for (const { id, kind, text, quote, from, ago, more = {} } of notes) {
    const at = NOW - ago;
    const source = { conversationId: from, messageId: `${from}-user-0`, at };
    const plain = {
      origin: 'words',
      confidence: 0.95,
      subject: id,
      single: false,
      pinned: false,
      edited: false,
      supersedes: [],
      supersededBy: undefined,
    } as const;
    store.notes.add(PAIR, { ...plain, id, kind, text, quote, source, at, saidAt: at, ...more });
  }
  store.notes.learn(PAIR, {
    conversationId: 'shelf-3',
    learner: 'summary',
    through: 1,
    notes: [],
    joins: [],
    summary: {
      id: 's1',
      text: 'They are reading Sebald slowly, a few pages each evening, and wanted to talk about the photographs in the book. They left off at the moth chapter.',
      at: NOW - 3 * DAY,
    },
  });
}

const showPage: NonNullable<Scene['act']> = async (page) => {
  const link = page.getByRole('button', { name: 'What is remembered' });
  if (!(await link.first().isVisible())) await page.getByRole('button', { name: 'Conversations' }).first().click();
  await link.first().click();
};

const openList: NonNullable<Scene['act']> = async (page, house) => {
  await seen(page, 'Stained cards first');
  await showPage(page, house);
  await page.getByText('Your gran was called Ilse.').first().waitFor();
};

const told = (
  kind: 'note' | 'message',
  id: string,
  from: string,
  ago: number,
  rest: Pick<Snippet, 'text' | 'reason' | 'score'>,
): Snippet => {
  const messageId = `${from}-user-0`;
  const at = NOW - ago;
  return { ...rest, source: { kind, id, conversationId: from, messageId, turnId: undefined, speaker: 'person', at } };
};

const recalling: Memory = {
  recall: async () => ({
    warnings: [],
    snippets: [
      told('note', 'n2', 'recipes', DAY, {
        text: 'They keep her recipe cards in a blue tin that was in the attic.',
        reason: 'Noted from what you said on 22 November 2026; it is close in meaning to your message.',
        score: 0.88,
      }),
      told('message', 'shelf-0-user-0', 'shelf-0', 12 * 60 * MINUTE, {
        text: 'The plum cake was always the first to go, and nobody ever asked her for the recipe.',
        reason: 'You said it on 23 November 2026; it has “plum” and “cake” in common with your message.',
        score: 0.71,
      }),
    ],
  }),
};

const askRecalling: NonNullable<Scene['act']> = async (page) => {
  await write(page, plumCake);
  await seen(page, 'Then it was more');
  await page.locator('.reply').last().getByRole('button', { name: 'Why this reply?' }).click();
  await page.getByText('Recalled for this reply').scrollIntoViewIfNeeded();
};

const recalled: Pick<Scene, 'seed' | 'model' | 'memory'> = {
  seed: seedNotes,
  memory: recalling,
  model: ({ model }) => model.replies.push({ text: `${plumReply}?`, tokensPerSecond: 2_000, firstTokenMs: 20 }),
};

/** Another companion in the library, and one that is deleted by now. */
const seedOthers: NonNullable<Scene['seed']> = (store) => {
  seedNotes(store);
  const at = NOW - 3 * DAY;
  const plain = { origin: 'person', confidence: 1, single: false, quote: '', source: undefined, pinned: false, edited: true } as const;
  const note = { ...plain, supersedes: [], supersededBy: undefined, at, saidAt: at } as const;
  store.notes.add(
    { userId: 'default', characterId: 'gone' },
    { ...note, id: 'g1', kind: 'likes', subject: 'tea', text: 'You like your tea black.' },
  );
  store.notes.change('n5', { shared: true, at });
};

export const memoryScenes: readonly Scene[] = [
  {
    name: 'memory-shared',
    also: ['narrow-dark'],
    settings: { memory: { shared: true } },
    seed: seedOthers,
    act: async (page, house) => {
      await openList(page, house);
      await page.getByText('shared with all companions').first().waitFor();
      await page.locator('.memory').filter({ hasText: 'hazelnuts' }).hover();
    },
  },
  {
    name: 'memory-other',
    seed: seedOthers,
    act: async (page, house) => {
      await openList(page, house);
      await page.getByRole('combobox', { name: 'Whose memories' }).selectOption('gone');
      await page.getByText('You like your tea black.').waitFor();
    },
  },
  {
    name: 'settings-memory',
    act: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('button', { name: 'Memory' }).click();
      await page.getByRole('switch', { name: 'Share among companions' }).waitFor();
    },
  },
  {
    name: 'memory',
    also: ['narrow-dark', 'wide'],
    seed: seedNotes,
    act: async (page, house) => {
      await openList(page, house);
      await page.getByText('Sunday lunch is at your sister').first().click();
      await page.getByText('What it took the place of').waitFor();
    },
  },
  {
    name: 'memory-found',
    seed: seedNotes,
    act: async (page, house) => {
      await openList(page, house);
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Also what is no longer true' }).click();
      await page.getByRole('textbox', { name: 'Search what is remembered' }).fill('lunch');
      await page.getByText('2 of 8, with what is no longer true.').waitFor();
    },
  },
  {
    name: 'delete-conversation',
    seed: seedNotes,
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.getByRole('button', { name: 'More for Gran’s recipe cards' }).last().click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'memory-empty',
    seed: (store) => seedRecipes(store),
    act: async (page, house) => {
      await seen(page, 'Stained cards first');
      await showPage(page, house);
      await page.getByText('We have only just met').waitFor();
    },
  },
  {
    name: 'memory-forget',
    seed: seedNotes,
    act: async (page, house) => {
      await openList(page, house);
      const row = page.locator('.memory').filter({ hasText: 'hazelnuts' });
      await row.hover();
      await row.getByRole('button', { name: 'Forget' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'memory-edit',
    seed: seedNotes,
    act: async (page, house) => {
      await openList(page, house);
      const row = page.locator('.memory').filter({ hasText: 'recipe cards' });
      await row.hover();
      await row.getByRole('button', { name: 'Edit' }).click();
      await page.locator('.memory-form textarea').waitFor();
    },
  },
  {
    name: 'inspector-recall',
    also: ['narrow-dark'],
    ...recalled,
    act: async (page, house) => {
      await askRecalling(page, house);
      await page.locator('.recalled').last().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'inspector-correct',
    ...recalled,
    act: async (page, house) => {
      await askRecalling(page, house);
      await page.locator('.recalled').last().getByRole('button', { name: 'Forget' }).click();
      await page.getByText('Forgotten.').first().waitFor();
      const note = page.locator('.recalled').filter({ hasText: 'blue tin' });
      await note.getByRole('button', { name: 'Correct' }).click();
      await note.getByRole('button', { name: 'Save' }).scrollIntoViewIfNeeded();
    },
  },
];
