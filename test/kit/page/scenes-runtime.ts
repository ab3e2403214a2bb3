/** @file Scenes of Ollama itself: offered, on its way, held, failed, running, given up; in the first minutes, in the settings, above the box. */
import type { Page } from 'playwright';
import { Fault } from '../../../src/shared/faults.ts';
import type { RuntimeInstall, RuntimeStatus } from '../../../src/shared/runtime.ts';
import type { PageHouse } from './page-house.ts';
import { type Scene, seedRecipes, seen } from './scene.ts';

const offer: RuntimeInstall['offer'] = {
  version: '0.32.15',
  file: 'ollama-linux-amd64.tar.zst',
  address: 'https://github.com/ollama/ollama/releases/download/v0.32.15/ollama-linux-amd64.tar.zst',
  bytes: 1_422_416_084,
  unpackedBytes: 500_000_000,
  hash: { from: 'pinned', words: 'Its SHA-256 came with this program, and every byte is compared with it.' },
  folder: '~/.local/share/persona-engine/ollama',
  graphics: ['cuda', 'rocm'],
  model: {
    label: 'DeepSeek R1 Distill Llama 8B Abliterated',
    bytes: 4_920_734_272,
    licence: 'MIT (DeepSeek), and for the Llama 3.1 model below it the Llama 3.1 Community License',
  },
};
const whole = 1_422_416_084;
const reason = 'Ollama is not installed yet. It runs language models on this computer.';
const offered: RuntimeStatus = { install: { state: 'offered', reason, offer } };
const coming: RuntimeStatus = {
  install: {
    state: 'downloading',
    reason: 'Ollama is being downloaded.',
    offer,
    progress: { doneBytes: 896_000_000, totalBytes: whole, bytesPerSecond: 8_400_000, secondsLeft: 63 },
  },
};
const paused: RuntimeStatus = {
  install: {
    state: 'paused',
    reason: 'Paused; what has come is kept, also when the program or the computer is switched off.',
    offer,
    progress: { doneBytes: 896_000_000, totalBytes: whole },
  },
};
const cut = new Fault(
  'download-failed',
  'The download of Ollama broke off; what has come is kept, and it goes on from there when you try again.',
  {
    detail: 'other side closed UND_ERR_SOCKET',
  },
).toWire();
const failed: RuntimeStatus = {
  install: { state: 'failed', reason: cut.message, fault: cut, offer, progress: { doneBytes: 896_000_000, totalBytes: whole } },
};
const installed: RuntimeInstall = { state: 'installed', reason: 'Ollama 0.32.15 was installed by this program.', offer, graphics: [] };
const models = {
  folder: '~/.local/share/persona-engine/model-server/models',
  shared: false,
  theirs: { folder: '~/.ollama/models', models: 3 },
};
const running: RuntimeStatus = {
  install: installed,
  server: { state: 'ready', reason: 'Our own Ollama 0.32.15 answers.', version: '0.32.15', address: 'http://127.0.0.1:43121' },
  models,
};
const gaveUp: RuntimeStatus = {
  install: installed,
  server: {
    state: 'failed',
    reason:
      'Our own Ollama was started 5 times within 10 minutes and did not stay: it ended with status 1 and said "Error: could not create a key". Everything written is kept; try again, or look at its log.',
  },
  models,
};
const needsOne = new Fault(
  'engine-missing',
  'The built-in engine is not part of this program, and no Ollama is on this computer; nothing was lost, so install Ollama.',
).toWire();

const none = ({ model, runtime }: PageHouse, status: RuntimeStatus) => {
  model.setStatus({ state: 'absent', engine: 'none', label: '', model: '', reason: 'No engine is here.', fault: needsOne });
  runtime.become(status);
};
const starter = ({ model, runtime }: PageHouse, status: RuntimeStatus) => {
  model.setStatus({
    state: 'ready',
    engine: 'embedded',
    starter: true,
    label: 'SmolLM2 135M Q4_1',
    reason: 'Ready.',
    choice: { because: 'The built-in engine is used, for no Ollama answers on this machine.' },
  });
  runtime.become(status);
};
const own = ({ model, runtime }: PageHouse, status: RuntimeStatus) => {
  model.setStatus({
    state: status.server?.state === 'failed' ? 'failed' : 'ready',
    engine: 'ollama',
    label: 'DeepSeek R1 8B Q4_K_M',
    reason: status.server?.reason ?? '',
    choice: { because: 'Our own Ollama runs the binary fetched by this program.' },
  });
  runtime.become(status);
};
const settings = async (page: Page) => {
  await page.keyboard.press('Control+,');
  await page.getByRole('button', { name: 'Model', exact: true }).click();
  const heading = page.getByRole('heading', { name: 'Engine' });
  await heading.evaluate((node) => node.scrollIntoView());
};

export const runtimeScenes: readonly Scene[] = [
  {
    name: 'first-run-ollama',
    also: ['narrow-dark'],
    model: (house) => none(house, offered),
    act: (page) => page.getByRole('button', { name: 'Install Ollama 0.32.15' }).waitFor(),
  },
  {
    name: 'first-run-ollama-open',
    model: (house) =>
      none(house, {
        install: {
          ...offered.install,
          offer: {
            ...offer,
            bytes: undefined,
            hash: {
              from: 'release',
              words: 'This program knows no SHA-256 of it. The release’s own list is used, which comes from the same place as the file.',
            },
          },
        },
      } as RuntimeStatus),
    act: async (page) => {
      for (const words of [/Licences/, /Graphics cards/]) await page.getByText(words).click();
      await page.getByText('AMD (ROCm)').waitFor();
    },
  },
  { name: 'first-run-ollama-coming', model: (house) => none(house, coming), act: (page) => page.getByText('62 %').waitFor() },
  { name: 'first-run-ollama-paused', model: (house) => none(house, paused), act: (page) => page.getByText('Go on').waitFor() },
  {
    name: 'first-run-ollama-failed',
    model: (house) => none(house, failed),
    act: async (page) => {
      await page.getByRole('button', { name: 'Details' }).click();
      await page.locator('.raw-words').waitFor();
    },
  },
  {
    name: 'first-run-ollama-starting',
    model: (house) => {
      none(house, running);
      house.model.setStatus({ state: 'starting', engine: 'ollama', reason: 'Our own Ollama is being started.', fault: undefined });
    },
    act: (page) => page.getByText('Our own Ollama is being started').waitFor(),
  },
  { name: 'settings-engine-offer', seed: (store) => void seedRecipes(store), model: (house) => starter(house, offered), act: settings },
  { name: 'settings-engine-coming', seed: (store) => void seedRecipes(store), model: (house) => starter(house, coming), act: settings },
  { name: 'settings-engine-failed', seed: (store) => void seedRecipes(store), model: (house) => starter(house, failed), act: settings },
  {
    name: 'settings-engine-running',
    also: ['large-text'],
    seed: (store) => void seedRecipes(store),
    model: (house) => own(house, running),
    act: async (page) => {
      await settings(page);
      await page.getByRole('button', { name: 'Show its log' }).click();
      await page.getByText('Listening on').waitFor();
    },
  },
  {
    name: 'settings-engine-graphics',
    seed: (store) => void seedRecipes(store),
    model: (house) => own(house, running),
    act: async (page) => {
      await settings(page);
      await page.getByText('Graphics cards: what fits all of them is here').click();
      await page.getByRole('checkbox', { name: 'NVIDIA (CUDA)' }).check();
    },
  },
  { name: 'settings-engine-gave-up', seed: (store) => void seedRecipes(store), model: (house) => own(house, gaveUp), act: settings },
  {
    name: 'ollama-offered',
    seed: (store) => void seedRecipes(store),
    model: (house) => starter(house, offered),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.getByText('speaks with a small starter model').waitFor();
    },
  },
  {
    name: 'ollama-needed',
    seed: (store) => void seedRecipes(store),
    model: (house) => {
      house.model.setStatus({ state: 'failed', engine: 'embedded', label: '', model: '', reason: needsOne.message, fault: needsOne });
      house.runtime.become(offered);
    },
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.getByText('needs Ollama to answer').waitFor();
    },
  },
  {
    name: 'ollama-coming',
    seed: (store) => void seedRecipes(store),
    model: (house) => starter(house, coming),
    act: async (page) => {
      await seen(page, 'Stained cards first');
      await page.getByText('Getting Ollama').waitFor();
    },
  },
];
