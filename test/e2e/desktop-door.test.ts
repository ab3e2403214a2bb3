/** @file The door of the desktop program, from its window: shut at first, opened, talked through, shut with the program. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, desktopLog, openScreen, type Screen, startDesktop, whyNoDesktop } from '../kit/desktop.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { freePort } from '../kit/redis.ts';
import { temporaryFolder } from '../kit/service.ts';
import { ask } from '../kit/test-door.ts';

if (whyNoDesktop) console.warn(`SKIPPED: the door of the desktop program: ${whyNoDesktop}`);

const folder = temporaryFolder('desktop-door');
let screen: Screen;
let ollama: ScriptedOllama;
let desktop: Desktop;
let port = 0;

const hello = JSON.stringify({ model: 'default', messages: [{ role: 'user', content: 'A word of nobody’s business' }] });
const talk = () =>
  ask(port, { method: 'POST', path: '/v1/chat/completions', headers: { 'Content-Type': 'application/json' }, body: hello });

async function openSettings(): Promise<void> {
  await desktop.page.getByRole('button', { name: 'Settings' }).first().click();
  await desktop.page.getByRole('button', { name: 'Local API' }).click();
  await desktop.page.getByRole('switch', { name: 'Allow programs on this computer' }).waitFor();
}

describe.skipIf(whyNoDesktop !== undefined)(`the door of the desktop program${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`, () => {
  const start = () =>
    startDesktop({ screen, dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url, SERVICE_PORT: String(port) } });
  beforeAll(async () => {
    screen = await openScreen();
    ollama = await createScriptedOllama();
    port = await freePort();
    desktop = await start();
  });
  afterAll(async () => {
    await desktop?.app.close();
    await ollama?.close();
    screen?.close();
    folder.remove();
  });

  it('[K18] is shut until the person opens it, then lets programs in, and shows what they asked', async () => {
    await openSettings();
    await expect(ask(port)).rejects.toThrow();
    await desktop.page.getByRole('switch', { name: 'Allow programs on this computer' }).click();
    await desktop.page.getByText(`can come in at http://127.0.0.1:${port}.`).waitFor();
    expect((await talk()).status).toBe(200);
    expect((await ask(port, { headers: { Origin: 'http://evil.test' } })).status).toBe(403);
    expect((await ask(port, { path: '/' })).status).toBe(404);
    await desktop.page.getByText('A word of nobody’s business').waitFor();
    expect(JSON.stringify(desktopLog(folder.path))).not.toContain('nobody’s business');
  });

  it('[K18] is shut when the program ends, and open again with the next start', async () => {
    await desktop.app.close();
    await expect(ask(port)).rejects.toThrow();
    desktop = await start();
    await expect.poll(async () => (await talk().catch(() => undefined))?.status, { timeout: 20_000 }).toBe(200);
  });
});
