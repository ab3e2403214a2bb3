/** @file What the page of the desktop program may and may not do, tried in a real Electron. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allHeard, type Desktop, logged, openScreen, type Screen, startDesktop, whyNoDesktop } from '../kit/desktop.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { temporaryFolder } from '../kit/service.ts';

if (whyNoDesktop) console.warn(`SKIPPED: what the desktop page may do: ${whyNoDesktop}`);

const folder = temporaryFolder('desktop-locked');
let screen: Screen;
let ollama: ScriptedOllama;
let desktop: Desktop;

const preferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
};

describe.skipIf(whyNoDesktop !== undefined)(`what the desktop page may do${whyNoDesktop ? ` (skipped: ${whyNoDesktop})` : ''}`, () => {
  beforeAll(async () => {
    screen = await openScreen();
    ollama = await createScriptedOllama();
    desktop = await startDesktop({ screen, dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url } });
  });
  afterAll(async () => {
    await desktop?.app.close();
    await ollama?.close();
    screen?.close();
    folder.remove();
  });

  it('[K5] gives the page three functions and nothing of Node', async () => {
    const page = await desktop.page.evaluate(() => ({
      functions: Object.keys(window.companion ?? {}),
      node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].map((name) => typeof Reflect.get(globalThis, name)),
      origin: location.origin,
      secure: isSecureContext,
    }));
    expect(page.functions).toEqual(['send', 'subscribe', 'openLink']);
    expect(page.node).toEqual(Array(5).fill('undefined'));
    expect(page).toMatchObject({ origin: 'app://companion', secure: true });
  });

  it('[K5] runs every page sandboxed, in a context of its own', async () => {
    const found = await desktop.app.evaluate(({ webContents }, names) => {
      type Preferences = Record<string, unknown>;
      const all = webContents
        .getAllWebContents()
        .map((contents) => (contents as unknown as { getLastWebPreferences(): Preferences }).getLastWebPreferences());
      return all.map((each) => Object.fromEntries(names.map((name) => [name, each[name] ?? false])));
    }, Object.keys(preferences));
    expect(found).toEqual([preferences]);
  });

  it('[K8] loads nothing but the page’s own files', async () => {
    const got = await desktop.page.evaluate(async (other) => {
      const outcome = (work: () => Promise<unknown>) =>
        work().then(
          () => 'got through',
          () => 'blocked',
        );
      const element = (tag: string, fields: object) =>
        outcome(
          () =>
            new Promise((resolve, reject) => {
              const made = Object.assign(document.createElement(tag), { onload: resolve, onerror: reject }, fields);
              document.body.append(made);
              if (tag === 'iframe') queueMicrotask(reject);
            }),
        );
      return {
        fetch: await outcome(() => fetch(`${other}/probe-fetch`, { mode: 'no-cors' })),
        beacon: navigator.sendBeacon(`${other}/probe-beacon`) ? 'sent' : 'blocked',
        socket: await outcome(
          () =>
            new Promise((onopen, onerror) =>
              Object.assign(new WebSocket(`${other.replace('http', 'ws')}/probe-socket`), { onopen, onerror }),
            ),
        ),
        picture: await element('img', { src: `${other}/probe.png` }),
        data: await element('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=' }),
        script: await element('script', { src: `${other}/probe.js` }),
        style: await element('link', { rel: 'stylesheet', href: `${other}/probe.css` }),
        frame: await element('iframe', { src: `${other}/probe-frame` }),
        text: await outcome(async () => new Function('return 1')()),
        file: await outcome(() => fetch('file:///etc/passwd')),
        own: await outcome(() => fetch('/index.html').then((answer) => (answer.ok ? answer : Promise.reject(answer)))),
        outside: await fetch('/..%2f..%2fpackage.json').then(({ status }) => status),
        posted: await fetch('/index.html', { method: 'POST' }).then(({ status }) => status),
      };
    }, ollama.url);
    const { own, outside, posted, beacon: _beacon, ...blocked } = got;
    expect({ own, outside, posted }).toEqual({ own: 'got through', outside: 404, posted: 405 });
    expect(new Set(Object.values(blocked))).toEqual(new Set(['blocked']));
    expect(ollama.requests.filter(({ path }) => path.includes('probe'))).toEqual([]);
  });

  it.each([
    ['cancels what the policy of the page does not see', undefined, 'ERR_BLOCKED_BY_CLIENT'],
    ['finds no host even where nothing is cancelled', 'another-storage', 'ERR_NAME_NOT_RESOLVED'],
  ])('[K8] %s', async (_what, partition, reason) => {
    const outcome = await desktop.app.evaluate(
      async ({ BrowserWindow }, { address, storage }) => {
        const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, ...(storage ? { partition: storage } : {}) } });
        const end = await window.loadURL(address).then(() => 'got through', String);
        window.destroy();
        return end;
      },
      { address: `${ollama.url}/probe-window`, storage: partition ?? '' },
    );
    expect(outcome).toContain(reason);
    expect(ollama.requests.filter(({ path }) => path.includes('probe'))).toEqual([]);
  });

  it('[K6] stays where it is, whatever the page asks for', async () => {
    const { page, app } = desktop;
    const denied = logged(folder.path, 'navigation-denied');
    await page.evaluate((other) => {
      for (const address of [
        `${other}/probe-window`,
        'about:blank',
        'file:///etc/passwd',
        'app://companion/problem.html',
        'app://other/',
      ]) {
        window.open(address);
        for (const target of ['_blank', '_self', '_top']) Object.assign(document.createElement('a'), { href: address, target }).click();
        Object.assign(document.createElement('a'), { href: address, download: 'x' }).click();
      }
      document.body.append(document.createElement('webview'));
      location.href = `${other}/probe-navigation`;
    }, ollama.url);
    await expect.poll(() => logged(folder.path, 'navigation-denied')).toBeGreaterThan(denied);
    await allHeard(page);
    expect(page.url()).toBe('app://companion/');
    expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().map((contents) => contents.getType()))).toEqual([
      'window',
    ]);
    expect(ollama.requests.filter(({ path }) => path.includes('probe'))).toEqual([]);
  });

  it.each(['about:blank', 'https://', 'https://256.256.256.256/'])(
    '[K6] comes back from %s, which Chromium asks nobody about',
    async (address) => {
      const undone = logged(folder.path, 'navigation-undone');
      await desktop.page.evaluate(
        (there) => void setTimeout(() => Object.assign(document.createElement('a'), { href: there }).click()),
        address,
      );
      await expect.poll(() => logged(folder.path, 'navigation-undone')).toBeGreaterThan(undone);
      await desktop.page.waitForURL('app://companion/');
      await desktop.page.getByRole('textbox', { name: /^Write to/ }).waitFor();
    },
  );

  it('[K7] has one permission: to copy', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
    const got = await desktop.page.evaluate(async () => {
      const outcome = (work: () => Promise<unknown>) => work().then(String, () => 'denied');
      return {
        notifications: await outcome(() => Notification.requestPermission()),
        camera: await outcome(() => navigator.mediaDevices.getUserMedia({ video: true, audio: true })),
        place: await outcome(() => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
        screen: await outcome(() => navigator.mediaDevices.getDisplayMedia()),
        read: await outcome(() => navigator.clipboard.readText()),
        copy: await outcome(() => navigator.clipboard.writeText('copied')),
      };
    });
    const states = await desktop.page.evaluate(
      async (names) => {
        const all = names.map((name) => navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state));
        return Promise.all(all);
      },
      ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'clipboard-write'],
    );
    expect(states).toEqual([...Array(6).fill('denied'), 'granted']);
    const denied = ['notifications', 'camera', 'place', 'screen', 'read'];
    expect(got).toEqual({ ...Object.fromEntries(denied.map((what) => [what, 'denied'])), copy: 'undefined' });
    expect(await desktop.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('copied');
  });
});
