/** @file Scenes of the models: their list, what comes, what is offered, what is too large. */
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { ModelShelf, PullProgress, ShelfModel } from '../../../src/main/engine/models/shelf.ts';
import type { Model } from '../../../src/main/engine/ports.ts';
import { Fault } from '../../../src/shared/faults.ts';
import type { GraphicsCard } from '../../../src/shared/models.ts';
import type { PageHouse } from './page-house.ts';
import { type Scene, seedRecipes, seen } from './scene.ts';

const GIB = 1024 ** 3;
const GB = 1_000_000_000;
const MB = 1_000_000;

const r1: ShelfModel = {
  name: 'hf.co/mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M',
  label: 'DeepSeek-R1-Distill-Llama-8B Q4_K_M',
  contextTokens: 131_072,
  thinking: true,
  family: 'llama',
  sizeBytes: 4_920_734_272,
  parameterSize: '8.03B',
  quantisation: 'Q4_K_M',
  capabilities: ['completion', 'tools', 'thinking'],
  contextBytesPerToken: 131_072,
  converses: true,
  starter: false,
  loaded: { bytes: 6.1 * GB, contextTokens: 8_192, onGraphics: 0 },
};
const starter: ShelfModel = {
  name: 'persona/smollm2:135m',
  label: 'SmolLM2 135M Q4_1',
  contextTokens: 8_192,
  thinking: false,
  family: 'llama',
  sizeBytes: 98_362_432,
  parameterSize: '134.52M',
  quantisation: 'Q4_1',
  capabilities: ['completion'],
  contextBytesPerToken: 23_040,
  converses: true,
  starter: true,
};
const embedder: ShelfModel = {
  ...starter,
  name: 'nomic-embed-text:latest',
  label: 'nomic-embed-text 137M F16',
  family: 'nomic-bert',
  sizeBytes: 274_302_450,
  parameterSize: '137M',
  quantisation: 'F16',
  capabilities: ['embedding'],
  converses: false,
  starter: false,
};

const licence =
  'MIT License\n\nCopyright (c) 2023 DeepSeek\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software…';

/** A download that stands where the picture wants it. */
async function* comes(doneBytes: number, totalBytes: number, signal: AbortSignal): AsyncGenerator<PullProgress> {
  const digest = `sha256:${'a'.repeat(64)}`;
  const at = (done: number) => ({
    status: 'pulling aaaaaaaaaaaa',
    doneBytes: done,
    totalBytes,
    layer: { digest, doneBytes: done, totalBytes },
  });
  yield { status: 'pulling manifest', doneBytes: 0 };
  // Two looks a second apart make a speed and a time left.
  yield at(doneBytes - 8.4 * MB);
  await setTimeout(1_000);
  yield at(doneBytes);
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Fault('cancelled', 'Stopped.')), { once: true }));
}

/** Gives the house's model an Ollama of our own with these models; the first one answers. */
function keep(
  { model }: PageHouse,
  models: ShelfModel[],
  pull: Model['pull'] = (_name, signal) => comes(2.4 * GB, 7.1 * GB, signal),
  cards: GraphicsCard[] = [],
): void {
  const shelf: ModelShelf = {
    place: () => 'ours',
    graphics: () => cards,
    inventory: async () => models,
    details: async () => ({ licence, digest: '9f2c1d7e4b0a55aa', parameters: 'temperature  0.6\ntop_p  0.95' }),
    files: () => ({
      folder: () => '~/.local/share/persona-engine/model-server/models',
      space: async () => ({ freeBytes: 86 * GB, totalBytes: 170 * GB, modelsBytes: 8.2 * GB }),
      freedBy: async () => 4_920_734_272,
      has: () => false,
      mendUnfinished: async () => 0,
      discard: async () => 0,
      inspect: async () => {
        throw new Fault('bad-request', 'There is no file at that path; nothing was changed, so type the whole path of a GGUF file.');
      },
      place: async () => undefined,
    }),
  };
  const [first] = models;
  Object.assign(model, { shelf, pull, prefer: () => undefined, defaultModel: () => first?.name ?? '' });
  model.setStatus({ model: first?.name ?? '', label: first?.label ?? '', starter: first?.starter ?? false });
}

const openSection = async (page: Page) => {
  await seen(page, 'Stained cards first');
  await page.keyboard.press('Control+,');
  await page.locator('.settings-nav').getByText('Model').click();
  await page.locator('.model-list').waitFor();
};
const isListed = (page: Page, label: string) => page.locator('.model-list').getByText(label).first().waitFor();

export const modelScenes: readonly Scene[] = [
  {
    name: 'settings-model',
    also: ['rail'],
    seed: (store) => seedRecipes(store),
    model: (house) => {
      const onCard = { ...r1, loaded: { bytes: 6.1 * GB, contextTokens: 8_192, onGraphics: 1 } };
      keep(house, [onCard, starter, embedder], undefined, [
        { name: 'NVIDIA GeForce RTX 3060', totalBytes: 12 * GIB, freeBytes: 11.1 * GIB },
      ]);
    },
    act: async (page) => {
      await openSection(page);
      await isListed(page, 'SmolLM2');
      await page.getByLabel('Name of a model to download').fill('mistral-nemo:12b');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      await isListed(page, 'left');
    },
  },
  {
    name: 'settings-model-details',
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [r1, starter]),
    act: async (page) => {
      await openSection(page);
      await page.getByRole('button', { name: `Details of ${r1.label}` }).click();
      await page.getByText('Memory by length of context').waitFor();
    },
  },
  {
    name: 'settings-model-look-up',
    seed: (store) => seedRecipes(store),
    model: (house) => {
      keep(house, [r1, starter]);
      house.room.lookUp = async (name) => ({
        found: name,
        bytes: 5.2 * GB,
        layers: [],
        licences: [{ name: 'Apache License', text: 'Apache License\nVersion 2.0, January 2004' }],
      });
    },
    act: async (page) => {
      await openSection(page);
      await page.getByLabel('Name of a model to download').fill('qwen3:8b');
      await page.keyboard.press('Enter');
      await page.getByText('5.2 GB to download').waitFor();
    },
  },
  {
    name: 'settings-model-remove',
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [r1, starter]),
    act: async (page) => {
      await openSection(page);
      await page.getByRole('button', { name: `Remove ${starter.label}` }).click();
      await page.getByRole('button', { name: 'Keep', exact: true }).waitFor();
    },
  },
  {
    name: 'settings-model-file',
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [r1, starter]),
    act: async (page) => {
      await openSection(page);
      await page.getByRole('button', { name: 'Add a GGUF file' }).click();
      await page.getByLabel('Path of a GGUF file on this computer').fill('~/Downloads/llama-3.gguf');
      await page.keyboard.press('Enter');
      await page.getByText('There is no file at that path').waitFor();
    },
  },
  {
    name: 'model-offer',
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [starter]),
    act: (page) => page.getByRole('button', { name: 'Download it' }).waitFor(),
  },
  {
    name: 'model-comes',
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [starter], (_name, signal) => comes(1.9 * GB, 4.9 * GB, signal)),
    act: async (page) => {
      await page.getByRole('button', { name: 'Download it' }).click();
      await page.getByText(/1\.9 of 4\.9 GB.*left/).waitFor();
    },
  },
  {
    name: 'model-comes-not',
    seed: (store) => seedRecipes(store),
    model: (house) =>
      keep(house, [starter], async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        throw new Fault(
          'download-failed',
          'The model library refuses it; what was fetched so far is kept, so check its name and try again.',
          {
            detail: 'pull model manifest: 403: forbidden',
          },
        );
      }),
    act: async (page) => {
      await page.getByRole('button', { name: 'Download it' }).click();
      await page.getByText('could not be fetched').waitFor();
    },
  },
  {
    name: 'model-ready',
    seed: (store) => seedRecipes(store),
    model: (house) => {
      const models = [starter];
      keep(house, models, async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        models.push(r1);
        yield { status: 'success', doneBytes: 4.9 * GB, totalBytes: 4.9 * GB };
      });
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Download it' }).click();
      await page.getByRole('button', { name: 'Go on with it' }).waitFor();
    },
  },
  {
    name: 'notice',
    also: ['narrow-dark', 'wide'],
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [starter], (_name, signal) => comes(1.9 * GB, 4.9 * GB, signal)),
    act: async (page) => {
      await page.getByRole('button', { name: 'Download it' }).click();
      await page.getByText(/1\.9 of 4\.9 GB.*left/).waitFor();
      await page.getByRole('button', { name: 'More for Gran’s recipe cards' }).last().click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      await seen(page, 'I am.');
    },
  },
  {
    name: 'settings-model-unreadable',
    seed: (store) => seedRecipes(store),
    model: (house) => {
      const broken = { ...starter, name: 'persona/mine:latest', label: 'Mine Q4_K_M', capabilities: [], converses: false, starter: false };
      keep(house, [r1, broken]);
      const message =
        'The file of the model is damaged or incomplete; what was written is kept, so fetch it again or choose another model.';
      const details = async () => {
        throw new Fault('model-loading-failed', message, { detail: 'failed to read tensor name: EOF' });
      };
      Object.assign(house.model.shelf ?? {}, { details });
    },
    act: async (page) => {
      await openSection(page);
      await page.getByRole('button', { name: 'Details of Mine' }).click();
      await page.getByText('own words').waitFor();
    },
  },
  {
    name: 'model-too-large',
    seed: (store) => seedRecipes(store),
    model: (house) => {
      const { loaded: _, ...cold } = r1;
      house.room.freeBytes = 5.2 * GIB;
      keep(house, [cold, starter]);
    },
    act: (page) => page.getByText('needs more memory than is free').waitFor(),
  },
  {
    name: 'model-menu',
    seed: (store) => seedRecipes(store),
    model: (house) => keep(house, [r1, starter]),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.locator('.strip-model').click();
      await page.getByRole('menuitemradio', { name: starter.label }).waitFor();
    },
  },
];
