/** @file Scenes of everything around the talk: the list, the model, the connection. */
import { megabytes, starterSource } from '../../../src/main/adapters/embedded/starter-source.ts';
import { Fault } from '../../../src/shared/faults.ts';
import { NOW, type Scene, seedRecipes, seen } from './scene.ts';

const { label, bytes } = starterSource;
const fetching = { label: `SmolLM2-135M-Instruct, the starter model (${megabytes(bytes)})`, totalBytes: bytes };
const crashed = new Fault('model-crashed', 'The engine ended by itself; what was written is kept, so try again.', {
  detail: 'llama.cpp: failed to allocate 812 MiB for the context\nexit code 1',
}).toWire();
const offline = new Fault(
  'download-failed',
  'The starter model could not be fetched; nothing was lost, so connect to a network or set STARTER_MODEL to a file you have.',
  {
    detail: `getaddrinfo ENOTFOUND while asking for ${starterSource.file}`,
  },
).toWire();

const closed = async (page: Parameters<NonNullable<Scene['act']>>[0]) => {
  await page.locator('.banner').waitFor();
};

export const houseScenes: readonly Scene[] = [
  {
    name: 'settings',
    also: ['rail'],
    seed: (store) => void seedRecipes(store),
    act: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('heading', { name: 'Appearance' }).waitFor();
    },
  },
  {
    name: 'settings-you',
    seed: (store) => void seedRecipes(store),
    settings: { person: { name: 'Tom', about: 'I live by the harbour, cook badly and read a lot. My sister is Anna.' } },
    act: async (page) => {
      await page.keyboard.press('Control+,');
      await page.locator('.settings-nav').getByText('You', { exact: true }).click();
      await page.getByRole('textbox', { name: 'A few words about you' }).waitFor();
    },
  },
  {
    name: 'first-run-download',
    also: ['wide', 'narrow-dark'],
    model: ({ model }) =>
      model.setStatus({
        state: 'installing',
        engine: 'embedded',
        label,
        starter: true,
        reason: 'Fetching the starter model.',
        progress: { ...fetching, doneBytes: Math.round(bytes * 0.324) },
      }),
    act: async (page, { model }) => {
      await page.getByText('32 %').waitFor();
      await page.clock.setFixedTime(new Date(NOW + 3_000));
      model.setStatus({ progress: { ...fetching, doneBytes: Math.round(bytes * 0.634) } });
      await page.getByText('63 %').waitFor();
    },
  },
  {
    name: 'first-run-missing',
    model: ({ model }) =>
      model.setStatus({ state: 'absent', engine: 'none', label: '', model: '', reason: 'No model is here.', fault: offline }),
    act: async (page) => {
      await page.getByRole('button', { name: 'Details' }).click();
      await page.locator('.raw-words').waitFor();
    },
  },
  {
    name: 'downloading',
    seed: (store) => seedRecipes(store),
    model: ({ model }) =>
      model.setStatus({
        state: 'installing',
        engine: 'embedded',
        label,
        reason: 'Fetching the starter model.',
        progress: { ...fetching, doneBytes: Math.round(bytes * 0.324) },
      }),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.locator('.composer textarea').fill('I will say this when you are back.');
    },
  },
  {
    name: 'model-loading',
    seed: (store) => seedRecipes(store),
    model: ({ model }) => model.setStatus({ state: 'loading', reason: 'Reading the model from disk.' }),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.locator('.composer .reason', { hasText: 'is being loaded' }).waitFor();
    },
  },
  {
    name: 'engine-failed',
    seed: (store) => seedRecipes(store),
    model: ({ model }) => model.setStatus({ state: 'failed', reason: 'The engine ended.', fault: crashed }),
    act: async (page) => {
      await closed(page);
      await page.getByRole('button', { name: 'Details' }).click();
      await page.locator('.raw-words').waitFor();
    },
  },
  {
    name: 'demo',
    seed: (store) => seedRecipes(store),
    model: ({ model }) => model.setStatus({ engine: 'scripted', label: 'Scripted', model: 'scripted', reason: 'No model is running.' }),
    act: (page) => seen(page, 'Stained cards first'),
  },
  {
    name: 'connection-lost',
    seed: (store) => seedRecipes(store),
    act: async (page, house) => {
      await seen(page, 'Stained cards first');
      await house.close();
      await closed(page);
    },
  },
  { name: 'no-key', withoutToken: true, act: (page) => page.getByText('This page has no key').waitFor() },
  {
    name: 'search',
    seed: (store) => seedRecipes(store),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.keyboard.press('Control+k');
      await page.locator('.search input:focus').waitFor();
      await page.keyboard.type('the');
      await page.getByText('Balcony in November').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'search-nothing',
    seed: (store) => seedRecipes(store),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.keyboard.press('Control+k');
      await page.locator('.search input:focus').waitFor();
      await page.keyboard.type('zeppelin');
      await page.getByText('No conversation has these words').waitFor();
    },
  },
  {
    name: 'list-menu',
    seed: (store) => seedRecipes(store),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.getByRole('button', { name: 'More for Gran’s recipe cards' }).last().click();
      await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    },
  },
  {
    name: 'renaming',
    seed: (store) => seedRecipes(store),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.keyboard.press('Control+k');
      await page.locator('.search input:focus').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('F2');
      await page.locator('.title-field').waitFor();
    },
  },
  {
    name: 'deleted',
    seed: (store) => seedRecipes(store),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.getByRole('button', { name: 'More for Gran’s recipe cards' }).last().click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      await seen(page, 'I am.');
    },
  },
];
