import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import { createDoorControl, type DoorControl } from '../../src/main/api/door-control.ts';
import { createTokenKeeper } from '../../src/main/api/token.ts';
import type { SettingsPort } from '../../src/main/engine/settings.ts';
import { createSessions } from '../../src/main/session/session.ts';
import { createFakeEngine } from '../kit/fake-engine.ts';
import { createFixedSettings } from '../kit/fixed-settings.ts';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import { silentLog } from '../kit/silent-log.ts';
import { ask, connectSocket } from '../kit/test-door.ts';

/** A second door as the desktop program has one, over an engine of its own: the page itself comes through another. */
function createOwnDoor(folder: string, settings: SettingsPort): DoorControl {
  const clock = createSystemClock();
  const wish = () => {
    const { on: open, port, requireToken, origins: allowedOrigins } = settings.now().api;
    return { open, port, requireToken, allowedOrigins };
  };
  const door = createDoorControl({
    fixed: { host: '127.0.0.1', allowedHosts: [], pingIntervalS: 30, pingTimeoutS: 10 },
    wish: wish(),
    heldOpenBy: undefined,
    isLoopback: true,
    token: createTokenKeeper({ configured: undefined, folder }),
    pageFolder: undefined,
    clock,
    log: silentLog,
  });
  settings.onChange(() => door.want(wish()));
  const engine = createFakeEngine();
  const openSession = createSessions({ engine, clock, log: silentLog, service: 's', version: '0', userId: 'default' });
  void door.begin({ engine, openSession, health: () => ({ status: 'healthy' }) as never });
  return door;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

const theSwitch = (page: Page) => page.getByRole('switch', { name: 'Allow programs on this computer' });

describe.skipIf(!chromiumPath)(`the settings of the door for other programs${unlessChromium}`, () => {
  let pages: Pages;
  let opened: Opened;
  let door: DoorControl;
  let folder = '';
  let port = 0;
  beforeAll(async () => {
    pages = await openPages();
  });
  afterAll(() => pages?.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'window-door-'));
    port = await freePort();
    const settings = createFixedSettings();
    settings.change({ api: { port } });
    door = createOwnDoor(folder, settings);
    opened = await pages.open({ house: { door, settings } });
    await opened.page.keyboard.press('Control+,');
    await opened.page.getByRole('button', { name: 'Local API' }).click();
    await theSwitch(opened.page).waitFor();
  });
  afterEach(async () => {
    await door.close();
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('[W71] open it, show who comes in and what was asked, and shut it', async () => {
    const { page } = opened;
    await page.getByText('No other program can come in.').waitFor();
    await theSwitch(page).click();
    await page.getByText(`Programs on this computer can come in at http://127.0.0.1:${port}.`).waitFor();
    await page.getByText('No program is connected.').waitFor();
    const client = await connectSocket(`http://127.0.0.1:${port}`, '/ws/chat', { headers: { 'User-Agent': 'tests/1' } });
    client.send({ message: 'Is the cake ready?' });
    await page.getByText('One program is connected.').waitFor();
    await page.getByText('Is the cake ready?').waitFor();
    await theSwitch(page).click();
    expect((await client.closed).code).toBe(1001);
    await page.getByText('No other program can come in.').waitFor();
    expect(await page.getByText('Is the cake ready?').count()).toBe(0);
    expect(opened.problems).toEqual([]);
  });

  it('[W71] say that the port is taken, and take another', async () => {
    const { page } = opened;
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve));
    await theSwitch(page).click();
    await page.getByRole('alert').getByText(`Another program uses port ${port}`).waitFor();
    const next = await freePort();
    await page.getByLabel('Port', { exact: true }).fill('not a port');
    await page.keyboard.press('Enter');
    await page.getByLabel('Port', { exact: true }).fill(String(next));
    await page.keyboard.press('Enter');
    await page.getByText(`can come in at http://127.0.0.1:${next}.`).waitFor();
    expect((await ask(next)).status).toBe(200);
    other.close();
  });

  it('[W75] say beside the conversation too that programs cannot come in, until they can', async () => {
    const { page } = opened;
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve));
    await theSwitch(page).click();
    await page.getByRole('alert').getByText(`Another program uses port ${port}`).waitFor();
    await page.reload();
    const banner = page.getByText('Other programs cannot come in');
    await banner.waitFor();
    await new Promise((resolve) => void other.close(resolve));
    await page.getByRole('button', { name: 'Try again' }).click();
    await banner.waitFor({ state: 'detached' });
    expect((await ask(port)).status).toBe(200);
  });

  it('[W72] hide the token until it is asked for, and replace it after a word', async () => {
    const { page } = opened;
    await theSwitch(page).click();
    const field = page.getByLabel('Token', { exact: true });
    await field.waitFor();
    const old = door.token();
    expect(await field.textContent()).toBe(`${'•'.repeat(12)}${old.slice(-4)}`);
    expect(await page.content()).not.toContain(old);
    await page.getByRole('button', { name: 'Show the token' }).click();
    await page.getByText(old).waitFor();
    const client = await connectSocket(`http://127.0.0.1:${port}`, '/ws/chat', { protocols: ['companion.v1', `bearer.${old}`] });
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    await page.getByText('Programs that use this one are disconnected').waitFor();
    await page.getByRole('button', { name: 'Replace the token' }).click();
    await page.getByText('One program was disconnected and needs the new one.').waitFor();
    expect((await client.closed).code).toBe(1008);
    await page.getByText(door.token()).waitFor();
    expect(door.token()).not.toBe(old);
    await page.getByRole('button', { name: 'Hide the token' }).click();
    expect(await page.content()).not.toContain(door.token());
  });

  it('[W73] let a page in by its address, and no longer', async () => {
    const { page } = opened;
    await theSwitch(page).click();
    await page.getByText('No program is connected.').waitFor();
    const status = async () => (await ask(port, { headers: { Origin: 'http://localhost:5173' } })).status;
    expect(await status()).toBe(403);
    await page.getByLabel('Add a web page').fill('no address at all');
    await page.keyboard.press('Enter');
    await page.getByText('That is no address of a web page').waitFor();
    await page.getByLabel('Add a web page').fill('localhost:5173/index.html');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take http://localhost:5173 off the list' }).waitFor();
    expect(await status()).toBe(200);
    await page.getByRole('switch', { name: 'Ask every program for the token' }).click();
    await expect.poll(status).toBe(200);
    expect((await ask(port, { path: '/api/characters' })).status).toBe(401);
    await page.getByRole('button', { name: 'Take http://localhost:5173 off the list' }).click();
    await expect.poll(status).toBe(403);
  });
});
