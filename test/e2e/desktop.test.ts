/** @file The desktop program in a real Electron: one conversation in its window. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, openScreen, type Screen, startDesktop, whyNoDesktop } from '../kit/desktop.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { temporaryFolder } from '../kit/service.ts';

if (whyNoDesktop) console.warn(`SKIPPED: desktop window: ${whyNoDesktop}`);

const folder = temporaryFolder('desktop');
let screen: Screen;
let ollama: ScriptedOllama;
let desktop: Desktop;

const start = () => startDesktop({ screen, dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url } });
const stopButton = () => desktop.page.getByRole('button', { name: 'Stop' });
const inLog = (words: string) => desktop.page.getByRole('log').getByText(words);
const conversation = () => desktop.page.getByRole('log').innerText();

async function say(words: string): Promise<void> {
  const composer = desktop.page.getByRole('textbox', { name: /^Write to/ });
  await composer.fill(words);
  await composer.press('Enter');
}

/** As a page does it itself; resolves when the new document is there. */
async function reload(): Promise<void> {
  await desktop.page.evaluate(() => {
    Object.assign(window, { isOld: true });
    setTimeout(() => location.reload());
  });
  await desktop.page.waitForFunction(() => !('isOld' in window));
}

describe.skipIf(whyNoDesktop !== undefined)(`the desktop window${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`, () => {
  beforeAll(async () => {
    screen = await openScreen();
    ollama = await createScriptedOllama({ pace: { firstTokenMs: 50, tokenMs: 20 } });
    desktop = await start();
  });
  afterAll(async () => {
    await desktop?.app.close();
    await ollama?.close();
    screen?.close();
    folder.remove();
  });

  it('[K10] streams a reply to what was typed', async () => {
    await say('Tell me a story');
    await inLog('There was a lighthouse keeper').waitFor();
    expect(await conversation()).not.toContain('turned up the lamp.');
    await inLog('turned up the lamp.').waitFor();
  });

  it('[K10] stops a reply, and the request to the model with it', async () => {
    ollama.setPace({ tokenMs: 300 });
    await say('Give me a list');
    await stopButton().click();
    await stopButton().waitFor({ state: 'detached' });
    await ollama.waitFor((record) => record.path === '/api/chat' && record.closedByClientAt !== undefined);
    ollama.setPace({ tokenMs: 20 });
  });

  it('[K9] shows the same conversation after the page was loaded again', async () => {
    const before = await conversation();
    expect(before).toContain('turned up the lamp.');
    await reload();
    await inLog('turned up the lamp.').waitFor();
    await expect.poll(conversation).toBe(before);
  });

  it('[K9] goes on with a reply over a reload in its middle, without a gap or a double', async () => {
    ollama.setPace({ tokenMs: 60 });
    await say('Compare tea with coffee in a table');
    await inLog('Side by side, then:').waitFor();
    await reload();
    await inLog('I would look outside first.').waitFor();
    expect((await conversation()).split('Side by side, then:')).toHaveLength(2);
    expect(await desktop.page.getByRole('cell', { name: 'deadlines' }).count()).toBe(1);
    ollama.setPace({ tokenMs: 20 });
  });

  it('[K10] [K11] is there again after a restart, in the same place', async () => {
    const bounds = { x: 60, y: 40, width: 840, height: 660 };
    await desktop.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds);
    await desktop.app.close();
    desktop = await start();
    await inLog('I would look outside first.').waitFor();
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(bounds);
  });

  it('[K16] leaves files that only their owner can read', () => {
    const entries = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() || entry.isDirectory(),
    );
    const open = entries.filter((entry) => (statSync(join(entry.parentPath, entry.name)).mode & 0o077) !== 0);
    expect(entries.length).toBeGreaterThan(10);
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});
