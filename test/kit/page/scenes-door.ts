/** @file Scenes of the door for other programs: shut, open with visitors, and in the way of another program. */
import type { Page } from 'playwright';
import type { DoorStatus } from '../../../src/shared/door.ts';
import { Fault } from '../../../src/shared/faults.ts';
import { createFakeDoor, fakeToken } from '../fake-door.ts';
import { MINUTE, NOW, type Scene, seedRecipes } from './scene.ts';

const taken = new Fault(
  'port-taken',
  'Another program uses port 8000, so no program can come in here; choose another port, or close that program and try again.',
);

const open: Partial<DoorStatus> = {
  state: 'open',
  reason: 'Programs on this computer can come in at http://127.0.0.1:8000.',
  address: 'http://127.0.0.1:8000',
  token: { ending: '4f7x', madeAt: NOW - 20 * 24 * 60 * MINUTE },
  refused: 2,
  clients: [
    {
      name: 'OpenAI/Python 1.58.1',
      open: 1,
      requests: 14,
      since: NOW - 190 * MINUTE,
      at: NOW - MINUTE,
      route: 'POST /v1/chat/completions',
      asked: 'Write one line for the card that goes with the plum cake.',
    },
    { name: 'curl/8.5.0', open: 0, requests: 1, since: NOW - 40 * MINUTE, at: NOW - 40 * MINUTE, route: 'GET /health' },
  ],
};

async function showApi(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('button', { name: 'Local API' }).click();
  await page.getByRole('heading', { name: 'Local API' }).waitFor();
  await page.getByText('An example').waitFor();
}

export const doorScenes: readonly Scene[] = [
  {
    name: 'settings-api',
    also: ['rail', 'large-text'],
    seed: (store) => void seedRecipes(store),
    door: createFakeDoor(open),
    settings: { api: { on: true } },
    act: showApi,
  },
  {
    name: 'settings-api-token',
    seed: (store) => void seedRecipes(store),
    door: createFakeDoor({ ...open, requireToken: true, token: { ending: fakeToken.slice(-4), madeAt: NOW - 5 * MINUTE } }),
    settings: { api: { on: true, requireToken: true, origins: ['http://localhost:5173'] } },
    act: async (page) => {
      await showApi(page);
      await page.getByRole('button', { name: 'Replace' }).click();
      await page.getByRole('button', { name: 'Show the token' }).click();
      await page.getByText(fakeToken).waitFor();
    },
  },
  {
    name: 'settings-api-taken',
    seed: (store) => void seedRecipes(store),
    door: createFakeDoor({ state: 'failed', reason: taken.message, fault: taken.toWire() }),
    settings: { api: { on: true } },
    act: showApi,
  },
  {
    name: 'door-taken',
    seed: (store) => void seedRecipes(store),
    door: createFakeDoor({ state: 'failed', reason: taken.message, fault: taken.toWire() }),
    act: (page) => page.getByText('Other programs cannot come in').waitFor(),
  },
];
