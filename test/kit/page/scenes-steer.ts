/** @file Scenes of steering: versions, other words, going back, the note. */
import { MINUTE, NOW, plumCake, plumReply, recipes, type Scene, seedRecipes, seen } from './scene.ts';
import { seedVersion } from './seeds.ts';

const cake = { user: plumCake, reply: `${plumReply}, the one you said you could never throw away?`, at: NOW - MINUTE };

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
];
