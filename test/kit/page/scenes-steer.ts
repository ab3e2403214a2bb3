/** @file Scenes of steering: versions, other words, going back, the note. */
import type { Page } from 'playwright';
import { MINUTE, NOW, plumCake, plumReply, plumThought, recipes, type Scene, seedRecipes, seen, write } from './scene.ts';
import { seedVersion } from './seeds.ts';

const cake = { user: plumCake, reply: `${plumReply}, the one you said you could never throw away?`, at: NOW - MINUTE };

/** A turn that is really asked, so that there is a record of it. */
async function askAndWait(page: Page): Promise<void> {
  await write(page, plumCake);
  await seen(page, 'never throw away');
  await page.locator('.reply').last().getByRole('button', { name: 'Why this reply?' }).click();
  await page.getByText('tokens sent').waitFor();
}

const answered: Pick<Scene, 'seed' | 'model'> = {
  seed: (store) => void seedRecipes(store),
  model: ({ model }) => {
    model.replies.push({ text: cake.reply, thinking: plumThought, tokensPerSecond: 2_000, firstTokenMs: 20 });
  },
};

export const steerScenes: readonly Scene[] = [
  {
    name: 'versions',
    seed: (store) => {
      const [, second] = seedRecipes(
        store,
        [recipes[0], { ...cake, reply: 'Good.' }].flatMap((turn) => turn ?? []),
      );
      seedVersion(store, 'recipes', second ?? '', { ...cake, name: 'again' });
    },
    act: async (page) => {
      await seen(page, 'never throw away');
      await page.getByRole('button', { name: 'Answer in another way' }).last().click();
      await page.getByRole('menuitem', { name: 'Answer warmer' }).waitFor();
    },
  },
  {
    name: 'own-words',
    also: ['narrow-dark'],
    seed: (store) =>
      void seedRecipes(
        store,
        [recipes[0], cake].flatMap((turn) => turn ?? []),
      ),
    act: async (page) => {
      await seen(page, 'never throw away');
      await page.getByRole('button', { name: 'Change your words' }).last().click();
      await page.getByRole('textbox', { name: 'Your words' }).waitFor();
    },
  },
  {
    name: 'reply-in-own-words',
    seed: (store) =>
      void seedRecipes(
        store,
        [recipes[0], cake].flatMap((turn) => turn ?? []),
      ),
    act: async (page) => {
      await seen(page, 'never throw away');
      await page.getByRole('button', { name: 'Change these words' }).last().click();
      await page.getByRole('textbox', { name: 'Other words' }).waitFor();
    },
  },
  {
    name: 'gone-back',
    seed: (store) => {
      seedRecipes(
        store,
        [recipes[0], cake].flatMap((turn) => turn ?? []),
      );
      store.endPathAt('recipes', 'recipes-reply-0');
    },
    act: (page) => seen(page, 'What came after is kept'),
  },
  {
    name: 'note',
    seed: (store) => {
      seedRecipes(
        store,
        [recipes[0], cake].flatMap((turn) => turn ?? []),
      );
      store.setNote('recipes', 'We are sorting my grandmother’s recipes together. Keep to one question at a time.', NOW);
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Note for this conversation' }).click();
      await page.getByRole('button', { name: 'Keep the note' }).waitFor();
    },
  },
  { name: 'inspector', also: ['rail', 'narrow-dark'], ...answered, act: askAndWait },
  {
    name: 'inspector-text',
    ...answered,
    act: async (page) => {
      await askAndWait(page);
      await page.getByRole('tab', { name: 'Exact text' }).click();
      await page.getByText('This is exactly what was sent.').waitFor();
    },
  },
  {
    name: 'inspector-compared',
    seed: (store) => {
      seedRecipes(store);
      store.setNote('recipes', 'We are sorting my grandmother’s recipes together. Keep to one question at a time.', NOW);
    },
    model: ({ model }) => {
      for (const text of [cake.reply, 'Blue ink first. It fades before the brown does.'])
        model.replies.push({ text, tokensPerSecond: 2_000, firstTokenMs: 20 });
    },
    act: async (page) => {
      await write(page, plumCake);
      await seen(page, 'never throw away');
      await write(page, 'Which of the cards next?');
      await seen(page, 'Blue ink first');
      await page.locator('.reply').last().getByRole('button', { name: 'Why this reply?' }).click();
      await page.getByRole('tab', { name: 'Exact text' }).click();
      await page.getByText('Compare with the reply before').click();
      await page.locator('.sent-diff').first().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'inspector-no-record',
    seed: (store) => {
      seedRecipes(
        store,
        [recipes[0], cake].flatMap((turn) => turn ?? []),
      );
      store.addVersion({ id: 'mine', conversationId: 'recipes', besideId: 'recipes-reply-1', text: 'Good.', at: NOW });
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Why this reply?' }).last().click();
      await page.getByText('No record is kept').waitFor();
    },
  },
  {
    name: 'settings-shortcuts',
    act: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('button', { name: 'Shortcuts' }).click();
      await page.getByRole('switch', { name: 'Single letters' }).waitFor();
    },
  },
  ...(['Generation', 'Tone'] as const).map(
    (name): Scene => ({
      name: `settings-${name.toLowerCase()}`,
      act: async (page) => {
        await page.keyboard.press('Control+,');
        await page.getByRole('button', { name }).click();
        await page.getByRole('heading', { name }).waitFor();
        await page.locator('.number-field').first().waitFor();
      },
    }),
  ),
];
