/** @file A companion that is being written, in a real Electron: nobody leaves it behind unasked, and a signal asks nobody. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Desktop, openScreen, type Screen, startDesktop, whyNoDesktop } from '../kit/desktop.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { temporaryFolder } from '../kit/service.ts';

if (whyNoDesktop) console.warn(`SKIPPED: unsaved changes in the desktop window: ${whyNoDesktop}`);

const WAIT = { interval: 20, timeout: 20_000 };
const LEAVE = 0;
const STAY = 1;

let screen: Screen;
let ollama: ScriptedOllama;
let folder: ReturnType<typeof temporaryFolder>;
let desktop: Desktop;

/** Answers the system's question in the person's place, and writes down what was asked. */
const answerWith = (answer: number) =>
  desktop.app.evaluate(({ dialog }, chosen) => {
    const asked = (Reflect.get(globalThis, 'asked') as string[] | undefined) ?? [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBoxSync = ((_window: unknown, { message }: { message: string }) => {
      asked.push(message);
      return chosen;
    }) as typeof dialog.showMessageBoxSync;
  }, answer);
const asked = () => desktop.app.evaluate(() => ((Reflect.get(globalThis, 'asked') as string[] | undefined) ?? []).length);
const close = () => desktop.app.evaluate(({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close()));
/** As the menu does it, whether by a click or by its keys. */
const quit = () =>
  desktop.app.evaluate(({ Menu }) => {
    const item = Menu.getApplicationMenu()
      ?.items.flatMap(({ submenu }) => submenu?.items ?? [])
      .find(({ accelerator }) => accelerator === 'CommandOrControl+Q');
    setTimeout(() => item?.click());
  });
const reload = () => desktop.app.evaluate(({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.reload()));
const description = () => desktop.page.getByLabel('Description', { exact: true });

const title = `unsaved changes in the desktop window${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`;
describe.skipIf(whyNoDesktop !== undefined)(title, () => {
  beforeAll(async () => {
    screen = await openScreen();
    ollama = await createScriptedOllama();
  });
  afterAll(async () => {
    await ollama?.close();
    screen?.close();
  });
  beforeEach(async () => {
    folder = temporaryFolder('desktop-unsaved');
    desktop = await startDesktop({ screen, dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url } });
    const { page } = desktop;
    await page.locator('.composer textarea').waitFor();
    await page.locator('.sidebar .page-link', { hasText: 'Companions' }).click();
    await page.getByRole('button', { name: 'Write one' }).click();
    await description().fill('Somebody who is not kept yet.');
  }, 60_000);
  afterEach(async () => {
    if (desktop.process.exitCode === null) await desktop.app.close();
    folder.remove();
  });

  it.each([
    ['the window is closed', close],
    ['Quit is chosen', quit],
  ])('[K19] are asked for where %s: going on writing keeps everything, leaving ends the program with 0', async (_how, leave) => {
    await answerWith(STAY);
    await leave();
    await expect.poll(asked, WAIT).toBe(1);
    expect(await description().inputValue()).toBe('Somebody who is not kept yet.');
    await description().fill('And more of it.');
    await answerWith(LEAVE);
    const ended = once(desktop.process, 'exit');
    await leave();
    await ended;
    expect(desktop.process.exitCode).toBe(0);
  });

  it('[K19] are asked for before the page is loaded again, and nobody is asked once they are gone', async () => {
    await answerWith(STAY);
    await reload();
    await expect.poll(asked, WAIT).toBe(1);
    expect(await description().inputValue()).toBe('Somebody who is not kept yet.');
    await answerWith(LEAVE);
    await reload();
    await desktop.page.locator('.composer textarea').waitFor();
    expect(await asked()).toBe(2);
    const ended = once(desktop.process, 'exit');
    await close();
    await ended;
    expect(desktop.process.exitCode).toBe(0);
  });

  it('[K19] do not hold up a signal', async () => {
    await answerWith(STAY);
    const ended = once(desktop.process, 'exit');
    desktop.process.kill('SIGTERM');
    await ended;
    expect(desktop.process.exitCode).toBe(0);
  });
});
