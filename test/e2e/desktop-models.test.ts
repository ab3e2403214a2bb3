/** @file A model file of the person's in a real Electron: chosen in the system's dialog, or dropped on the window, and laid into our own Ollama. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, openScreen, type Screen, startDesktop, whyNoDesktop } from '../kit/desktop.ts';
import { gguf } from '../kit/ollama/gguf.ts';
import { createRegistry, layerBytes, type ScriptedRegistry } from '../kit/ollama/registry.ts';
import { familyOf, type OwnHouse, ownHouse, WAIT } from '../kit/own-ollama.ts';

if (whyNoDesktop) console.warn(`SKIPPED: model files in the desktop window: ${whyNoDesktop}`);

let house: OwnHouse;
let screen: Screen;
let desktop: Desktop;
let registry: ScriptedRegistry;

const MB = 1_000_000;

/** Answers the dialog in the person's place, and writes down what it was asked with. */
const answerDialog = (path: string | undefined) =>
  desktop.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = (async (...asked: unknown[]) => {
      Object.assign(globalThis, { askedWith: asked.at(-1) });
      return chosen === null ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [chosen] };
    }) as typeof dialog.showOpenDialog;
  }, path ?? null);
const askedWith = () => desktop.app.evaluate(() => (globalThis as { askedWith?: { filters?: { extensions: string[] }[] } }).askedWith);
const add = () => desktop.page.getByRole('button', { name: 'Add a GGUF file' }).click();
const listed = () => desktop.page.locator('.model-list').textContent();

const title = `a model file in the desktop window${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`;
describe.skipIf(whyNoDesktop !== undefined || process.platform !== 'linux')(title, () => {
  beforeAll(async () => {
    house = ownHouse('desktop-models', '--store-tries', '1', '--as-version', '0.33.0');
    screen = await openScreen();
    desktop = await startDesktop({ screen, dataFolder: house.dataFolder, environment: house.environment });
    await desktop.page.locator('.composer textarea').waitFor();
    await desktop.page.keyboard.press('Control+,');
    await desktop.page.locator('.settings-nav').getByText('Model').click();
    await desktop.page.locator('.model-list').waitFor();
  }, 90_000);
  afterAll(async () => {
    await desktop?.app.close();
    await registry?.close();
    screen?.close();
    house?.remove();
  });

  it('[MD20] is chosen in the dialog, and one that is closed adds nothing', async () => {
    const path = join(house.dataFolder, 'Chosen-Model.gguf');
    writeFileSync(path, gguf());
    await answerDialog(undefined);
    await add();
    await expect.poll(askedWith, WAIT).toMatchObject({ filters: [{ extensions: ['gguf'] }, { extensions: ['*'] }] });
    expect(await listed()).not.toContain('chosen-model');
    await answerDialog(path);
    await add();
    await expect.poll(listed, WAIT).toContain('chosen-model');
  });

  it('[MD20] what is no model is said in the view', async () => {
    const path = join(house.dataFolder, 'letter.gguf');
    writeFileSync(path, 'Dear friend');
    await answerDialog(path);
    await add();
    await expect.poll(() => desktop.page.locator('.model-problem').textContent(), WAIT).toMatch(/GGUF/);
  });

  it('[MD20] one that is dropped on the window is added, and one that a script made up is not', async () => {
    const drop = (made: boolean) =>
      desktop.page.evaluate((isMade) => {
        const input = document.querySelector<HTMLInputElement>('#dropped');
        const file = isMade ? new File(['GGUF'], 'made-up.gguf') : input?.files?.[0];
        const data = new DataTransfer();
        if (file) data.items.add(file);
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }, made);
    const path = join(house.dataFolder, 'Dropped-Model.gguf');
    writeFileSync(path, gguf());
    await desktop.page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'dropped' })),
    );
    await desktop.page.locator('#dropped').setInputFiles(path);
    await drop(true);
    await drop(false);
    await expect.poll(listed, WAIT).toContain('dropped-model');
    expect(await listed()).not.toContain('made-up');
  });

  it('[MD19] a model is looked up in a library, fetched with speed and time left, held, gone on with, and is there', {
    timeout: 90_000,
  }, async () => {
    const content = layerBytes(20 * MB, 19);
    const license = { mediaType: 'application/vnd.ollama.image.license', content: Buffer.from('MIT License\n\nCopyright (c) somebody') };
    const layers = [{ mediaType: 'application/vnd.ollama.image.model', content }, license];
    registry = await createRegistry([{ name: 'far', layers }], { bytesPerSecond: 3 * MB, pieceBytes: 64 * 1024 });
    const { page } = desktop;
    await page.getByLabel('Name of a model to download').fill(registry.nameOf('far'));
    await page.keyboard.press('Enter');
    await page.getByText('20 MB to download').waitFor();
    await page.getByText('Licence: MIT').waitFor();
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const coming = page.locator('.model-row', { has: page.getByRole('progressbar') });
    await expect.poll(() => coming.textContent(), WAIT).toMatch(/of 20 MB, .*MB\/s, .*left/);
    await page.getByRole('button', { name: /^Pause far/ }).click();
    await page.getByRole('button', { name: /^Go on with far/ }).click();
    await expect.poll(listed, { ...WAIT, timeout: 60_000 }).toContain('far 1B');
    expect(registry.sent()).toBeLessThan(30 * MB);
  });

  it('[MD20] leaves no process of its own', async () => {
    await desktop.app.close();
    await expect.poll(() => familyOf(house.dataFolder), WAIT).toEqual([]);
  });
});
