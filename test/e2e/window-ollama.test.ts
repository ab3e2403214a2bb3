/** @file Ollama itself in the window: installed with one button, paused, called off, tried again, started and stopped, its log, its models. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/shared/faults.ts';
import type { RuntimeInstall, RuntimeStatus } from '../../src/shared/runtime.ts';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';

const offer: RuntimeInstall['offer'] = {
  version: '0.32.15',
  file: 'ollama-linux-amd64.tar.zst',
  address: 'https://github.com/ollama/ollama/releases/download/v0.32.15/ollama-linux-amd64.tar.zst',
  unpackedBytes: 500_000_000,
  hash: { from: 'release', words: 'This program knows no SHA-256 of it.' },
  folder: '~/ollama',
  graphics: ['cuda', 'rocm'],
  model: { label: 'The large one', bytes: 4_900_000_000, licence: 'A licence of its own' },
};
const install = (state: RuntimeInstall['state'], more: Partial<RuntimeInstall> = {}): RuntimeStatus => ({
  install: { state, reason: 'Because.', offer, ...more },
});
const progress = { doneBytes: 300, totalBytes: 1_000 };
const running: RuntimeStatus = {
  install: { state: 'installed', reason: 'Ollama 0.32.15 was installed by this program.', offer, graphics: [] },
  server: { state: 'ready', reason: 'It answers.', version: '0.32.15', address: 'http://127.0.0.1:43121' },
  models: { folder: '~/models', shared: false, theirs: { folder: '~/.ollama/models', models: 3 } },
};

describe.skipIf(!chromiumPath)(`Ollama in the window${unlessChromium}`, () => {
  let pages: Pages;
  let opened: Opened | undefined;
  beforeAll(async () => {
    pages = await openPages();
  }, 60_000);
  afterAll(() => pages.close());

  /** The first minutes: nobody answers, and nothing was ever said. */
  const atFirst = async (status: RuntimeStatus): Promise<Opened> => {
    await opened?.close();
    opened = await pages.open({
      prepare({ model, runtime }) {
        model.setStatus({ state: 'absent', engine: 'none', label: '', model: '', reason: 'No engine is here.' });
        runtime.become(status);
      },
    });
    return opened;
  };
  const press = ({ page }: Opened, name: string) => page.getByRole('button', { name, exact: true }).click();

  it('[W90] everything worth knowing stands there before one button installs it, and the model after it', async () => {
    const at = await atFirst(install('offered'));
    const words = at.page.getByRole('main');
    for (const said of [
      'github.com',
      'ollama-linux-amd64.tar.zst',
      '~/ollama',
      'This program knows no SHA-256',
      'Licences: Ollama (MIT)',
      'A licence of its own',
    ])
      await expect.poll(() => words.textContent()).toContain(said);
    await press(at, 'Ask how large it is');
    await press(at, 'Install Ollama 0.32.15');
    await expect.poll(() => at.house.runtime.asked).toEqual(['look up', 'install and the model']);
    expect(at.problems).toEqual([]);
  });

  it('[W90] the model and the parts for graphics cards are chosen before', async () => {
    const at = await atFirst(install('offered'));
    await at.page.getByRole('checkbox', { name: /Then get the model/ }).uncheck();
    await at.page.getByText(/Graphics cards/).click();
    await at.page.getByRole('checkbox', { name: /NVIDIA/ }).check();
    await press(at, 'Install Ollama 0.32.15');
    await expect.poll(() => at.house.runtime.asked).toEqual(['install cuda']);
  });

  it('[W90] a model whose licence is not known does not follow by itself', async () => {
    const { model: _, ...rest } = offer ?? {};
    const at = await atFirst(install('offered', { offer: { ...rest, model: { label: 'qwen3 8b' } } as typeof offer }));
    await at.page.getByText('Its licence is not known here').waitFor();
    await press(at, 'Install Ollama 0.32.15');
    await expect.poll(() => at.house.runtime.asked).toEqual(['install']);
  });

  it('[W90] models that an Ollama of the person’s left are named, and none is fetched beside them unasked', async () => {
    const theirModels = { folder: '~/.ollama/models', models: 3 };
    const at = await atFirst(install('offered', { offer: { ...offer, theirModels } as typeof offer }));
    await at.page.getByText('~/.ollama/models holds 3 models of an Ollama of yours').waitFor();
    await press(at, 'Install Ollama 0.32.15');
    await expect.poll(() => at.house.runtime.asked).toEqual(['install']);
  });

  it('[W90] where the release has no such parts for the machine, nothing is said of them', async () => {
    const at = await atFirst(install('offered', { offer: { ...offer, graphics: [] } as typeof offer }));
    await at.page.getByRole('button', { name: 'Install Ollama 0.32.15' }).waitFor();
    expect(await at.page.getByText(/Graphics cards/).count()).toBe(0);
  });

  it('[W91] on its way it can be paused, gone on with and called off; a failure says why and is tried again', async () => {
    const at = await atFirst(install('downloading', { progress }));
    await expect.poll(() => at.page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('30');
    await press(at, 'Pause');
    at.house.runtime.become(install('paused', { progress }));
    await press(at, 'Go on');
    await press(at, 'Cancel');
    const fault = new Fault('download-failed', 'It broke off; what came is kept.', { detail: 'ECONNRESET' }).toWire();
    at.house.runtime.become(install('failed', { progress, fault, reason: fault.message }));
    await at.page.getByText('It broke off; what came is kept.').waitFor();
    await press(at, 'Details');
    await at.page.getByText('ECONNRESET').waitFor();
    await press(at, 'Try again');
    await press(at, 'Remove what came');
    await expect.poll(() => at.house.runtime.asked).toEqual(['pause', 'install', 'cancel', 'install', 'cancel']);
  });

  it('[W97] an engine that is not part of the program leads to Ollama, before the first conversation and above the writing box', async () => {
    const fault = new Fault('engine-missing', 'This copy carries no engine; nothing was lost.').toWire();
    await opened?.close();
    opened = await pages.open({
      prepare({ model, runtime }) {
        model.setStatus({ state: 'failed', engine: 'embedded', label: '', model: '', reason: fault.message, fault });
        runtime.become(install('offered'));
      },
    });
    const { page, house } = opened;
    await page.getByRole('button', { name: 'Install Ollama 0.32.15' }).waitFor();
    house.model.setStatus({ state: 'ready', engine: 'embedded', starter: true, label: 'SmolLM2 135M', reason: 'Ready.' });
    await page.locator('.composer textarea').fill('Hello');
    await page.keyboard.press('Enter');
    await page.locator('.log').getByText('Hello').first().waitFor();
    await press(opened, 'Not now');
    house.model.setStatus({ state: 'failed', engine: 'embedded', label: '', model: '', reason: fault.message, fault });
    await page.getByText('needs Ollama to answer').waitFor();
    // One thing is wrong, so one thing is said, with its reason and both ways out.
    await page.getByText('This copy carries no engine; nothing was lost.').waitFor();
    expect(await page.locator('.banner').count()).toBe(1);
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await press(opened, 'Look at it');
    await page.getByRole('button', { name: 'Install Ollama 0.32.15' }).waitFor();
    expect(opened.problems).toEqual([]);
  });

  it('[W92] in the settings it is stopped and started, shares the person’s models and shows its log; one that gave up says so', async () => {
    const at = await atFirst(running);
    at.house.model.setStatus({ state: 'ready', engine: 'ollama', choice: { because: 'Because it was fetched.' } });
    await at.page.locator('.composer').waitFor();
    await at.page.keyboard.press('Control+,');
    await press(at, 'Model');
    await at.page.getByText('Because it was fetched.').waitFor();
    await press(at, 'Stop');
    at.house.runtime.become({ ...running, server: { state: 'failed', reason: 'It was started 5 times.' } });
    await at.page.getByText('Gave up').waitFor();
    await press(at, 'Start again');
    await at.page.getByText('Graphics cards: what fits all of them is here').click();
    await at.page.getByRole('checkbox', { name: /NVIDIA/ }).check();
    await press(at, 'Install Ollama with this choice');
    await at.page.getByRole('switch', { name: /Share the models/ }).click();
    await press(at, 'Show its log');
    await at.page.getByText('Listening on 127.0.0.1:40001').waitFor();
    await expect.poll(() => at.house.runtime.asked).toEqual(['stop server', 'start server', 'install cuda', 'share']);
    expect(at.problems).toEqual([]);
    await at.close();
  });
});
