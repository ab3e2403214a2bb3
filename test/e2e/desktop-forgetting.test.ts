/** @file What a person writes in the desktop window, and what its own Chromium keeps of it in the data folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, openScreen, type Screen, startDesktop, whyNoDesktop } from '../kit/desktop.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { temporaryFolder } from '../kit/service.ts';

if (whyNoDesktop) console.warn(`SKIPPED: what the desktop window keeps: ${whyNoDesktop}`);
const title = `what the desktop window keeps${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`;
const SECRET = 'Nora hid the telescope behind the boiler.';
const UNSENT = 'And she never told anybody about it.';
/** Chromium writes what a page stores within five seconds or so. */
const CHROMIUM_WRITES_MS = 12_000;

describe.skipIf(whyNoDesktop !== undefined)(title, () => {
  let screen: Screen;
  let ollama: ScriptedOllama;
  let desktop: Desktop | undefined;
  const folder = temporaryFolder('desktop-forgetting');
  const dataFolder = join(folder.path, 'data');
  beforeAll(async () => {
    screen = await openScreen();
    ollama = await createScriptedOllama({ reply: () => ({ text: 'I see.' }) });
  });
  afterAll(async () => {
    await desktop?.app.close();
    await ollama?.close();
    screen?.close();
    folder.remove();
  });

  /** Files that hold the words as bytes or, as Chromium writes them, in two bytes a letter. */
  function holding(words: string): string[] {
    const forms = [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')];
    const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    return paths.filter((path) => forms.some((form) => readFileSync(path).includes(form))).map((path) => path.slice(dataFolder.length + 1));
  }

  it('[ME39] nothing that was written lies in the window’s own files, sent or not; what is unfinished outlives a reload', {
    timeout: 120_000,
  }, async () => {
    desktop = await startDesktop({ screen, dataFolder, environment: { OLLAMA_BASE_URL: ollama.url } });
    const { page, app } = desktop;
    const box = page.locator('.composer textarea');
    await box.fill(SECRET);
    await page.waitForTimeout(CHROMIUM_WRITES_MS);
    await page.keyboard.press('Enter');
    await page.locator('.turn.reply').last().getByRole('button', { name: 'Copy' }).waitFor();
    await box.fill(UNSENT);
    await app.evaluate(({ session }) => session.defaultSession.flushStorageData());
    // Both are on the disk by now, had Chromium been told to keep them: it writes within five seconds.
    await expect.poll(() => page.evaluate(() => JSON.stringify(history.state))).toContain(UNSENT);
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe(UNSENT);
    await page.waitForTimeout(CHROMIUM_WRITES_MS);
    expect(holding(SECRET)).not.toEqual([]);
    expect(holding(SECRET).filter((path) => path.startsWith('window'))).toEqual([]);
    expect(holding(UNSENT)).toEqual([]);
  });
});
