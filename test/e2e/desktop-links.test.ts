/** @file The ways out of the desktop window, and who is heard by the program, tried in a real Electron. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allHeard,
  type Desktop,
  logged,
  openScreen,
  type Screen,
  startDesktop,
  type Watched,
  watchLinks,
  whyNoDesktop,
} from '../kit/desktop.ts';
import { hostileAddresses } from '../kit/hostile-addresses.ts';
import { temporaryFolder } from '../kit/service.ts';

if (whyNoDesktop) console.warn(`SKIPPED: ways out of the desktop window: ${whyNoDesktop}`);

const folder = temporaryFolder('desktop-links');
let screen: Screen;
let desktop: Desktop;
let links: Watched;

const title = `the ways out of the desktop window${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`;
describe.skipIf(whyNoDesktop !== undefined)(title, () => {
  beforeAll(async () => {
    screen = await openScreen();
    // No conversation is held here: a model that is not there does.
    desktop = await startDesktop({ screen, dataFolder: folder.path, environment: { OLLAMA_BASE_URL: 'http://127.0.0.1:9' } });
    links = await watchLinks(desktop.app);
  });
  afterAll(async () => {
    await desktop?.app.close();
    screen?.close();
    folder.remove();
  });

  it('[K3] [K4] lets no hostile address ask, whichever way it takes', async () => {
    const ways = {
      bridge: (address: string) => window.companion?.openLink(address),
      window: (address: string) => {
        try {
          window.open(address);
        } catch (error) {
          // Chromium itself refuses what is no address at all.
          if (!(error instanceof DOMException)) throw error;
        }
      },
      tab: (address: string) => Object.assign(document.createElement('a'), { href: address, target: '_blank' }).click(),
      here: (address: string) => Object.assign(document.createElement('a'), { href: address }).click(),
    };
    const addresses = hostileAddresses.filter((address) => typeof address === 'string');
    // The page itself, and about:blank with what Chromium makes of it, are no way out; they are tried above.
    const isAddress = (address: string) => URL.canParse(address, 'app://companion/') && !address.startsWith('about:');
    const tried = addresses.filter((address) => address !== '' && address !== 'app://companion/' && isAddress(address));
    for (const way of Object.values(ways)) for (const address of tried) await desktop.page.evaluate(`(${way})(${JSON.stringify(address)})`);
    await allHeard(desktop.page);
    expect(await links.taken()).toEqual({ asked: [], opened: [] });
    expect(desktop.page.url()).toMatch(/^app:\/\/companion\//);
    console.info(`links: ${tried.length} hostile addresses × ${Object.keys(ways).length} ways, 0 asked, 0 opened`);
    expect(tried.length).toBeGreaterThanOrEqual(60);
  });

  it('[K4] opens a link after the person said so, and asks one question at a time', async () => {
    const ask = (...names: string[]) =>
      desktop.page.evaluate((all) => {
        for (const name of all) window.companion?.openLink(`https://${name}.example.org/x`);
      }, names);
    await ask('first', 'second');
    await allHeard(desktop.page);
    expect(await links.taken()).toEqual({ asked: ['Open first.example.org in your browser?'], opened: [] });
    await links.answer('stay');
    await ask('third');
    await allHeard(desktop.page);
    expect(await links.taken()).toEqual({ asked: ['Open third.example.org in your browser?'], opened: [] });
    await links.answer('open');
    await expect.poll(() => links.taken()).toEqual({ asked: [], opened: ['https://third.example.org/x'] });
  });

  it('[K1] hears neither another window nor a frame that is not the page, and answers none', async () => {
    const refused = () => logged(folder.path, 'page-message-refused');
    const before = refused();
    await desktop.app.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/out/preload/index.cjs`;
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await other.loadURL('app://companion/');
      await other.webContents.executeJavaScript('window.companion.openLink("https://example.org/x")');
      other.destroy();
    });
    // Its own page subscribed, too.
    await expect.poll(refused).toBeGreaterThanOrEqual(before + 2);

    const between = refused();
    const forged = await desktop.app.evaluate(({ BrowserWindow, ipcMain }) => {
      const [ours] = BrowserWindow.getAllWindows();
      if (!ours) throw new Error('There is no window.');
      const { mainFrame: top } = ours.webContents;
      const gone = {
        get origin(): string {
          throw new Error('Render frame was disposed before WebFrameMain could be accessed');
        },
      };
      const frames = [
        null,
        gone,
        { origin: top.origin, parent: top },
        { origin: 'null', parent: null },
        { origin: 'https://example.org', parent: null },
      ];
      for (const senderFrame of frames)
        ipcMain.emit('companion:open-link', { sender: ours.webContents, senderFrame }, 'https://example.org/y');
      return frames.length;
    });
    expect(refused()).toBe(between + forged);
    expect(await links.taken()).toEqual({ asked: [], opened: [] });
  });
});
