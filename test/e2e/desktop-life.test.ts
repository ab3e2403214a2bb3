/** @file How the desktop program begins and ends in a real Electron: well, twice, badly, and in the middle of a reply. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Desktop,
  desktopLog,
  logged,
  openScreen,
  type Screen,
  spawnDesktop,
  startDesktop,
  whyNoDesktop,
  whyNoTrace,
} from '../kit/desktop.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { temporaryFolder } from '../kit/service.ts';

if (whyNoDesktop) console.warn(`SKIPPED: beginning and end of the desktop program: ${whyNoDesktop}`);

/** wire.md: from a signal to the end of the process. */
const STOP_MS = 5_000;

/** How long the program is watched at rest: Chromium runs its first errands within seconds of its start. */
const WATCHED_MS = 8_000;
const noTrace = whyNoTrace ? ` (skipped: ${whyNoTrace})` : '';

let screen: Screen;
let ollama: ScriptedOllama;
let folder: ReturnType<typeof temporaryFolder>;
let dataFolder: string;
const running: Desktop[] = [];

async function start(environment: Record<string, string> = {}): Promise<Desktop> {
  const desktop = await startDesktop({ screen, dataFolder, environment: { OLLAMA_BASE_URL: ollama.url, ...environment } });
  running.push(desktop);
  return desktop;
}

/** Closes the window as a person does; resolves with the exit code. */
async function closeWindow({ app, process }: Desktop): Promise<number | null> {
  const ended = once(process, 'exit');
  await app.evaluate(({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close()));
  await ended;
  return process.exitCode;
}

const textOf = ({ app }: Desktop): Promise<string> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText') ?? '');

const title = `the life of the desktop program${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`;
describe.skipIf(whyNoDesktop !== undefined)(title, () => {
  beforeAll(async () => {
    screen = await openScreen();
    ollama = await createScriptedOllama({ pace: { firstTokenMs: 20, tokenMs: 20 } });
  });
  afterAll(async () => {
    await ollama?.close();
    screen?.close();
  });
  beforeEach(() => {
    folder = temporaryFolder('desktop-life');
    dataFolder = join(folder.path, 'data');
  });
  afterEach(async () => {
    for (const { app, process } of running.splice(0)) if (process.exitCode === null) await app.close();
    folder.remove();
  });

  it.each([
    ['2', 'a wrong setting', { NUM_CTX: 'many' }, 'NUM_CTX is "many"'],
    ['3', 'a data folder that is a file', { PERSONA_DATA_DIR: 'FILE' }, 'file'],
  ])('[K12] ends with %s for %s, and says so in the window', async (code, _what, environment, words) => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const named = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value === 'FILE' ? file : value]));
    const desktop = await start(named);
    expect(desktop.page.url()).toBe('app://companion/problem.html');
    const text = await desktop.page.getByRole('alert').innerText();
    expect(text).toContain('could not start');
    expect(text).toContain(words);
    expect(await desktop.page.evaluate(() => getComputedStyle(document.body).display)).toBe('grid');
    expect(String(await closeWindow(desktop))).toBe(code);
  });

  it('[K12] says so when something inside breaks, stops the engine, and ends with 1', async () => {
    const desktop = await start();
    await desktop.app.evaluate(() => {
      setTimeout(() => {
        throw new Error('a bug');
      });
    });
    await desktop.page.waitForURL('app://companion/problem.html');
    expect(await desktop.page.getByRole('alert').innerText()).toContain('every message is kept');
    expect(logged(dataFolder, 'broken-inside')).toBe(1);
    expect(await closeWindow(desktop)).toBe(1);
  });

  it('[K13] brings the first window to the front when it is started a second time', async () => {
    const { app } = await start();
    const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    await expect.poll(isVisible).toBe(true);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    expect(await isVisible()).toBe(false);
    const second = spawnDesktop({ screen, dataFolder, environment: { OLLAMA_BASE_URL: ollama.url } });
    expect((await second.ended).code).toBe(0);
    await expect.poll(isVisible).toBe(true);
    expect(logged(dataFolder, 'second-start')).toBe(1);
  });

  it('[K14] ends with 0 on SIGTERM and keeps what was written of a reply', async () => {
    ollama.setPace({ tokenMs: 100 });
    const first = await start();
    const composer = first.page.getByRole('textbox', { name: /^Write to/ });
    await composer.fill('Tell me a story');
    await composer.press('Enter');
    await first.page.getByRole('log').getByText('lighthouse keeper').waitFor();
    const { process } = first;
    const begun = performance.now();
    const ended = once(process, 'exit');
    process.kill('SIGTERM');
    await ended;
    expect(process.exitCode).toBe(0);
    expect(performance.now() - begun).toBeLessThan(STOP_MS);

    ollama.setPace({ tokenMs: 0 });
    const second = await start();
    await second.page.getByRole('log').getByText('lighthouse keeper').waitFor();
  });

  it('[K14] [K11] ends with 0 when its window is closed, and knows where it was', async () => {
    const desktop = await start();
    const bounds = { x: 60, y: 40, width: 840, height: 660 };
    await desktop.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds);
    const begun = performance.now();
    expect(await closeWindow(desktop)).toBe(0);
    expect(performance.now() - begun).toBeLessThan(STOP_MS);
    expect(JSON.parse(readFileSync(join(dataFolder, 'window', 'place.json'), 'utf8'))).toEqual({ ...bounds, maximized: false });
  });

  it.skipIf(whyNoTrace !== undefined)(`[K17] connects to its model server and to nothing else${noTrace}`, async () => {
    const trace = join(folder.path, 'trace');
    const under = ['strace', '-D', '-f', '-qq', '-e', 'trace=connect,sendto,sendmsg', '-o', trace];
    const { child, ended } = spawnDesktop({ screen, dataFolder, environment: { OLLAMA_BASE_URL: ollama.url } }, under);
    const ready = () => desktopLog(dataFolder).some(({ event, state }) => event === 'model-status' && state === 'ready');
    await expect.poll(ready, { timeout: 30_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    const calls = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes('sa_family=AF_INET'));
    const elsewhere = calls.filter((line) => !line.includes(`htons(${ollama.port}), sin_addr=inet_addr("127.0.0.1")`));
    console.info(`connections: ${calls.length} to the model server, ${elsewhere.length} elsewhere, in ${WATCHED_MS / 1000} s`);
    expect(calls.length).toBeGreaterThan(0);
    expect(elsewhere).toEqual([]);
  });

  it('[K15] draws a page again whose process ended, and gives up when it ends once more', async () => {
    const desktop = await start();
    const { app } = desktop;
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.on('did-finish-load', () => Object.assign(globalThis, { loads: loads() + 1 }));
      const loads = () => Number(Reflect.get(globalThis, 'loads') ?? 0);
    });
    const loads = () => app.evaluate(() => Number(Reflect.get(globalThis, 'loads') ?? 0));
    const crash = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    await crash();
    await expect.poll(loads, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => textOf(desktop)).toContain('Sarah');
    await crash();
    await expect.poll(loads, { timeout: 10_000 }).toBe(2);
    expect(await textOf(desktop)).toContain('every message is kept');
    expect(logged(dataFolder, 'window-process-gone')).toBe(2);
    expect(await closeWindow(desktop)).toBe(1);
  });
});
